# SPDX-License-Identifier: GPL-2.0-only
# kexec -p at boot: installing it, and its test in a Debian root file system.

.PHONY: install boot

CHECKS += boot

install: kexec ## kexec and its boot scripts to DESTDIR/usr/local and DESTDIR/etc
	@mkdir -p $(DESTDIR)/usr/local $(DESTDIR)/etc
	@cd $(OUT)/kexec && cp -r sbin lib share $(DESTDIR)/usr/local/
	@cd $(OUT)/kexec && cp -rn etc $(DESTDIR)/

boot: guest kexec ## a Debian with systemd that arms itself
	@tests/boot/rootfs build/boot
	@tests/boot/run systemd
