"""Puts a version to work: laid out and tried beside the running one, then exchanged for it with one rename.

The program's home (`/opt/littera`) is a link to the folder of the version at work. Up to the rename nothing of the
running version has changed; after it either the new one says that it is up, or link and ledger are as they were. No
book can be lent between the two: the station stands still from the copy of its ledger to the word that it is up.
"""

import filecmp
import logging
import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from kiosk.releases.making import LIBRARIES
from kiosk.releases.package import Package, unpack
from kiosk.sync.whole_files import write_whole

log = logging.getLogger(__name__)

PRISTINE = ".config-as-released"
"""The folder of a version with its settings as they came, to tell what was changed here."""
SET_UP_WITHIN = 900.0
CHECKED_WITHIN = 120.0


class InstallFailed(Exception):
    """The new version is not at work; the message says what went wrong. The old one is, as before."""


class Service(Protocol):
    """The station as the computer runs it."""

    def stop(self) -> None: ...

    def start(self) -> None:
        """Start it and wait until it says that it is up. Raises: InstallFailed."""
        ...


class Installer:
    """*home* is the link to the version at work, *ledger* the station's own database."""

    def __init__(self, home: Path, ledger: Path, service: Service) -> None:
        self._home, self._ledger, self._service = home, ledger, service
        self._kept = ledger.with_name(f"{ledger.name}.before-update")
        self._before = ledger.with_name(f"{ledger.name}.version-before")

    def install(self, package: Package) -> None:
        """Put a proven package to work, or finish what a power cut broke off. Raises: InstallFailed, ReleaseRefused,
        OSError.
        """
        fresh = self._fresh(package)
        if fresh != self._home.resolve():
            self._lay_out(package, fresh)
            log.info("version %s is laid out and tried; the station is exchanged", package.facts.version)
            self._exchange(fresh)
        self._settle(package.facts.version)

    def replace(self, package: Package) -> None:
        """Lay a version out and turn the link to it where no station is at work. Raises: as `install`."""
        fresh = self._fresh(package)
        if fresh != self._home.resolve():
            self._lay_out(package, fresh)
            _point(self._home, fresh)

    def _fresh(self, package: Package) -> Path:
        """Name the folder of a version. Raises: InstallFailed - the home is no link that could be turned."""
        if not self._home.is_symlink():
            moved = f"{self._home}-first"
            raise InstallFailed(f"{self._home} is no link: mv {self._home} {moved} && ln -s {moved} {self._home}")
        return self._home.with_name(f"{self._home.name}-{package.facts.version}")

    def _lay_out(self, package: Package, fresh: Path) -> None:
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o755)
        with package.tree() as packed:
            unpack(packed, fresh)
        self._carry_settings(fresh)
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(fresh / LIBRARIES)}
        _run(["sh", "config/deploy/setup.sh", "station"], fresh, SET_UP_WITHIN, offline)
        _run([str(fresh / ".venv/bin/kiosk"), "config", "check"], fresh, CHECKED_WITHIN, {})

    def _carry_settings(self, fresh: Path) -> None:
        """Take along what was changed in the settings here, against how this version's came."""
        shutil.copytree(fresh / "config", fresh / PRISTINE)
        old, came = self._home.resolve() / "config", self._home.resolve() / PRISTINE
        if not came.is_dir():
            raise InstallFailed(f"nobody can tell what was changed in {old}: if nothing was, cp -r {old} {came}")
        for path in _files(old):
            known = came / path
            if not (known.is_file() and filecmp.cmp(old / path, known, shallow=False)):
                log.info("the settings in %s were changed here, and are taken along", path)
                (fresh / "config" / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(old / path, fresh / "config" / path)

    def _exchange(self, fresh: Path) -> None:
        self._service.stop()
        try:
            _copy(self._ledger, self._kept)
            write_whole(self._before, self._home.resolve().name.encode())
            _point(self._home, fresh)
        except (OSError, sqlite3.Error) as error:
            self._service.start()
            raise InstallFailed(f"the exchange could not begin: {error}") from error

    def _settle(self, version: str) -> None:
        """Start the new version; where it does not come up, go back to what was there before."""
        try:
            self._service.start()
        except InstallFailed as error:
            self._go_back(version, error)
        self._before.unlink(missing_ok=True)

    def _go_back(self, version: str, why: InstallFailed) -> None:
        self._service.stop()
        if not self._before.exists() or _grown(self._kept, self._ledger):
            raise InstallFailed(f"{version} worked and does not come up any more; loans are in its ledger: {why}")
        before = self._home.with_name(self._before.read_text())
        _put_back(self._kept, self._ledger)
        _point(self._home, before)
        self._before.unlink()
        self._service.start()
        raise InstallFailed(f"{version} did not come up; {before.name} is at work again: {why}") from why


def _files(folder: Path) -> Iterator[Path]:
    return (path.relative_to(folder) for path in sorted(folder.rglob("*.toml")) if path.is_file())


def _point(link: Path, target: Path) -> None:
    """Turn a link round in one step: a power cut leaves the old target or the new one."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(link)
    folder = os.open(link.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(ledger: Path, kept: Path) -> None:
    kept.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as read, closing(sqlite3.connect(kept)) as write:
        read.backup(write)
    owner = ledger.stat()
    kept.chmod(stat.S_IMODE(owner.st_mode))
    os.chown(kept, owner.st_uid, owner.st_gid)


def _grown(kept: Path, ledger: Path) -> bool:
    """Whether something was decided since the copy; also where that cannot be told."""
    ends = []
    for path in (kept, ledger):
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as read:
                ends.append(read.execute("SELECT coalesce(max(position), 0) FROM journal").fetchone()[0])
        except sqlite3.Error:
            return True
    return int(ends[1]) > int(ends[0])


def _put_back(kept: Path, ledger: Path) -> None:
    """Lay the copy in the ledger's place. The copy stays until all is done: a power cut finds it and begins anew."""
    fresh = ledger.with_name(f".{ledger.name}.back")
    _copy(kept, fresh)
    for leftover in ("-wal", "-shm"):
        ledger.with_name(ledger.name + leftover).unlink(missing_ok=True)
    fresh.replace(ledger)


def _run(command: list[str], where: Path, within: float, more: dict[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a proven tree's own program
            command, cwd=where, env=os.environ | more, capture_output=True, text=True, check=False, timeout=within
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallFailed(f"{command[0]}: {error}") from error
    if done.returncode:
        raise InstallFailed(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-2000:]}")
