"""A Debian computer of its own for tests: this one's files below, whatever is changed on top and gone afterwards.

A mount namespace with an overlay of `/`: dpkg, systemd-sysusers, deb-systemd-helper and the package's scripts are the
real ones and change nothing here. No systemd runs in it, as in an installer's chroot.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MOUNT = """
set -e
mount -t tmpfs none "$1"
mkdir "$1/top" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/top,workdir=$1/work" "$1/root"
mount -t proc none "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount -t tmpfs none "$1/root/run"
mount -t tmpfs none "$1/root/tmp"
echo ready
exec cat
"""
_CALM = {"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


class Computer:
    """Runs commands on the other computer; *root* is its file system as seen from there."""

    def __init__(self, namespace: int, root: Path) -> None:
        self._enter = ("nsenter", "-t", str(namespace), "-m", "chroot", str(root))
        self._seen = Path(f"/proc/{namespace}/root{root}")

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = _CALM | more
        return subprocess.run([*self._enter, *command], env=env, capture_output=True, text=True, check=False)

    def sh(self, script: str) -> str:
        """Run a script that must succeed."""
        done = self.run("sh", "-ec", script)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def path(self, place: str) -> Path:
        """Say where a file of it is to be found from here. Absolute links lead astray: ask `sh` for those."""
        return self._seen / place.lstrip("/")

    def bring(self, file: Path) -> str:
        shutil.copy(file, self.path("/tmp") / file.name)
        return f"/tmp/{file.name}"

    def install(self, package: Path, station: str = "later") -> subprocess.CompletedProcess[str]:
        """Install a package and answer its question."""
        self.sh(f"echo 'littera-kiosk littera-kiosk/station select {station}' | debconf-set-selections")
        forced = (
            "--force-depends",
            "--force-confold",
            "--force-unsafe-io",
            "--no-triggers",
        )  # nobody reads its manuals
        done = self.run("dpkg", *forced, "-i", self.bring(package))
        assert done.returncode == 0, done.stderr + done.stdout
        return done


@contextmanager
def another_computer(folder: Path) -> Iterator[Computer]:
    """Make one; skips the test where this account may not (no root), or where the kernel has no overlays."""
    if os.geteuid() != 0:
        pytest.skip("another computer to install on needs mount namespaces: run as root")
    for program in ("systemd-sysusers", "systemd-analyze", "udevadm"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here to look at the package with: apt-get install systemd udev")
    folder.mkdir(exist_ok=True)
    holder = subprocess.Popen(
        ["unshare", "-m", "--propagation", "private", "sh", "-c", _MOUNT, "sh", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if holder.stdout.readline() != "ready\n":
            pytest.skip("this kernel lets no overlay be mounted here")
        yield Computer(holder.pid, folder / "root")
    finally:
        holder.stdin.close()
        holder.stdout.close()
        holder.wait()
