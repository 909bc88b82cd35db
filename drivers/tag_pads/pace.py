"""How often a pad is asked who is there, when it cannot wait for a tag by itself."""

import time
from collections.abc import Callable

EMPTY = 0.1
"""Seconds between two questions while nothing lies there: nobody sees the delay, and the line and its computer rest."""
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

    def keep(self, *, empty: bool) -> None:
        """Wait as long as an *empty* pad, or one with a stack, is to be left alone."""
        left = self._asked + (EMPTY if empty else OCCUPIED) - self._clock()
        if left > 0:
            self._sleep(left)
        self._asked = self._clock()
