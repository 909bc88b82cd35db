"""Where a technician hands a package in and reads how it went: a folder beside the ledger.

The station's account can write there and nowhere else. A unit of the system's that runs as root sees `wanted`, proves
the package once more, and installs it; what it did stands in `outcome.json`.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from kiosk.releases.package import ENDING, Package, ReleaseRefused, fits, open_package, public_key
from kiosk.sync.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last try went."""

    at: datetime
    version: str
    done: bool
    words: str


class Counter:
    """*folder* is beside the ledger, *key* holds the public key of whoever may release, *running* is at work."""

    def __init__(self, folder: Path, key: Path, running: str) -> None:
        self.folder, self._key, self.running = folder, key, running
        self._handed_in = folder / f"handed-in{ENDING}"
        self._wanted = folder / f"wanted{ENDING}"
        self._outcome = folder / "outcome.json"

    def hand_in(self, file: IO[bytes]) -> Package:
        """Keep a package that is proven and fits. Raises: ReleaseRefused, OSError."""
        self._stand()
        with self._handed_in.open("wb") as kept:
            shutil.copyfileobj(file, kept)
        try:
            return self._proven(self._handed_in)
        except ReleaseRefused:
            self._handed_in.unlink(missing_ok=True)
            raise

    def waiting(self) -> Package | None:
        """Say what was handed in and not asked to be installed yet."""
        try:
            return self._proven(self._handed_in) if self._handed_in.exists() else None
        except ReleaseRefused:
            return None

    @contextmanager
    def own_copy(self, file: Path) -> Iterator[Package]:
        """Prove a copy that nobody else can write to: what is proven is what is installed. Raises: ReleaseRefused."""
        self._stand()
        with tempfile.TemporaryDirectory() as space:
            mine = Path(space) / file.name
            shutil.copyfile(file, mine)
            package = open_package(mine, public_key(self._key))
            if package.facts.version != self.running:  # the same: a power cut broke the exchange off
                fits(package, self.running, self.folder)
            yield package

    def drop(self) -> None:
        self._handed_in.unlink(missing_ok=True)

    def want(self) -> Package:
        """Ask for what was handed in to be installed. Raises: ReleaseRefused, OSError."""
        package = self._proven(self._handed_in)
        self._handed_in.replace(self._wanted)
        return package

    @property
    def under_way(self) -> bool:
        return self._wanted.exists()

    def outcome(self) -> Outcome | None:
        try:
            said = json.loads(self._outcome.read_bytes())
            return Outcome(datetime.fromisoformat(said["at"]), said["version"], bool(said["done"]), said["words"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, outcome: Outcome) -> None:
        """Write down how a try went; what was wanted is not wanted any more. Raises: OSError."""
        write_whole(self._outcome, json.dumps(asdict(outcome) | {"at": outcome.at.isoformat()}).encode())
        self._wanted.unlink(missing_ok=True)

    def _stand(self) -> None:
        """Make the folder, whoever comes first: it belongs to whom the ledger's folder belongs to."""
        if not self.folder.exists():
            owner = self.folder.parent.stat()
            self.folder.mkdir()
            os.chown(self.folder, owner.st_uid, owner.st_gid)

    def _proven(self, path: Path) -> Package:
        package = open_package(path, public_key(self._key))
        fits(package, self.running, self.folder)
        return package
