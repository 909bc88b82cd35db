"""Settings chosen at the station itself: on trial from one start to the next, taken back when they harm.

They lie over what the centre pushed and under the technician's overrides file. Checking them whole is the business of
whoever loads settings; here is what is in force, and how long it is trusted.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kiosk.sync.whole_files import write_whole

log = logging.getLogger(__name__)

MOST_STARTS = 2
"""A station that has to be started a third time while settings are on trial dies of them."""
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """`good` proved itself; `tried` is on trial, None when nothing is; `why` says why the last trial failed."""

    good: Table = field(default_factory=dict)
    tried: Table | None = None
    starts: int = 0
    devices: tuple[str, ...] = ()
    why: str = ""

    @property
    def in_force(self) -> Table:
        return self.good if self.tried is None else self.tried


class OwnSettings:
    """The file with what was chosen. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.choice = self._read()

    def begin_start(self) -> Table:
        """Note a start of the program and say what is in force. A third start under trial takes it back."""
        if self.choice.tried is not None:
            if self.choice.starts >= MOST_STARTS:
                self.fail(f"the station died {MOST_STARTS} times with them")
            else:
                self._keep(replace(self.choice, starts=self.choice.starts + 1))
        return self.choice.in_force

    def wanted(self, change: Table) -> Table:
        """Say what would be in force with *change* laid over."""
        return _laid_over(self.choice.in_force, change)

    def try_out(self, wanted: Table, devices: tuple[str, ...]) -> None:
        """Put checked settings on trial from the next start on; *devices* work now and must again. Raises: OSError."""
        self._keep(replace(self.choice, tried=wanted, starts=0, devices=devices, why=""))

    def prove(self) -> None:
        """The station is well with them. Raises: OSError."""
        self._keep(Choice(good=self.choice.in_force))

    def fail(self, why: str) -> None:
        """Take back what is on trial. Never raises: a station without a disk must start, too."""
        log.error("settings chosen at the station are taken back: %s", why)
        failed = Choice(good={} if self.choice.tried is None else self.choice.good, why=why)
        try:
            self._keep(failed)
        except OSError:
            log.exception("that settings were taken back cannot be noted")
            self.choice = failed

    def _keep(self, choice: Choice) -> None:
        write_whole(self._path, json.dumps(asdict(choice), ensure_ascii=False).encode())
        self.choice = choice

    def _read(self) -> Choice:
        try:
            said = json.loads(self._path.read_bytes())
            return Choice(
                dict(said["good"]),
                None if said["tried"] is None else dict(said["tried"]),
                int(said["starts"]),
                tuple(map(str, said["devices"])),
                str(said["why"]),
            )
        except FileNotFoundError:
            return Choice()
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("what was chosen at the station cannot be read: it starts without")
            return Choice()


def _laid_over(under: Table, over: Table) -> Table:
    laid = dict(under)
    for key, value in over.items():
        below = laid.get(key)
        laid[key] = _laid_over(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return laid
