"""The set-up of a station as it goes on, step by step, and the written report it ends with.

Kept in one file beside the ledger, so that a restart loses no step; every finished set-up becomes a report:
a text for people, and the same as data, to be shown and printed later.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from kiosk.sync.whole_files import write_whole


class Step(StrEnum):
    PLACE = "place"
    DEVICES = "devices"
    TAG = "tag"
    CARD = "card"
    PRINT = "print"
    GATE = "gate"
    CENTRE = "centre"
    CLOCK = "clock"
    PASSWORD = "password"  # noqa: S105 - the name of a step


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: `facts` by name where it went well, `reason` where it was skipped."""

    at: str
    skipped: bool = False
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetUp:
    """One set-up of one station. `finished` is empty while it goes on."""

    begun: str = ""
    who: str = ""
    finished: str = ""
    outcomes: Mapping[Step, Outcome] = field(default_factory=dict)

    def next_step(self, after: Step | None = None) -> Step | None:
        """Find the first step that is open, looking on from *after* first; None when each was done or skipped."""
        steps = list(Step)
        at = 0 if after is None else steps.index(after) + 1
        return next((one for one in (*steps[at:], *steps[:at]) if one not in self.outcomes), None)

    @property
    def skipped(self) -> tuple[Step, ...]:
        return tuple(step for step in Step if step in self.outcomes and self.outcomes[step].skipped)


class SetUps:
    """The running set-up of a station and its finished ones, newest first, in a file beside the ledger."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def running(self) -> SetUp:
        return _read(self._table().get("running", {}))

    def finished(self) -> tuple[SetUp, ...]:
        return tuple(_read(one) for one in self._table().get("finished", []))

    def note(self, step: Step, outcome: Outcome) -> SetUp:
        """Keep what became of a step. Raises: OSError."""
        now = self.running()
        now = replace(now, begun=now.begun or outcome.at, outcomes={**now.outcomes, step: outcome})
        self._keep(now, self.finished())
        return now

    def finish(self, who: str, at: datetime, text: str) -> Path:
        """End the running set-up with a report; say which file holds its text. Raises: OSError."""
        done = replace(self.running(), who=who, finished=at.isoformat(timespec="minutes"))
        file = self._path.with_name(f"{self._path.stem}-{at:%Y%m%d-%H%M}.txt")
        write_whole(file, text.encode())
        self._keep(SetUp(), (done, *self.finished()))
        return file

    def _keep(self, running: SetUp, finished: tuple[SetUp, ...]) -> None:
        table = {"running": asdict(running), "finished": [asdict(one) for one in finished]}
        write_whole(self._path, json.dumps(table, ensure_ascii=False).encode())

    def _table(self) -> dict[str, Any]:
        """Read the file; one that cannot be read is as good as none: the station is set up anew."""
        try:
            table = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return table if isinstance(table, dict) else {}


def _read(said: Mapping[str, Any]) -> SetUp:
    try:
        outcomes = {Step(name): Outcome(**one) for name, one in said.get("outcomes", {}).items()}
        return SetUp(str(said.get("begun", "")), str(said.get("who", "")), str(said.get("finished", "")), outcomes)
    except (TypeError, ValueError, AttributeError):
        return SetUp()
