// SPDX-License-Identifier: GPL-2.0-only
// What edits by name cannot say: expressions and parameters.

// The trace header no longer says that a crash image is loaded.
@@
expression yes, no;
@@
- kexec_crash_loaded() ? yes : no
+ no

// CPUs are stopped in one way.
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

// panic() has no choice to remember.
@@
identifier late;
@@
- bool late = crash_kexec_post_notifiers;
