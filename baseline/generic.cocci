// SPDX-License-Identifier: GPL-2.0-only
// Changes to expressions and parameters, which the lists cannot name.

// The header of a stack dump no longer shows whether a crash image is loaded.
@@
expression yes, no;
@@
- kexec_crash_loaded() ? yes : no
+ no

// There is only one way to stop the other CPUs.
@@
typedef bool;
identifier how;
@@
 void panic_other_cpus_shutdown(
- bool how
+ void
 )
 { ... }

@@
expression how;
@@
 panic_other_cpus_shutdown(
- how
 )

// panic() no longer stores when to start the crash image.
@@
identifier late;
@@
- bool late = crash_kexec_post_notifiers;
