"""The board: the latest view of the station, for everybody who shows it. Never a queue, never a difference."""

import threading

from kiosk.station.view import StationView


class Board:
    """One frozen view, a number that only rises, and a bell. Safe from any thread."""

    def __init__(self, view: StationView) -> None:
        self._bell = threading.Condition()
        self._version = 1
        self._view = view
        self._closed = False

    def latest(self) -> tuple[int, StationView]:
        with self._bell:
            return self._version, self._view

    def publish(self, view: StationView) -> None:
        """Show *view*; a view equal to the last is no news."""
        with self._bell:
            if view == self._view:
                return
            self._version += 1
            self._view = view
            self._bell.notify_all()

    def newer_than(self, version: int, timeout: float) -> tuple[int, StationView] | None:
        """Wait up to *timeout* seconds for a view newer than *version*; None when there is none."""
        with self._bell:
            self._bell.wait_for(lambda: self._version != version or self._closed, timeout)
            return (self._version, self._view) if self._version != version else None

    def close(self) -> None:
        """Let go of everybody who waits."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()
