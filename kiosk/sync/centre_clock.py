"""What time it is at the centre, measured whenever it answers; so a station whose clock is wrong can still sign.

Kept against the seconds since power-on: a step of the wall clock does not change it.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.store.clock import seconds_since_boot, wall_clock

WORN = 600.0
"""Seconds after which a measurement is replaced by a worse one: clocks drift apart."""

DRIFT = 60.0
"""Seconds the wall clock and the seconds since power-on may have drifted apart with nobody setting a clock."""


class CentreClock:
    """Safe from any thread. Without a measurement it tells the wall clock."""

    def __init__(
        self, wall: Callable[[], datetime] = wall_clock, monotonic: Callable[[], float] = seconds_since_boot
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._anchor: tuple[float, datetime, float] | None = None  # measured at, the time then, how sure

    def asked(self) -> float:
        """Note when a question leaves, for `heard`."""
        return self._monotonic()

    def heard(self, asked: float, said: datetime, coarse: float = 0.0) -> None:
        """Measure: the centre *said* what time it is, to *coarse* seconds, somewhere on the way there and back."""
        now = self._monotonic()
        error = (now - asked) / 2 + coarse
        with self._lock:
            if self._anchor is None or error <= self._anchor[2] or now - self._anchor[0] > WORN:
                self._anchor = (now, said + timedelta(seconds=(now - asked) / 2 + coarse / 2), error)

    @property
    def measured(self) -> bool:
        with self._lock:
            return self._anchor is not None

    def forget(self) -> None:
        """Give a measurement up that the centre does not agree with."""
        with self._lock:
            self._anchor = None

    def now(self) -> datetime:
        with self._lock:
            anchor = self._anchor
        return self._wall() if anchor is None else anchor[1] + timedelta(seconds=self._monotonic() - anchor[0])

    def offset(self) -> float:
        """Say centre minus station, in seconds; 0 while nobody measured."""
        return (self.now() - self._wall()).total_seconds() if self.measured else 0.0

    def offset_at(self, booked: datetime, monotonic: float) -> float:
        """Say centre minus station for something booked at *booked* since this power-on, *monotonic* seconds into it.

        The wall clock may have been set right since: what was booked before is as wrong as it was. Small differences
        are drift between the two clocks, and then the wall clock is the better one.
        """
        ago = timedelta(seconds=self._monotonic() - monotonic)
        then, now = (self.now() - ago - booked).total_seconds(), self.offset()
        return then if self.measured and abs(then - now) > DRIFT else now
