"""Settings pushed from the centre, on trial: what is in force, what is tried, what did harm. Pure: no clock, no disk.

      accepted            started (at most twice)           proven
GOOD ----------> TRIAL ---------------------------> TRIAL ---------> GOOD
                   |  a third start, or failed                 (the tried ones)
                   +-------------------------------> GOOD
                                              (the former ones; the tried are remembered as bad)
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MOST_STARTS = 2
"""A station that has to be started a third time while settings are on trial dies of them."""

Versions = Mapping[str, int]
"""Which version of which document: by target, `network`, `branch:<branch>` or `station:<station>`."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`tried` is empty unless settings are on trial; `devices` worked when they were accepted. `bad` did harm."""

    good: Versions = field(default_factory=dict)
    tried: Versions = field(default_factory=dict)
    starts: int = 0
    devices: tuple[str, ...] = ()
    bad: Versions = field(default_factory=dict)
    why: str = ""

    @property
    def on_trial(self) -> bool:
        return bool(self.tried)

    @property
    def in_force(self) -> Versions:
        return self.tried or self.good

    def is_news(self, told: Versions) -> bool:
        """Say whether the documents told are others than those in force and than those that did harm."""
        return dict(told) != dict(self.in_force) and not (self.bad and dict(told) == dict(self.bad))

    @property
    def trouble(self) -> str:
        """Say why the newest are not in force; "" when they are."""
        return self.why if self.bad else ""

    def as_table(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_table(cls, said: Mapping[str, Any]) -> "Trial":
        """Read what `as_table` wrote. Raises: KeyError, TypeError, ValueError."""
        return cls(
            good={str(target): int(version) for target, version in said["good"].items()},
            tried={str(target): int(version) for target, version in said["tried"].items()},
            starts=int(said["starts"]),
            devices=tuple(map(str, said["devices"])),
            bad={str(target): int(version) for target, version in said["bad"].items()},
            why=str(said["why"]),
        )


def accepted(trial: Trial, versions: Versions, devices: tuple[str, ...]) -> Trial:
    """Begin a trial of checked settings; *devices* are those that work now and must again.

    No documents at all need no trial: the station is as its own files have it.
    """
    if not versions:
        return Trial()
    return replace(trial, tried=dict(versions), starts=0, devices=devices, bad={}, why="")


def refused(trial: Trial, versions: Versions, why: str) -> Trial:
    """Remember settings that cannot even be tried."""
    return replace(trial, bad=dict(versions), why=why)


def started(trial: Trial) -> Trial:
    """Count one start of the program; the third under trial ends it."""
    if not trial.on_trial:
        return trial
    if trial.starts >= MOST_STARTS:
        return failed(trial, f"the station died {MOST_STARTS} times with them")
    return replace(trial, starts=trial.starts + 1)


def proven(trial: Trial) -> Trial:
    """The station is well with them: they are the good ones now."""
    return replace(trial, good=trial.tried, tried={}, starts=0, devices=(), bad={}, why="")


def failed(trial: Trial, why: str) -> Trial:
    """The station is not well with them: the former ones are in force again."""
    return replace(trial, tried={}, starts=0, devices=(), bad=trial.tried, why=why)
