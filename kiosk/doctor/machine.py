"""What every station's computer needs to run the program, whatever its settings."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from kiosk.doctor.finding import Check, Finding, asked

_PROGRAM: Final = "littera-kiosk"
_OLDEST_PYTHON, _TOO_NEW_PYTHON = (3, 11), (3, 14)
_ASK_TIME_SERVICE: Final = ("timedatectl", "show", "-p", "NTPSynchronized", "--value")
_BROWSERS: Final = ("chromium", "chromium-browser")

_PYTHON = Check("python", "the program is written for these versions and tested with them")
_LIBRARIES = Check("libraries", "the program does not start without them")
_CLOCK = Check("clock", "due dates are counted from it")
_TIME_SERVICE = Check("time service", "a clock that drifts makes due dates and fees wrong")
_BROWSER = Check("browser", "it shows the screens; a station looked at from elsewhere needs none")
_FONTS = Check("fonts", "titles in scripts the screens bring no letters for would be boxes")


def examine_machine(now: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Check what every station needs, whatever its settings."""
    yield check_python(sys.version_info[:2])
    yield check_libraries()
    yield check_clock(now(), Path(__file__).stat().st_mtime)
    yield check_time_service(asked(*_ASK_TIME_SERVICE))
    yield check_browser(os.environ.get("PATH", os.defpath))
    yield check_fonts(asked("fc-list", ":lang=uk", "family"))


def check_python(version: tuple[int, int]) -> Finding:
    seen = ".".join(map(str, version))
    if _OLDEST_PYTHON <= version < _TOO_NEW_PYTHON:
        return _PYTHON.good(seen)
    return _PYTHON.failed(seen, "install Python 3.11, 3.12 or 3.13 and make .venv anew")


def check_libraries(program: str = _PROGRAM) -> Finding:
    """Check that every library the program was built with is there."""
    remedy = "install the package again, or make .venv anew: sh config/deploy/setup.sh demo"
    try:
        said = [Requirement(requirement) for requirement in metadata.requires(program) or ()]
    except metadata.PackageNotFoundError:
        return _LIBRARIES.failed(f"{program} itself is not installed", remedy)
    needed = [one.name for one in said if one.marker is None or one.marker.evaluate({"extra": ""})]
    missing = [name for name in needed if not _is_installed(name)]
    if missing:
        return _LIBRARIES.failed(f"missing: {', '.join(missing)}", remedy)
    return _LIBRARIES.good(f"{len(needed)} there")


def check_clock(now: float, installed_at: float) -> Finding:
    """A clock before the day the program was installed is wrong; due dates would be too."""
    seen = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC"
    if now < installed_at:
        remedy = "set it (timedatectl set-time) and have the battery of the mainboard changed"
        return _CLOCK.failed(f"{seen}, before the program was installed", remedy)
    return _CLOCK.good(seen)


def check_time_service(answer: str | None) -> Finding:
    """Check *answer*, what timedatectl says of NTPSynchronized; None where there is no such program."""
    remedy = "apt-get install systemd-timesyncd; timedatectl set-ntp true"
    if answer == "yes":
        return _TIME_SERVICE.good("keeps the clock")
    if not answer:
        return _TIME_SERVICE.worrying("nobody can say whether the clock is kept right", remedy)
    return _TIME_SERVICE.worrying("the clock is not being kept right", remedy)


def check_browser(path: str) -> Finding:
    """Check for the browser that shows the screens; a station controlled from elsewhere needs none."""
    found = next(filter(None, (shutil.which(name, path=path) for name in _BROWSERS)), None)
    if found:
        return _BROWSER.good(found)
    return _BROWSER.worrying("no Chromium here", "apt-get install --no-install-recommends chromium")


def check_fonts(families: str | None) -> Finding:
    """Check *families*, what fc-list says of fonts with Ukrainian letters; None where there is no such program."""
    if families:
        return _FONTS.good(f"{len(set(families.splitlines()))} families with Ukrainian letters")
    return _FONTS.worrying("no font with Ukrainian letters", "apt-get install --no-install-recommends fonts-noto-core")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
