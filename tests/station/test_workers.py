"""The worker loop around a device and around the library: back-off, lost devices, chores nobody can do, tidying."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kiosk.devices import DeviceFacts, DeviceLost
from kiosk.library.port import LibraryUnreachable
from kiosk.station.events import DeviceDown, DeviceKind, DeviceUp, Event, LibraryBack, LibraryFailed, StackChanged
from kiosk.station.workers import Backoff, Chore, DeviceWorker, LibraryWorker, Question
from tests.fakes import FakeLibrary

SOON = 5.0


class Device:
    """A device that is there until it is broken."""

    def __init__(self) -> None:
        self.broken = False
        self.closed = False

    def facts(self) -> DeviceFacts:
        return DeviceFacts("device", "1", "here")

    def close(self) -> None:
        self.closed = True


class Ear:
    """Keeps what is told and waits for what is expected."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self._bell = threading.Condition()

    def tell(self, event: Event) -> None:
        with self._bell:
            self.heard.append(event)
            self._bell.notify_all()

    def hears(self, kind: type[Event], times: int = 1) -> None:
        with self._bell:
            there = self._bell.wait_for(lambda: sum(isinstance(e, kind) for e in self.heard) >= times, SOON)
        assert there, f"heard only {self.heard}"


@contextmanager
def working(worker: DeviceWorker[Device] | LibraryWorker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(SOON)
        assert not thread.is_alive()


def poll_until_broken(device: Device) -> Iterator[Event]:
    time.sleep(0.001)
    if device.broken:
        raise DeviceLost("it fell off the table")
    yield from ()


def worker_for(opener: Callable[[], Device], ear: Ear) -> DeviceWorker[Device]:
    return DeviceWorker(DeviceKind.PAD, opener, poll_until_broken, ear.tell, pause=0.001)


def test_a_lost_device_is_told_once_closed_and_opened_again() -> None:
    devices: list[Device] = []
    ear = Ear()

    def opener() -> Device:
        if len(devices) == 1 and not devices[0].closed:
            raise AssertionError("opened twice without closing")
        devices.append(Device())
        return devices[-1]

    with working(worker_for(opener, ear)):
        ear.hears(DeviceUp)
        devices[0].broken = True
        ear.hears(DeviceDown)
        ear.hears(DeviceUp, times=2)

    assert devices[0].closed
    assert sum(isinstance(event, DeviceDown) for event in ear.heard) == 1


def test_a_device_that_is_not_there_is_told_once_and_its_chores_are_answered_at_once() -> None:
    ear = Ear()

    def opener() -> Device:
        raise DeviceLost("not plugged in")

    worker = worker_for(opener, ear)
    with working(worker):
        ear.hears(DeviceDown)
        worker.ask(Chore(run=lambda _: (), otherwise=lambda: (StackChanged(frozenset()),)))
        ear.hears(StackChanged)
        time.sleep(0.3)  # two more tries to open it

    assert sum(isinstance(event, DeviceDown) for event in ear.heard) == 1


def test_a_chore_that_loses_the_device_is_not_the_end_of_the_worker() -> None:
    ear = Ear()

    def fall(_device: Device) -> Iterator[Event]:
        yield StackChanged(frozenset())
        raise DeviceLost("in mid-chore")

    worker = worker_for(Device, ear)
    with working(worker):
        ear.hears(DeviceUp)
        worker.ask(Chore(run=fall, otherwise=lambda: ()))
        ear.hears(StackChanged)
        ear.hears(DeviceUp, times=2)


def test_backoff_doubles_up_to_its_most_and_starts_anew() -> None:
    backoff = Backoff(first=0.1, most=0.5)

    assert [backoff.wait() for _ in range(4)] == [0.1, 0.2, 0.4, 0.5]

    backoff.reset()

    assert backoff.wait() == 0.1


def test_a_library_that_does_not_answer_is_an_event_and_the_next_question_is_asked() -> None:
    ear = Ear()
    worker = LibraryWorker(ear.tell, FakeLibrary())

    def fail() -> tuple[Event, ...]:
        raise LibraryUnreachable("the ledger is locked")

    with working(worker):
        worker.ask(Question(fail, lambda why: LibraryFailed(1, why)))
        worker.ask(Question(lambda: (LibraryBack(),), lambda why: LibraryFailed(2, why)))
        ear.hears(LibraryFailed)
        ear.hears(LibraryBack)

    assert ear.heard[0] == LibraryFailed(1, "the ledger is locked")


def test_an_idle_library_is_tidied_and_a_silent_one_is_tidied_another_day() -> None:
    library = FakeLibrary()
    worker = LibraryWorker(Ear().tell, library, tidy_every=0.0)

    with working(worker):
        until = time.monotonic() + SOON
        while library.tidied < 1 and time.monotonic() < until:
            time.sleep(0.01)
        library.silent = True
        time.sleep(1.2)  # one more idle round, in which tidying fails

    assert library.tidied >= 1
    assert library.pulses >= 1
