"""Run a command with the network cut and the checkout read-only: `python tests/offline.py COMMAND...`.

Linux namespaces do both. Where they are refused, a guard in every Python process that is started refuses
all connections but those to 127.0.0.1 (Jupyter's own), and the checkout stays writable.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUARD = Path(__file__).resolve().parent / "offline_guard"
NAMESPACE = ["unshare", "--map-root-user", "--net", "--mount"]
SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP | IFF_RUNNING


def has_namespaces():
    """Whether this machine lets us make network and mount namespaces."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


def offline_command(command):
    """The command and the environment variables that run `command` offline."""
    if has_namespaces():
        return [*NAMESPACE, sys.executable, __file__, "--inside", *command], {}
    paths = [str(GUARD), os.environ.get("PYTHONPATH", "")]
    return list(command), {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def enter(command):
    """Inside the namespaces: bring the loopback interface up, remount the checkout, run the command."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))
    subprocess.run(["mount", "--bind", ROOT, ROOT], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", ROOT], check=True)
    os.chdir(ROOT)  # the old working folder is below the new mount
    os.execvp(command[0], command)


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        enter(sys.argv[2:])
    arguments, environment = offline_command(sys.argv[1:])
    os.execvpe(arguments[0], arguments, {**os.environ, **environment})
