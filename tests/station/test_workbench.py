"""The workbench: a technician's work on a device, done by the thread that owns it."""

import threading
from collections.abc import Iterator

import pytest

from kiosk.devices import DeviceFacts, DeviceLost, DeviceRefused
from kiosk.station.events import DeviceKind
from kiosk.station.workbench import WorkbenchBusy, work
from kiosk.station.workers import DeviceWorker


class Lamp:
    """A device that is there, or not."""

    lost = False

    def __init__(self) -> None:
        self.thread = ""
        if Lamp.lost:
            raise DeviceLost("no lamp")

    def facts(self) -> DeviceFacts:
        return DeviceFacts("lamp", "1", "nowhere")

    def close(self) -> None:
        pass


@pytest.fixture
def worker() -> Iterator[DeviceWorker[Lamp]]:
    Lamp.lost = False
    worker: DeviceWorker[Lamp] = DeviceWorker(DeviceKind.PAD, Lamp, lambda _: (), lambda _: None, pause=0.01)
    thread = threading.Thread(target=worker.run, name="owner")
    thread.start()
    yield worker
    worker.stop()
    thread.join()


def test_the_owner_does_it_and_the_caller_gets_the_answer(worker):
    assert work(worker, lambda _: threading.current_thread().name, 5) == "owner"


def test_what_the_device_refuses_reaches_the_caller_and_the_owner_goes_on(worker):
    def refuse(_: Lamp) -> None:
        raise DeviceRefused("not today")

    with pytest.raises(DeviceRefused, match="not today"):
        work(worker, refuse, 5)
    assert work(worker, lambda lamp: lamp.facts().model, 5) == "lamp"
    assert worker.history.opened == 1


def test_a_device_that_is_lost_meanwhile_is_opened_again(worker):
    def lose(_: Lamp) -> None:
        raise DeviceLost("cable")

    with pytest.raises(DeviceLost, match="cable"):
        work(worker, lose, 5)
    assert work(worker, lambda lamp: lamp.facts().model, 5) == "lamp"
    assert [one.says for one in worker.history.troubles] == ["cable"]


def test_a_device_that_is_not_there_is_said_at_once(worker):
    Lamp.lost = True
    with pytest.raises(DeviceLost):
        work(worker, lambda _: (_ for _ in ()).throw(DeviceLost("gone")), 5)

    with pytest.raises(DeviceLost, match="lamp"):
        work(worker, lambda lamp: lamp.facts(), 5)


def test_what_was_not_begun_in_time_is_never_done(worker):
    hold, done = threading.Event(), []
    busy = threading.Thread(target=lambda: work(worker, lambda _: hold.wait(5), 6))
    busy.start()
    while worker._chores.qsize():
        pass

    with pytest.raises(WorkbenchBusy):
        work(worker, lambda _: done.append(1), 0.05)
    hold.set()
    busy.join()

    assert work(worker, lambda _: "after", 5) == "after"
    assert done == []
