"""How often a pad is asked who is there, when it cannot wait for a tag by itself."""

import time
from collections.abc import Callable

EMPTY = 0.1
"""Seconds between two questions while nothing lies there: nobody sees the delay, and the line and its computer rest."""
RESTING = 0.25
"""Seconds between two questions where nothing has lain for QUIET seconds: a pad is asked all night."""
QUIET = 20.0
OCCUPIED = 0.04
"""Seconds between two questions while something does: whoever adds a book or lifts one is seen at once."""


class Pace:
    """Puts off a question that comes too soon after the last one."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._asked = float("-inf")
        self._occupied = float("-inf")  # when something was last known to lie there

    def keep(self, *, empty: bool) -> None:
        """Wait as long as an *empty* pad, or one with a stack, is to be left alone."""
        now = self._clock()
        self._occupied = self._occupied if empty else now
        left = self._asked + self._pause(now, empty=empty) - now
        if left > 0:
            self._sleep(left)
        self._asked = self._clock()

    def _pause(self, now: float, *, empty: bool) -> float:
        if not empty:
            return OCCUPIED
        return EMPTY if now - self._occupied < QUIET else RESTING
