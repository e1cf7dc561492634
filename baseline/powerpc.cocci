// SPDX-License-Identifier: GPL-2.0-only
//
// Changes to an argument, a declarator or a name in arch/powerpc, which
// inside-powerpc.txt cannot name because the rest of the statement stays.

// LOAD: every image is a regular one.
@@
expression image, e;
@@
- (e || image->type == KEXEC_TYPE_CRASH)
+ e

// LOAD: there is no crash image whose device tree needs extra space.
@@
@@
- kexec_extra_fdt_size_ppc64(...)
+ 0

@@
@@
- struct crash_mem *umem = NULL;
  ... when any
- kfree(umem);

// RESERVE: of this function only the memory limit remains, so rename it.
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

// CRASH: there is no crashing CPU.
@@
identifier cpu;
expression sibling, e1, e2;
statement s1, s2;
@@
- if (cpu == crashing_cpu && ...) s1 else if (sibling != crashing_cpu && e1 && e2) s2
+ if (e1 && e2) s2

// CRASH: no handler is registered, so nothing can fail.
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
