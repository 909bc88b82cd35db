"""The latest screen as HTML, drawn once per view and shared by every browser that looks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.station.view import StationView
from web_ui.touchscreen.screens import Screens, counts_down

STALE = 0.4
"""Seconds after which a countdown drawn earlier is drawn anew for a browser that has just come."""


class Board(Protocol):
    """Where the station shows its latest view, and under which number."""

    def latest(self) -> tuple[int, StationView]: ...

    def newer_than(self, version: int, timeout: float) -> tuple[int, StationView] | None: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """One view, drawn."""

    version: int
    text: str
    language: str


class Canvas:
    """Draws the board's views for the browsers; many threads ask, one of them draws."""

    def __init__(self, board: Board, screens: Screens, clock: Callable[[], float] = time.monotonic) -> None:
        self._board = board
        self._screens = screens
        self._clock = clock
        self._lock = threading.Lock()
        self._drawn: tuple[Picture, float] | None = None

    def now(self) -> Picture:
        """The screen as it is at this moment, for a browser that has just come: its countdown is true."""
        version, view = self._board.latest()
        picture, age = self._draw(version, view)
        if age < STALE or not counts_down(view):
            return picture
        return Picture(version, self._screens.draw(view, age), view.frame.language)

    def newer_than(self, version: int, timeout: float) -> Picture | None:
        """Wait up to *timeout* seconds for a view newer than *version*."""
        news = self._board.newer_than(version, timeout)
        return None if news is None else self._draw(*news)[0]

    def _draw(self, version: int, view: StationView) -> tuple[Picture, float]:
        """Draw this view, or say what was drawn for it before, and how many seconds ago."""
        with self._lock:
            now = self._clock()
            if self._drawn is None or self._drawn[0].version != version:
                self._drawn = Picture(version, self._screens.draw(view), view.frame.language), now
            picture, since = self._drawn
            return picture, now - since
