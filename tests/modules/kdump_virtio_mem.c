// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: virtio-mem.
 *
 * The driver of the tree as a module of its own. A kernel that is configured with
 * it cannot have /dev/mem without restrictions, which other tests need.
 */
#include <virtio_mem.c>
