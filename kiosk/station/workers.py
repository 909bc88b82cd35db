"""The threads around the station: one per slow thing. The only loop with back-off in the program is here.

A worker owns its device: it opens it, polls it, does chores on it, and opens it again when it is lost. It says
what happened as events and waits for nobody. It notes the time of every round (`beat_at`), for the watchdog.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from kiosk.devices import DeviceFacts, DeviceLost
from kiosk.library.port import Library, LibraryUnreachable, Readiness
from kiosk.station.events import DeviceDown, DeviceKind, DeviceUp, Event, LibraryReady

log = logging.getLogger(__name__)

Tell = Callable[[Event], None]
KEPT_TROUBLES = 10
DAY = 86_400.0
"""Seconds."""


class Closable(Protocol):
    def facts(self) -> DeviceFacts: ...

    def close(self) -> None: ...


D = TypeVar("D", bound=Closable)


@dataclass(frozen=True, slots=True)
class Chore(Generic[D]):
    """Work on an open device, as events while it goes on; `otherwise` says what it means that there is none."""

    run: Callable[[D], Iterable[Event]]
    otherwise: Callable[[], Iterable[Event]]


class Backoff:
    """How long to wait before the next try: doubling from *first* to *most* seconds."""

    def __init__(self, first: float = 0.1, most: float = 2.0) -> None:
        self._first = first
        self._most = most
        self._next = first

    def reset(self) -> None:
        self._next = self._first

    def wait(self) -> float:
        wait, self._next = self._next, min(self._next * 2, self._most)
        return wait


@dataclass(frozen=True, slots=True)
class DeviceCondition:
    """How a device is, for whoever looks after the station: what it is while it works, or why it is lost."""

    kind: DeviceKind
    ok: bool
    says: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """When (seconds since the epoch) a device was lost, and what it said."""

    at: float
    says: str


class History:
    """What became of a device since the start, for the technician. Written by its worker, read by anybody."""

    def __init__(self) -> None:
        self.facts: DeviceFacts | None = None
        self.opened = 0
        self.tries = 0
        self.troubles: tuple[Trouble, ...] = ()

    def up(self, facts: DeviceFacts) -> None:
        self.facts, self.opened = facts, self.opened + 1

    def down(self, says: str) -> None:
        """Note a loss; the same words again only count as a further try."""
        self.tries += 1
        if not self.troubles or self.troubles[-1].says != says:
            self.troubles = (*self.troubles[-(KEPT_TROUBLES - 1) :], Trouble(time.time(), says))


class DeviceWorker(Generic[D]):
    """Owns one device. *pause* is how long (seconds) it waits for a chore before it polls again.

    *patience* is how long it waits for the next chore after one: a decision is being made about what it just said,
    and a poll begun now would only stand in the way of what follows.
    """

    def __init__(
        self,
        kind: DeviceKind,
        open_device: Callable[[], D],
        poll: Callable[[D], Iterable[Event]],
        tell: Tell,
        pause: float = 0.0,
        patience: float = 0.0,
    ) -> None:
        self.name = kind.value
        self.beat_at = time.monotonic()
        self._kind = kind
        self._open = open_device
        self._poll = poll
        self._tell = tell
        self._pause = pause
        self._patience = max(patience, pause)
        self._chores: queue.SimpleQueue[Chore[D] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._said_down = False
        self.condition = DeviceCondition(kind, ok=False, says="not opened yet")
        self.history = History()

    def ask(self, chore: Chore[D]) -> None:
        """Have a chore done. Never blocks; what became of it comes as events."""
        self._chores.put(chore)

    def stop(self) -> None:
        self._stopping.set()
        self._chores.put(None)

    def run(self) -> None:
        backoff = Backoff()
        while not self._stopping.is_set():
            self.beat_at = time.monotonic()
            try:
                device = self._open()
            except DeviceLost as lost:
                self._is_down(lost)
                self._refuse_chores_for(backoff.wait())
                continue
            backoff.reset()
            try:
                self._is_up(device)
                self._serve(device)
            except DeviceLost as lost:
                self._is_down(lost)
            finally:
                device.close()

    def _serve(self, device: D) -> None:
        wait = self._pause
        while not self._stopping.is_set():
            self.beat_at = time.monotonic()
            chore = self._next_chore(wait)
            wait = self._pause if chore is None else self._patience
            for event in self._poll(device) if chore is None else chore.run(device):
                self._tell(event)
                self.beat_at = time.monotonic()

    def _next_chore(self, wait: float) -> Chore[D] | None:
        try:
            return self._chores.get(timeout=wait) if wait > 0 else self._chores.get_nowait()
        except queue.Empty:
            return None

    def _refuse_chores_for(self, wait: float) -> None:
        """Nobody can do chores now: answer each at once, so that nothing waits for a device that is not there."""
        until = time.monotonic() + wait
        while (left := until - time.monotonic()) > 0 and not self._stopping.is_set():
            chore = self._next_chore(left)
            for event in chore.otherwise() if chore is not None else ():
                self._tell(event)

    def _is_up(self, device: D) -> None:
        facts = device.facts()
        log.info("%s: %s %s at %s", self.name, facts.model, facts.firmware, facts.port)
        self._said_down = False
        self.history.up(facts)
        self.condition = DeviceCondition(self._kind, ok=True, says=f"{facts.model} {facts.firmware}")
        self._tell(DeviceUp(self._kind, facts))

    def _is_down(self, lost: DeviceLost) -> None:
        self.condition = DeviceCondition(self._kind, ok=False, says=str(lost))
        self.history.down(str(lost))
        if not self._said_down:
            log.warning("%s: %s", self.name, lost)
            self._tell(DeviceDown(self._kind, str(lost)))
        self._said_down = True


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the library: how to ask it, and what to say when there is no answer."""

    ask: Callable[[], Iterable[Event]]
    unanswered: Callable[[str], Event]


class LibraryWorker:
    """Owns the library session: asks one question after the other, in the order they came.

    When nobody asks anything it lets the library keep in touch, and tidies every *tidy_every* seconds.
    """

    def __init__(self, tell: Tell, library: Library, tidy_every: float = DAY) -> None:
        self.name = "library"
        self.beat_at = time.monotonic()
        self._tell = tell
        self._library = library
        self._tidy_every = tidy_every
        self._readiness = Readiness()
        self._tidy_at = time.monotonic() + tidy_every
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._stopping = threading.Event()

    def ask(self, question: Question) -> None:
        self._questions.put(question)

    def stop(self) -> None:
        """Answer what was asked so far, then end."""
        self._stopping.set()
        self._questions.put(None)

    def run(self) -> None:
        self._library.heed(self._beat)
        while True:
            self._beat()
            try:
                question = self._questions.get(timeout=1.0)
            except queue.Empty:
                self._use_the_pause()
                continue
            if question is None:
                return
            self._answer(question)

    def _beat(self) -> None:
        self.beat_at = time.monotonic()

    def _use_the_pause(self) -> None:
        """Keep in touch; tidy when it is time. Nobody at the screen hears of it when it fails: there is a next time."""
        try:
            readiness = self._library.pulse()
            if readiness != self._readiness:
                self._readiness = readiness
                self._tell(LibraryReady(readiness))
            if time.monotonic() >= self._tidy_at:
                self._tidy_at = time.monotonic() + self._tidy_every
                self._library.tidy()
        except LibraryUnreachable as silent:
            log.error("library: %s", silent)  # noqa: TRY400 - the words say it; a trace could name a person

    def _answer(self, question: Question) -> None:
        try:
            for event in question.ask():
                self._tell(event)
        except LibraryUnreachable as silent:
            log.error("library: %s", silent)  # noqa: TRY400 - the words say it; a trace could name a person
            self._tell(question.unanswered(str(silent)))
