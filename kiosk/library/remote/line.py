"""The line to the other system: asked one question at a time, left alone for a while when it is silent."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from kiosk.library.remote.system import LibrarySystem, OutcomeUnknown, SystemSilent

Answer = TypeVar("Answer")

REST = 3.0
"""Seconds a silent system is not asked again: nobody at the screen waits for one time-out after the other."""


class WhenSilent(StrEnum):
    """What the station does while the system is silent. Values as in the settings."""

    OFF = "off"  # nothing: the screen says so
    RETURNS = "returns"  # takes books back
    BOTH = "both"  # also lends, to cards it can be sure of


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds while the system is silent: what is done, for how long a copy is lent, how many one patron gets.

    `settles_s` is how many seconds a system that gave no answer may still be busy with what it was asked.
    """

    when_silent: WhenSilent = WhenSilent.RETURNS
    days: int = 14
    max_loans: int = 5
    settles_s: float = 20.0


class Line:
    """One system, one thread. Whoever heeds it hears of every answer: a stack takes as long as it takes."""

    def __init__(self, system: LibrarySystem, clock: Callable[[], float] = time.monotonic) -> None:
        self._beat: Callable[[], None] = lambda: None
        self._system = system
        self._clock = clock
        self._rests_until = 0.0
        self.trouble = ""  # why the last question stayed without an answer; "" when it did not

    def heed(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._system.heed(beat)

    @property
    def is_silent(self) -> bool:
        """Whether the last question stayed without an answer."""
        return bool(self.trouble)

    def ask(self, question: Callable[[LibrarySystem], Answer]) -> Answer:
        """Ask. Raises: SystemSilent, at once while it rests; OutcomeUnknown, after which it may be asked at once."""
        if self._clock() < self._rests_until:
            raise SystemSilent("it did not answer a moment ago, and is asked again in a few seconds")
        try:
            answer = question(self._system)
        except OutcomeUnknown:
            raise
        except SystemSilent as silent:
            self._rests_until = self._clock() + REST
            self.trouble = str(silent) or "no answer"
            raise
        finally:
            self._beat()
        self.trouble = ""
        return answer

    def close(self) -> None:
        self._system.close()
