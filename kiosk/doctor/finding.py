"""What the doctor says: one finding per check, why the check is made, and what to do when it is not good."""

import subprocess
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    WORRYING = "worrying"  # it runs; somebody should look
    FAILED = "failed"  # it does not run


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was seen, what to do when that is not good, and what it matters for."""

    check: str
    level: Level
    seen: str
    remedy: str = ""
    why: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked at, and what happens to patrons or staff where it is not as it should be."""

    name: str
    why: str

    def good(self, seen: str) -> Finding:
        return Finding(self.name, Level.GOOD, seen, "", self.why)

    def worrying(self, seen: str, remedy: str) -> Finding:
        return Finding(self.name, Level.WORRYING, seen, remedy, self.why)

    def failed(self, seen: str, remedy: str) -> Finding:
        return Finding(self.name, Level.FAILED, seen, remedy, self.why)


ANSWERS_WITHIN = 5.0


def asked(*command: str) -> str | None:
    """Say what a program of the system answers, whatever its exit code; None when it is not there or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, capture_output=True, text=True, check=False, timeout=ANSWERS_WITHIN
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip()
