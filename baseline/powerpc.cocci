// SPDX-License-Identifier: GPL-2.0-only
//
// Baseline, arch/powerpc: what inside-powerpc.txt cannot say, because an
// argument, a declarator or a name changes and the rest stays.

// LOAD: an image is always the regular one.
@@
expression image, e;
@@
- (e || image->type == KEXEC_TYPE_CRASH)
+ e

// LOAD: the device tree of a crash image needs no room.
@@
@@
- kexec_extra_fdt_size_ppc64(...)
+ 0

@@
@@
- struct crash_mem *umem = NULL;
  ... when any
- kfree(umem);

// RESERVE: the function keeps its other half, the memory limit.
@@
@@
- export_crashk_values
+ export_memory_limit
  (struct device_node *node) { ... }

@@
expression node;
@@
- export_crashk_values
+ export_memory_limit
  (node);

// CRASH: no CPU is the crashing one.
@@
identifier cpu;
expression sibling, e1, e2;
statement s1, s2;
@@
- if (cpu == crashing_cpu && ...) s1 else if (sibling != crashing_cpu && e1 && e2) s2
+ if (e1 && e2) s2

// CRASH: registering a handler cannot fail any more.
@ptcal@
expression r;
@@
- r = crash_shutdown_register(&cbe_ptcal_crash_shutdown);
- if (r)
-  goto out2;

@depends on ptcal@
@@
- out2:
- unregister_reboot_notifier(...);
