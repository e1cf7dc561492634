# SPDX-License-Identifier: GPL-2.0-only
# kexec -p at boot.

.PHONY: install

install: kexec ## kexec and its boot scripts to DESTDIR/usr/local and DESTDIR/etc
	@mkdir -p $(DESTDIR)/usr/local $(DESTDIR)/etc
	@cd build/x86_64/kexec && cp -r sbin lib share $(DESTDIR)/usr/local/
	@cd build/x86_64/kexec && cp -rn etc $(DESTDIR)/
