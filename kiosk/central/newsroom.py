"""Who waits for news: long polls of one process, woken by one look at the log for all of them.

A copy of the centre looks a few times a second, and only while somebody waits; it needs no word from the others.
"""

import logging
import threading
import time
from collections.abc import Callable

from kiosk.central.centre import Centre
from kiosk.central.errors import CentreUnavailable
from kiosk.central.feed import head

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks: a change is with every waiting station well within a second."""
AFTER_TROUBLE = 2.0


class Newsroom:
    """Waits for the end of the log to move. May be used by many threads; its own runs while somebody waits."""

    def __init__(self, centre: Centre, seats: int = 1000, clock: Callable[[], float] = time.monotonic) -> None:
        self._centre = centre
        self._seats = seats
        self._clock = clock
        self._bell = threading.Condition()
        self._waiting = 0
        self._seen: tuple[int, int] | None = None
        self._looking = False

    @property
    def waiting(self) -> int:
        return self._waiting

    def wait(self, known: tuple[int, int], seconds: float) -> bool:
        """Wait until the log ends elsewhere than at *known*; False when it did not, or when every seat is taken."""
        until = self._clock() + seconds
        with self._bell:
            if self._waiting >= self._seats:
                return False
            self._waiting += 1
            try:
                self._seen = None  # what was seen before we came says nothing
                self._look_out()
                while not self._is_news(known) and (left := until - self._clock()) > 0:
                    self._bell.wait(left)
                return self._is_news(known)
            finally:
                self._waiting -= 1

    def _is_news(self, known: tuple[int, int]) -> bool:
        return self._seen is not None and self._seen != known

    def _look_out(self) -> None:
        if not self._looking:
            self._looking = True
            threading.Thread(target=self._watch, name="newsroom", daemon=True).start()

    def _watch(self) -> None:
        while True:
            pause = LOOK_EVERY
            try:
                seen = self._centre.look(lambda work: head(work, self._centre.network))
            except CentreUnavailable as error:
                logger.warning("no news can be had: %s", error)
                seen, pause = None, AFTER_TROUBLE
            with self._bell:
                if seen is not None:
                    self._seen = seen
                    self._bell.notify_all()
                if self._waiting == 0:
                    self._looking = False
                    return
            time.sleep(pause)
