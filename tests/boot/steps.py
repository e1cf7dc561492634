# SPDX-License-Identifier: GPL-2.0-only
"""The operator's steps in each life of a machine, and the configuration there.

The lines are steps of tests/guest/init.c.
"""

CONFIG = '''KERNEL=/boot/vmlinuz
INITRD=
APPEND="single nr_cpus=1"
OPTIONS=--reuse-cmdline
'''
BAD_CONFIG = CONFIG.replace('vmlinuz', 'none')
LOCKED = {'etc/sysctl.d/kexec.conf': 'kernel.kexec_load_disabled = 1\n'}
NO_KERNEL = 'cannot open the capture kernel /boot/none'
NO_MEMORY = 'no memory is reserved for a crash kernel'
# Where cp saves the dump in the guest, and how scp copies it to the host. The
# cipher is the fastest one under QEMU.
SAVED = '/var/tmp/vmcore'
SCP = ('scp -q -c aes128-ctr -P {port} -o StrictHostKeyChecking=accept-new '
       '/proc/vmcore root@10.0.2.2:vmcore')
DISABLED = '/proc/sys/kernel/kexec_load_disabled'
SHUT_DOWN = ['tell over true', 'run poweroff', 'leave']


def files(config):
    """Return the files of a machine: {path: text}."""
    return {'etc/default/kdump': config}


class Operator:
    """The operator of a machine with one of the two init systems."""

    def __init__(self, init):
        systemd = init == 'systemd'
        self.failed = 'failed' if systemd else 'kdump: failed'
        self.inactive = 'inactive' if systemd else 'not armed'
        self.single = 'systemctl is-active rescue.target' if systemd \
            else 'test "$(runlevel)" = "N S"'
        self.log = 'journalctl -u kdump' if systemd else 'kdump start 2>&1'

    def fails(self, action, why):
        """The service fails, and its log says why."""
        return [f'refused {self.failed} | service kdump {action}',
                f'run {self.log} | grep "{why}"']

    def crash(self, token):
        """The machine has armed itself: disarm, arm, arm again, crash."""
        return ['run service kdump status', 'run kdump status',
                'run service kdump stop', 'refused not armed | kdump status',
                'run service kdump start', 'run kdump status',
                'run sed -i.good s/vmlinuz/none/ /etc/default/kdump',
                *self.fails('reload', NO_KERNEL), 'run kdump status',
                *self.fails('restart', NO_KERNEL), 'run kdump status',
                'run mv /etc/default/kdump.good /etc/default/kdump; sync',
                'run service kdump restart', 'run service kdump status',
                'run kdump status',
                'fill 30', f'plant {token}', 'iomem', 'ready crash',
                'crash sysrq 1']

    def save_single(self):
        """The capture kernel, in single-user mode."""
        return [f'run {self.single}',
                'run kdump start', 'refused capture kernel | kdump status',
                'tell size stat -c %s /proc/vmcore',
                f'run cp /proc/vmcore {SAVED} && sync', 'leave']

    def save_network(self, port):
        """The capture kernel, with everything started."""
        return ['run test $(cat /sys/kernel/kexec_crash_loaded) = 0',
                f'refused {self.inactive} | service kdump status',
                'run ' + SCP.format(port=port), 'pass']

    def unreserved(self):
        """A machine without a reservation is up, and shuts down."""
        return ['refused not armed | kdump status',
                *self.fails('start', NO_MEMORY), *SHUT_DOWN]

    def misconfigured(self):
        """A machine without a capture kernel is up, is armed by hand, and shuts
        down."""
        return ['refused not armed | kdump status',
                *self.fails('start', NO_KERNEL),
                'run sed -i s/none/vmlinuz/ /etc/default/kdump',
                'run service kdump start', 'run kdump status',
                f'run grep 0 {DISABLED}',
                'run echo LOCK=yes >> /etc/default/kdump',
                'run service kdump restart', f'run grep 1 {DISABLED}',
                'refused turned off until the next boot | kdump stop',
                'run kdump status', *SHUT_DOWN]

    def locked(self):
        """A machine whose /etc/sysctl.d disables kexec arms itself before."""
        return [f'run grep 1 {DISABLED}', 'run kdump status',
                'refused turned off until the next boot | kdump start',
                'run kdump status', *SHUT_DOWN]
