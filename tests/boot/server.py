# SPDX-License-Identifier: GPL-2.0-only
"""A machine to copy dumps to: an ssh server on this machine's loopback."""
import os
import pwd
import socket
import subprocess
import time

# Only the server sees another folder as the home of root.
START = r'''mount --bind "$1" "$2" && cd "$2" &&
exec dropbear -F -E -s -j -k -W 1048576 -r .ssh/host -P .ssh/pid \
        -p 127.0.0.1:"$3"'''


def make_keys(home):
    """Make the server's key and the one key that it accepts."""
    keys = home / '.ssh'
    keys.mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    subprocess.run(['dropbearkey', '-t', 'ed25519', '-f', keys / 'host'],
                   check=True, capture_output=True)
    subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '',
                    '-f', keys / 'id_ed25519'], check=True)
    (keys / 'id_ed25519.pub').rename(keys / 'authorized_keys')


def find_free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except OSError:
        return False


class Server:
    """The server, as a context manager; files arrive in its home."""

    def __init__(self, home):
        self.home, self.port = home, find_free_port()
        make_keys(home)
        self.key = home / '.ssh/id_ed25519'
        self.log = (home / 'log').open('w')

    def __enter__(self):
        place = pwd.getpwuid(os.getuid()).pw_dir
        self.dropbear = subprocess.Popen(
            ['setpriv', '--pdeathsig', 'KILL', 'unshare', '-m',
             'sh', '-c', START, 'sh', self.home, place, str(self.port)],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for _ in range(100):
            if answers(self.port):
                return self
            if self.dropbear.poll() is not None:
                break
            time.sleep(0.1)
        self.__exit__()
        raise OSError('no ssh server: ' + (self.home / 'log').read_text())

    def __exit__(self, *_):
        self.dropbear.kill()
        self.dropbear.wait()
        self.log.close()
