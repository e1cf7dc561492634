# SPDX-License-Identifier: GPL-2.0-only
"""Make the machine's disk: a root file system with kdump and an operator."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TREES = ROOT / 'build' / 'boot'
SIZE = 2 << 30


def run(*command):
    """Run a command; show its output if it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print(done.stdout.decode(errors='replace'), file=sys.stderr)
    done.check_returncode()


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def start_systemd(tree):
    copy(HERE / 'operator.service', tree / 'etc/systemd/system')
    run('chroot', tree, 'systemctl', 'enable', 'kdump', 'operator')


def start_sysvinit(tree):
    run('chroot', tree, 'update-rc.d', 'kdump', 'defaults')
    table = tree / 'etc/inittab'
    # There are no virtual terminals for a getty.
    lines = [line for line in table.read_text().splitlines()
             if 'getty' not in line]
    lines.append('op:2:once:/usr/local/sbin/operator')
    table.write_text('\n'.join(lines) + '\n')


def furnish(tree, init, tools, files, steps, key):
    """Install kdump and the operator in a root file system."""
    run('make', '-s', '-C', ROOT, 'install', f'DESTDIR={tree}')
    for name, text in files.items():
        (tree / name).write_text(text)
    copy(tools.image('system'), tree / 'boot/vmlinuz')
    copy(tools.programs / 'init', tree / 'usr/local/lib/kdump-steps')
    copy(HERE / 'operator', tree / 'usr/local/sbin')
    (tree / 'sbin/sulogin').unlink()
    (tree / 'sbin/sulogin').symlink_to('/usr/local/sbin/operator')
    for life, lines in steps.items():
        (tree / f'steps.{life}').write_text('\n'.join(lines) + '\n')
    copy(key, tree / 'root/.ssh/id_ed25519')
    start = {'systemd': start_systemd, 'sysvinit': start_sysvinit}
    start[init](tree)


def make(path, init, *contents):
    """Make a disk; contents are arguments of furnish()."""
    tree = path.with_name('tree')
    run('cp', '-a', TREES / init, tree)
    try:
        furnish(tree, init, *contents)
        with path.open('wb') as stream:
            stream.truncate(SIZE)
        run('mke2fs', '-q', '-F', '-t', 'ext4', '-d', tree, path)
    finally:
        shutil.rmtree(tree)


def fetch(path, name, target):
    """Copy a file from the disk of a machine that is switched off."""
    done = subprocess.run(['e2fsck', '-p', path], capture_output=True,
                          text=True)
    if done.returncode > 1:
        raise OSError(f'the file system is damaged: {done.stdout}')
    run('debugfs', '-R', f'dump {name} {target}', path)
