"""Time a ledger may rest on: the wall clock while it deserves trust, else the last trusted time carried on.

A station's clock may start in 1970, jump by an hour or by years. Due dates, locks and the journal never
follow it there. Knows no time zone: civil dates are made where they are needed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock of this program can be earlier: it did not exist."""
TOLERANCE = timedelta(minutes=2)
"""Drift and slewing between two looks at the clock; more is a jump."""
LONGEST_REST = timedelta(days=400)
"""A station that slept longer than this is likelier to have a wrong clock than a long sleep."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was decided: the time it is booked at, the seconds since power-on, and whether to trust it."""

    at: datetime
    monotonic: float
    trusted: bool = True


def wall_clock() -> datetime:
    return datetime.now(UTC)


def seconds_since_boot() -> float:
    """Say the seconds since power-on, sleep included (CLOCK_BOOTTIME), as no step of the wall clock touches them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def time_server_agrees(sign: Path = Path("/run/systemd/timesync/synchronized")) -> bool:
    """Say whether the clock was set by a time server since power-on. Source: systemd-timesyncd.service(8), FILES."""
    return sign.exists()


class TrustedClock:
    """Tells Moments that never run backwards, unless a time server says so. For one thread.

    Untrusted is a wall clock before this program was built or before *last_durable* (the latest journal row),
    far beyond it, or one that jumped while running. Time then goes on from the last trusted moment by the
    monotonic clock, and every Moment says so. Trust returns when the clock has been untrusted since the start and
    is set to a believable time, or when *synchronised* says the operating system agreed it with a time server.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = wall_clock,
        monotonic: Callable[[], float] = seconds_since_boot,
        last_durable: datetime | None = None,
        synchronised: Callable[[], bool] = lambda: False,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._synchronised = synchronised
        self._earliest = max(BUILT, last_durable or BUILT)
        self._latest = None if last_durable is None else last_durable + LONGEST_REST
        self._anchor = (self._earliest, monotonic())
        self._last = self._earliest
        self._jumped = False
        self._trusted = False

    def now(self) -> Moment:
        """Tell the time to book things at."""
        wall, monotonic = self._wall(), self._monotonic()
        expected = self._anchor[0] + timedelta(seconds=monotonic - self._anchor[1])
        synchronised = wall >= BUILT and self._synchronised()
        self._trusted = synchronised or self._deserves_trust(wall, expected)
        if self._trusted:
            self._jumped = False
            self._anchor = (wall, monotonic)
        told = wall if self._trusted else expected
        self._last = told if synchronised else max(self._last, told)
        return Moment(self._last, monotonic, self._trusted)

    def _deserves_trust(self, wall: datetime, expected: datetime) -> bool:
        if wall < BUILT:
            self._jumped = self._jumped or self._trusted
            return False
        if self._trusted or self._jumped:
            self._jumped = abs(wall - expected) > TOLERANCE
            return not self._jumped
        return wall >= self._earliest - TOLERANCE and (self._latest is None or wall <= self._latest)
