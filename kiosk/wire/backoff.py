"""How long to wait before the next try: full jitter, so that a fleet does not come back as one.

Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: of the variants it measures,
full jitter finishes with the fewest calls.
"""

import random
from collections.abc import Callable

FIRST, MOST = 1.0, 300.0


class Backoff:
    """Grows with every failure from *first* to *most* seconds; each wait is anything up to it."""

    def __init__(
        self, first: float = FIRST, most: float = MOST, chance: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._first = first
        self._most = most
        self._chance = chance
        self._failures = 0

    @property
    def failing(self) -> bool:
        return self._failures > 0

    def reset(self) -> None:
        self._failures = 0

    def wait(self, at_least: float = 0.0) -> float:
        """Say how many seconds to wait now, after one more failure."""
        ceiling = min(self._most, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 32)
        return max(at_least, self._chance(0.0, ceiling))
