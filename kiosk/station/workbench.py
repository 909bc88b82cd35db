"""What a technician does on the station's own devices: a function handed to the thread that owns the device.

The station opens each port once, so nobody else can; here a thread of the console hands its work to that owner and
waits for the answer, for as long as it says and no longer.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from kiosk.devices import DeviceError, DeviceLost
from kiosk.station.events import Event
from kiosk.station.workers import Chore, Closable, DeviceWorker

D = TypeVar("D", bound=Closable)
R = TypeVar("R")


class WorkbenchBusy(DeviceError):
    """The device did not get round to it in time; what was asked is not done any more."""


class _Task(Generic[R]):
    """Done once or given up, never both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._begun = False
        self._given_up = False
        self.answers: list[R] = []
        self.error: Exception | None = None

    def begin(self) -> bool:
        with self._lock:
            self._begun = not self._given_up
            return self._begun

    def give_up(self) -> bool:
        """Take it back; False when it has begun already."""
        with self._lock:
            self._given_up = not self._begun
            return self._given_up

    def end(self) -> None:
        self._over.set()

    def wait(self, seconds: float) -> bool:
        return self._over.wait(seconds)


def work(worker: DeviceWorker[D], do: Callable[[D], R], within: float) -> R:
    """Have *do* done on the device of *worker* and hand back what it says. From any thread but the worker's.

    *do* must be done in less than the watchdog waits (10 s). Raises: what *do* raises; DeviceLost - it is not there;
    WorkbenchBusy - it was not begun, or not done, *within* seconds.
    """
    task: _Task[R] = _Task()

    def run(device: D) -> Iterable[Event]:
        if task.begin():
            try:
                task.answers.append(do(device))
            except DeviceLost as lost:
                task.error = lost
                raise
            except Exception as error:  # noqa: BLE001 - it is whoever asked who has to know
                task.error = error
            finally:
                task.end()
        return ()

    def nobody() -> Iterable[Event]:
        task.error = DeviceLost(worker.condition.says)
        task.end()
        return ()

    worker.ask(Chore(run, nobody))
    if not task.wait(within):
        task.give_up()
        raise WorkbenchBusy(f"{worker.name}: not done within {within:g} s; try again")
    if task.error is not None:
        raise task.error
    return task.answers[0]
