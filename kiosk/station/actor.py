"""The station thread: the one owner of the state. It takes events in, has `step` decide, and hands effects out."""

import logging
import queue
import threading
from collections.abc import Callable

from kiosk.station.board import Board
from kiosk.station.deadlines import next_deadline
from kiosk.station.effects import Effect
from kiosk.station.events import DeadlinePassed, Event
from kiosk.station.setup import Setup
from kiosk.station.states import started
from kiosk.station.step import step
from kiosk.station.views import view_of

log = logging.getLogger(__name__)

Clock = Callable[[], float]
Perform = Callable[[Effect], None]

BEAT = 1.0
"""The station thread wakes at least this often (seconds), so that its silence means something."""
WORK_FIRST = 0.006
"""Seconds a screen may be held back that follows from an event that set work going: drawing it would take the computer
away from that work, and its answer is often there before an eye could have seen the screen."""


class Station:
    """A mailbox with one thread behind it. *perform* gets every effect and must not block."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self._clock = clock
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._state = started(setup, clock())
        self._perform: Perform = lambda _: None
        self._stopping = threading.Event()
        self._show_by: float | None = None
        self.board = Board(view_of(self._state, clock()))
        self.beat_at = clock()

    def tell(self, event: Event) -> None:
        """Say that something happened. From any thread; never blocks, never answers: answers come back as events."""
        self._inbox.put(event)

    def run(self, perform: Perform) -> None:
        """Serve the inbox until stopped. An error here ends the program: a station must not look alive and not be."""
        self._perform = perform
        while not self._stopping.is_set():
            self.beat_at = self._clock()
            event = self._next_event()
            if event is not None:
                self._take(event)

    def stop(self) -> None:
        self._stopping.set()
        self._inbox.put(None)
        self.board.close()

    def _next_event(self) -> Event | None:
        """Wait for an event or for the next deadline, whichever is first; None when there is only a screen to show."""
        now = self._clock()
        deadline = next_deadline(self._state)
        if deadline is not None and deadline <= now:
            return DeadlinePassed()  # a busy inbox must not put a deadline off
        if self._show_by is not None and self._show_by <= now:
            self._show()
        times = [time for time in (deadline, self._show_by, now + BEAT) if time is not None]
        try:
            return self._inbox.get(timeout=max(min(times) - now, 0.0))
        except queue.Empty:
            return None

    def _take(self, event: Event) -> None:
        now = self._clock()
        before = type(self._state.phase).__name__
        self._state, effects = step(self._state, event, now)
        after = type(self._state.phase).__name__
        # type names only: what is in an event may name a person
        log.debug("%s: %s -> %s, %d effects", type(event).__name__, before, after, len(effects))
        for effect in effects:
            self._perform(effect)
        if not effects:
            self._show()
        elif self._show_by is None:
            self._show_by = now + WORK_FIRST

    def _show(self) -> None:
        self._show_by = None
        self.board.publish(view_of(self._state, self._clock()))
