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


class Station:
    """A mailbox with one thread behind it. *perform* gets every effect and must not block."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self._clock = clock
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._state = started(setup, clock())
        self._perform: Perform = lambda _: None
        self._stopping = threading.Event()
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
        """Wait for an event or for the next deadline, whichever is first; None when it was only time to beat."""
        deadline = next_deadline(self._state)
        wait = BEAT if deadline is None else min(deadline - self._clock(), BEAT)
        if deadline is not None and wait <= 0:
            return DeadlinePassed()  # a busy inbox must not put a deadline off
        try:
            return self._inbox.get(timeout=wait)
        except queue.Empty:
            return DeadlinePassed() if deadline is not None and self._clock() >= deadline else None

    def _take(self, event: Event) -> None:
        now = self._clock()
        before = type(self._state.phase).__name__
        self._state, effects = step(self._state, event, now)
        after = type(self._state.phase).__name__
        # type names only: what is in an event may name a person
        log.debug("%s: %s -> %s, %d effects", type(event).__name__, before, after, len(effects))
        for effect in effects:
            self._perform(effect)  # before the screen: what is to be done waits for the disk and the radio
        self.board.publish(view_of(self._state, self._clock()))
