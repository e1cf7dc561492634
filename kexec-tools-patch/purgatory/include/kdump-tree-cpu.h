/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: the device tree must name the CPU that starts the capture kernel. */
#ifndef KDUMP_TREE_CPU_H
#define KDUMP_TREE_CPU_H

#include <stdbool.h>
#include <stdint.h>

/* The hardware number of this CPU; purgatory stores it when it begins. */
extern uint64_t kdump_cpu;

/*
 * Make the flattened device tree @tree name the CPU with the hardware number
 * @cpu.  If it does not yet, the first core in the tree gets the numbers of the
 * core of @cpu.  The tree keeps its size.  Returns false if there is no core.
 */
bool kdump_tree_name_cpu(void *tree, uint32_t cpu);

#endif /* KDUMP_TREE_CPU_H */
