// SPDX-License-Identifier: GPL-2.0-only

@@
expression flags, other;
statement S;
@@
- if ((flags & KEXEC_ON_CRASH) && other) S

@@
expression flags;
@@
- flags & (KEXEC_ON_CRASH | KEXEC_PRESERVE_CONTEXT)
+ flags & KEXEC_PRESERVE_CONTEXT
