"""The examination of a station: what it needs to run, checked one by one, each finding with how to mend it.

Looks and measures, changes nothing (a file of one block comes and goes beside the database). It opens the devices,
so it is for a station that is stopped; on a running one the devices say that they are in use.
"""

import os
import pwd
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from subprocess import DEVNULL, CalledProcessError, TimeoutExpired, check_output
from tempfile import TemporaryFile
from typing import Final, Protocol

from kiosk.devices import DeviceError, DeviceFacts

_PROGRAM: Final = "littera-kiosk"
_OLDEST_PYTHON, _TOO_NEW_PYTHON = (3, 11), (3, 14)
_ASK_TIME_SERVICE: Final = ("timedatectl", "show", "-p", "NTPSynchronized", "--value")
_SLOW_DISK: Final = 0.1
"""Seconds of one fsync: a stack of ten books waits for two."""
_LITTLE_ROOM, _NO_ROOM = 1 << 30, 200 << 20
_BROWSERS: Final = ("chromium", "chromium-browser")


class Level(StrEnum):
    GOOD = "good"
    WORRYING = "worrying"  # it runs; somebody should look
    FAILED = "failed"  # it does not run


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was seen, and what to do when that is not good."""

    check: str
    level: Level
    seen: str
    remedy: str = ""


class Device(Protocol):
    """What every device has in common."""

    def facts(self) -> DeviceFacts: ...

    def close(self) -> None: ...


def examine_machine(now: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Check what every station needs, whatever its settings."""
    yield check_python(sys.version_info[:2])
    yield check_libraries()
    yield check_clock(now(), Path(__file__).stat().st_mtime)
    yield check_time_service()
    yield check_browser(os.environ.get("PATH", os.defpath))


def check_python(version: tuple[int, int]) -> Finding:
    seen = ".".join(map(str, version))
    if _OLDEST_PYTHON <= version < _TOO_NEW_PYTHON:
        return Finding("python", Level.GOOD, seen)
    return Finding("python", Level.FAILED, seen, "install Python 3.11, 3.12 or 3.13 and make .venv anew")


def check_libraries(program: str = _PROGRAM) -> Finding:
    """Check that every library the program was built with is there."""
    remedy = "make .venv anew: sh config/deploy/setup.sh demo"
    try:
        needed = [_bare_name(requirement) for requirement in metadata.requires(program) or ()]
    except metadata.PackageNotFoundError:
        return Finding("libraries", Level.FAILED, f"{program} itself is not installed", remedy)
    missing = [name for name in needed if not _is_installed(name)]
    if missing:
        return Finding("libraries", Level.FAILED, f"missing: {', '.join(missing)}", remedy)
    return Finding("libraries", Level.GOOD, f"{len(needed)} there")


def check_clock(now: float, installed_at: float) -> Finding:
    """A clock before the day the program was installed is wrong; due dates would be too."""
    seen = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC"
    if now < installed_at:
        remedy = "set it (timedatectl set-time) and have the battery of the mainboard changed"
        return Finding("clock", Level.FAILED, f"{seen}, before the program was installed", remedy)
    return Finding("clock", Level.GOOD, seen)


def check_time_service() -> Finding:
    remedy = "apt-get install systemd-timesyncd; timedatectl set-ntp true"
    try:
        answer = check_output(_ASK_TIME_SERVICE, timeout=5, text=True, stderr=DEVNULL)  # noqa: S603 - fixed words
    except (OSError, CalledProcessError, TimeoutExpired):
        return Finding("time service", Level.WORRYING, "nobody can say whether the clock is kept right", remedy)
    if answer.strip() == "yes":
        return Finding("time service", Level.GOOD, "keeps the clock")
    return Finding("time service", Level.WORRYING, "the clock is not being kept right", remedy)


def check_browser(path: str) -> Finding:
    """Check for the browser that shows the screens; a station controlled from elsewhere needs none."""
    found = next(filter(None, (shutil.which(name, path=path) for name in _BROWSERS)), None)
    if found:
        return Finding("browser", Level.GOOD, found)
    return Finding("browser", Level.WORRYING, "no Chromium here", "apt-get install --no-install-recommends chromium")


def examine_store(database: Path) -> Iterator[Finding]:
    """Check the place of the station's database: may it be written, how fast, and how much room is left."""
    folder = database.parent
    writable = _check_writable(database)
    yield writable
    if writable.level is not Level.FAILED:
        yield check_room(shutil.disk_usage(folder).free)
        yield check_disk_speed(lambda: _measure_fsync(folder))


def check_disk_speed(measure: Callable[[], float]) -> Finding:
    """Check how long a patron waits for the disk; *measure* gives the seconds until one block is safe."""
    try:
        seconds = measure()
    except OSError as err:
        return Finding("disk speed", Level.FAILED, f"no block can be written: {err.strerror}", "make room on the disk")
    seen = f"one block is safe after {seconds * 1000:.1f} ms"
    if seconds <= _SLOW_DISK:
        return Finding("disk speed", Level.GOOD, seen)
    return Finding("disk speed", Level.WORRYING, seen, "patrons wait for it: use an SSD, not a memory card")


def check_room(free: int) -> Finding:
    seen = f"{free / (1 << 30):.1f} GB free"
    if free >= _LITTLE_ROOM:
        return Finding("disk room", Level.GOOD, seen)
    remedy = "delete what does not belong to the station; journalctl --vacuum-size=200M"
    return Finding("disk room", Level.FAILED if free < _NO_ROOM else Level.WORRYING, seen, remedy)


def check_port(check: str, port: str) -> Finding | None:
    """Check that *port* is there and may be used; None for what is no path (a network address)."""
    path = Path(port)
    if not path.is_absolute():
        return None
    if not path.exists():
        remedy = "plug the device in and switch it on; `kiosk devices list` shows the ports there are"
        return Finding(f"{check} port", Level.FAILED, f"{port} is not there", remedy)
    if not os.access(path, os.R_OK | os.W_OK):
        remedy = f"add this account to its group: usermod -aG {_group(path)} {_account()}, then log in again"
        return Finding(f"{check} port", Level.FAILED, f"{port} is not for this account", remedy)
    return Finding(f"{check} port", Level.GOOD, port)


def check_device(check: str, open_device: Callable[[], Device]) -> Finding:
    """Open a device, let it say what it is, close it."""
    try:
        device = open_device()
    except (DeviceError, ValueError) as err:
        remedy = f"see docs/devices; if the station is running, it holds the {check}: stop it first"
        return Finding(check, Level.FAILED, str(err), remedy)
    try:
        facts = device.facts()
    finally:
        device.close()
    return Finding(check, Level.GOOD, " ".join(filter(None, (facts.model, facts.firmware, facts.port))))


def _check_writable(database: Path) -> Finding:
    folder = database.parent
    if not folder.is_dir():
        return Finding("database", Level.FAILED, f"{folder} is not there", f"mkdir -p {folder}")
    for path in (folder, database):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            remedy = f"give it to this account: chown -R {_account()} {folder}"
            return Finding("database", Level.FAILED, f"{path} cannot be written", remedy)
    return Finding("database", Level.GOOD, str(database) if database.exists() else f"{database}, not made yet")


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


def _bare_name(requirement: str) -> str:
    """Cut `waitress<4,>=3.0.2` down to `waitress`."""
    return next(requirement[:at] for at in range(1, len(requirement) + 1) if _ends_name(requirement, at))


def _ends_name(requirement: str, at: int) -> bool:
    return at == len(requirement) or not (requirement[at].isalnum() or requirement[at] in "._-")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _account() -> str:
    """Name this account; one made by systemd for a service may have a number only."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _group(path: Path) -> str:
    try:
        return path.group()
    except KeyError:
        return str(path.stat().st_gid)
