"""Whose turn it is to write, among the threads of this program: first come, first served.

SQLite lets one write at a time and has the others look in again at growing intervals, so whoever writes without a pause
keeps everybody else out. Here each waits in a queue, and the next is woken at once. Other programs still meet at
SQLite's own lock.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A queue at a door. Safe from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def mine(self, patience: float) -> Iterator[None]:
        """Wait for the turn, at most *patience* seconds; then go on all the same, and let SQLite say no."""
        got = self.take(patience)
        try:
            yield
        finally:
            if got:
                self.give()

    def take(self, patience: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._queue.append(place)
        if place.acquire(timeout=patience):
            return True
        with self._guard:
            try:
                self._queue.remove(place)
            except ValueError:
                return True  # it was given to us at the last moment
        return False

    def give(self) -> None:
        """End the turn; it passes to whoever waits longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False
