# SPDX-License-Identifier: GPL-2.0-only
# kexec -p at boot: installing it, and its test in a Debian root file system.

.PHONY: install boot

CHECKS += boot

install: kexec ## kexec and its boot scripts to DESTDIR/usr/local and DESTDIR/etc
	@mkdir -p $(DESTDIR)/usr/local $(DESTDIR)/etc
	@cd $(OUT)/kexec && cp -r sbin lib share $(DESTDIR)/usr/local/
	@cd $(OUT)/kexec && cp -rn etc $(DESTDIR)/

boot: guest kexec ## a Debian that arms itself, with systemd and with SysV init
	@tests/boot/rootfs build/boot
	@tests/boot/run
