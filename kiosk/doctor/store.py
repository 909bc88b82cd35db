"""The place of the station's ledger: may it be written, will it be there tomorrow, how fast, how much room is left."""

import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from kiosk.doctor.accounts import account_in_question, may_use
from kiosk.doctor.finding import Check, Finding, Level

_SLOW_DISK: Final = 0.1
"""Seconds of one fsync: a stack of ten books waits for two."""
_LITTLE_ROOM, _NO_ROOM = 1 << 30, 200 << 20
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs", "zram"})
_NOT_DURABLE: Final = frozenset({"vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "nfs", "nfs4", "cifs", "smb3", "9p"})
_MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")

_DATABASE = Check("database", "no loan can be written down without it")
_DISK = Check("disk", "a lent book that is forgotten in a power cut is lost")
_DISK_ROOM = Check("disk room", "a full disk closes the station")
_DISK_SPEED = Check("disk speed", "patrons wait for it with every book")
_SECRETS = Check("secrets", "whoever reads the station's key can speak for it at the centre")


def examine_store(database: Path) -> Iterator[Finding]:
    """Check the place of the station's database. A file of one block comes and goes beside it."""
    folder = database.parent
    writable = _check_writable(database)
    yield writable
    if folder.is_dir():
        yield check_durable(folder, _MOUNTS.read_text(encoding="utf-8") if _MOUNTS.exists() else "")
        yield check_secrets(database)
    if writable.level is not Level.FAILED:
        yield check_room(shutil.disk_usage(folder).free)
        yield check_disk_speed(lambda: _measure_fsync(folder))


def check_durable(folder: Path, mounts: str) -> Finding:
    """Check what the ledger lies on; *mounts* is /proc/self/mountinfo (proc(5))."""
    mount = mount_of(folder.resolve(), mounts)
    if mount is None:
        return _DISK.worrying(f"nobody can say what {folder} lies on", "look yourself: findmnt -T " + str(folder))
    kind, source, options = mount
    move = f"put {folder} on a disk with ext4, xfs or btrfs"
    if kind in _IN_MEMORY:
        return _DISK.failed(f"{folder} lies in memory ({kind}): it is gone with the power", move)
    if kind in _NOT_DURABLE:
        return _DISK.failed(f"{folder} lies on {kind}, which does not keep what it was given in a power cut", move)
    if options & {"nobarrier", "barrier=0"}:
        return _DISK.failed(f"{source} is mounted without barriers", "remove nobarrier and barrier=0 from /etc/fstab")
    if source.startswith("/dev/mmcblk"):
        return _DISK.worrying(f"{folder} lies on a memory card ({source})", f"{move}: cards wear out and lie about it")
    if kind == "overlay":
        return _DISK.worrying(f"{folder} lies on an overlay: what is written may be gone with a restart", move)
    return _DISK.good(f"{kind} on {source}")


def mount_of(folder: Path, mounts: str) -> tuple[str, str, frozenset[str]] | None:
    """Find the file system, the source and the options of the mount *folder* is in; None when there is none."""
    best, found = -1, None
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(_ESCAPE.sub(lambda code: chr(int(code[1], 8)), before.split()[4]))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            kind, source, options = after.split()[:3]
            best, found = len(point.parts), (kind, source, frozenset(f"{before.split()[5]},{options}".split(",")))
    return found


def check_secrets(database: Path) -> Finding:
    """Check that nobody but the station's account reads its keys and its console's password."""
    names = (".key", ".key.receipts", ".key.identity", ".console")
    files = [database.with_name(database.name + name) for name in names]
    there = [path for path in files if path.exists()]
    open_ones = [path for path in there if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_ones:
        paths = " ".join(map(str, open_ones))
        return _SECRETS.failed(f"others may read {paths}", f"chmod 600 {paths}")
    return _SECRETS.good(f"{len(there)} files, for the station alone")


def check_disk_speed(measure: Callable[[], float]) -> Finding:
    """Check how long a patron waits for the disk; *measure* gives the seconds until one block is safe."""
    try:
        seconds = measure()
    except OSError as err:
        return _DISK_SPEED.failed(f"no block can be written: {err.strerror}", "make room on the disk")
    seen = f"one block is safe after {seconds * 1000:.1f} ms"
    if seconds <= _SLOW_DISK:
        return _DISK_SPEED.good(seen)
    return _DISK_SPEED.worrying(seen, "patrons wait for it: use an SSD, not a memory card")


def check_room(free: int) -> Finding:
    seen = f"{free / (1 << 30):.1f} GB free"
    if free >= _LITTLE_ROOM:
        return _DISK_ROOM.good(seen)
    remedy = "delete what does not belong to the station; journalctl --vacuum-size=200M"
    return _DISK_ROOM.failed(seen, remedy) if free < _NO_ROOM else _DISK_ROOM.worrying(seen, remedy)


def _check_writable(database: Path) -> Finding:
    folder, account = database.parent, account_in_question()
    if not folder.is_dir():
        return _DATABASE.failed(f"{folder} is not there", f"mkdir -p {folder}")
    for path in (folder, database):
        if path.exists() and not may_use(path, account):
            return _DATABASE.failed(f"{path} cannot be written", f"give it to {account}: chown -R {account} {folder}")
    return _DATABASE.good(str(database) if database.exists() else f"{database}, not made yet")


def _measure_fsync(folder: Path) -> float:
    """Seconds until one block is safe on the disk: the middle one of five."""
    times = []
    with TemporaryFile(dir=folder) as file:
        for _ in range(5):
            begin = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begin)
    return sorted(times)[2]
