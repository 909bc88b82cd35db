"""Fetches a snapshot part by part into a folder, checks each by its checksum, and has it taken in.

Whatever breaks off (line, power, program) goes on where it was: bytes that are there are not fetched again, lines that
were taken in are not taken in again.
"""

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import zstandard
from pydantic import ValidationError

from kiosk.store.engine import Store
from kiosk.store.replica.apply import Change
from kiosk.store.replica.centres import meet
from kiosk.store.replica.rows import Malformed
from kiosk.store.replica.snapshot import SnapshotIntake
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.errors import CentreSilent, CursorGone, Poisoned
from kiosk.sync.line import Line
from kiosk.sync.weather import Weather
from kiosk.sync.whole_files import write_whole
from kiosk.wire.messages import SnapshotManifest, SnapshotPart

log = logging.getLogger(__name__)

STEP_S = 0.02
"""How long one step of the intake should hold the database."""
REST_S = 0.004
"""How long it is let alone after each step: whoever waits to decide gets in."""
_FEWEST, _MOST = 50, 4000
_MANIFEST = "manifest.json"


class SnapshotFetch:
    """Takes in whole states. For one thread; *folder* is its own."""

    def __init__(
        self, store: Store, line: Line, clock: CentreClock, folder: Path, beat: Callable[[], None] = lambda: None
    ) -> None:
        """*beat* is called again and again meanwhile: over a thin line this takes hours, and is no silence."""
        self._store = store
        self._line = line
        self._clock = clock
        self._folder = folder
        self._beat = beat
        self._step = 500

    def take_in(self, weather: Weather) -> None:
        """Fetch a snapshot, or the rest of one, and take it in. Raises: SyncError, StoreError, Malformed."""
        manifest = self._begun() or self._begin()
        if meet(self._store, manifest.incarnation):
            weather.clear_up()  # another centre: it has to be told what it lacks
        log.info("taking in snapshot %s: %d parts", manifest.id, len(manifest.parts))
        intake = SnapshotIntake(self._store, manifest, self._clock.now)
        try:
            for part in manifest.parts[intake.progress.parts :]:
                self._lay_down(intake, self._fetch(manifest, part), weather)
        except (CursorGone, Poisoned, Malformed):
            self._forget()  # gone at the centre, or not to be kept: the next try begins another
            raise
        arrived = intake.finish()
        self._forget()
        log.info("snapshot %s is taken in%s", manifest.id, "" if arrived else ", and another centre answers by now")

    def _begun(self) -> SnapshotManifest | None:
        """Find the snapshot that was broken off."""
        try:
            return SnapshotManifest.model_validate_json((self._folder / _MANIFEST).read_bytes())
        except (OSError, ValidationError):
            return None

    def _begin(self) -> SnapshotManifest:
        self._forget()
        manifest = self._line.snapshot()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._folder / _MANIFEST, manifest.model_dump_json().encode())
        except OSError as error:
            raise CentreSilent(f"a snapshot cannot be kept in {self._folder}: {error.strerror}") from error
        return manifest

    def _forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fetch(self, manifest: SnapshotManifest, part: SnapshotPart) -> Path:
        """Have the whole part on the disk, as its checksum says."""
        path = self._folder / f"{part.number}.zst"
        try:
            have = path.stat().st_size if path.exists() else 0
            if have < part.bytes:
                with self._line.part(manifest.id, part.number, have) as (begins, chunks):
                    _append(path, begins, self._beaten(chunks))
            whole = path.stat().st_size == part.bytes and _checksum(path) == part.sha256
        except OSError as error:
            raise CentreSilent(f"a snapshot cannot be kept in {self._folder}: {error.strerror}") from error
        if not whole:
            if path.stat().st_size >= part.bytes:
                self._forget()  # damaged on the way, or changed since: what it should be is asked anew
            raise CentreSilent(f"part {part.number} of the snapshot came in damaged or cut short")
        return path

    def _lay_down(self, intake: SnapshotIntake, path: Path, weather: Weather) -> None:
        lines = _lines(path, skip=intake.progress.lines)
        while changes := _some(lines, self._step):
            if weather.over:
                raise CentreSilent("the station stops; the snapshot goes on at the next start")
            self._beat()
            began = time.perf_counter()
            intake.take(changes)
            self._pace(time.perf_counter() - began)
            time.sleep(REST_S)
        intake.part_done()
        path.unlink(missing_ok=True)

    def _beaten(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._beat()
            yield chunk

    def _pace(self, took: float) -> None:
        """Make the next step as long as a step should be."""
        wanted = int(self._step * min(max(STEP_S / max(took, 0.0001), 0.5), 1.5))
        self._step = min(max(wanted, _FEWEST), _MOST)


def _append(path: Path, begins: int, chunks: Iterator[bytes]) -> None:
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(begins)
        file.seek(begins)
        for chunk in chunks:
            file.write(chunk)


def _checksum(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _lines(path: Path, skip: int) -> Iterator[Change]:
    try:
        with zstandard.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number >= skip:
                    kind, key, row = json.loads(line)
                    yield kind, key, row
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise CentreSilent(f"a part of the snapshot is no list of changes: {error}") from error


def _some(changes: Iterator[Change], most: int) -> list[Change]:
    return [change for _, change in zip(range(most), changes, strict=False)]
