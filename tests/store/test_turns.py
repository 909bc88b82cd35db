"""The desk and the sync write in turns: neither keeps the other out, however busy it is."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.turns import Turns
from tests.library.desk_stand import OLENA, DeskStand, copy
from tests.store import told
from tests.store.told import Teller


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


def test_who_waits_longest_is_next() -> None:
    turns, order = Turns(), []
    assert turns.take(0)

    def wait(name: str, queued: threading.Event) -> None:
        queued.set()
        with turns.mine(10):
            order.append(name)

    threads = []
    for name in ("first", "second", "third"):
        queued = threading.Event()
        threads.append(threading.Thread(target=wait, args=(name, queued)))
        threads[-1].start()
        queued.wait()
        while len(turns._queue) < len(threads):
            pass
    turns.give()
    for thread in threads:
        thread.join()

    assert order == ["first", "second", "third"]


def test_whoever_waits_too_long_goes_on_without_a_turn() -> None:
    turns = Turns()
    turns.take(0)

    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


def test_a_desk_that_never_pauses_and_a_snapshot_both_get_done(desk: DeskStand) -> None:
    intake, over, lent = Teller(desk).snapshot(), threading.Event(), []
    intake._store = desk.store.beside()

    def keep_lending() -> None:
        while not over.is_set():
            key = f"k{len(lent)}"
            desk.lend(OLENA, copy(key, "eneida"))
            desk.give_back(copy(f"r{key}", "eneida"))
            lent.append(key)

    lending = threading.Thread(target=keep_lending)
    lending.start()
    for start in range(0, 5000, 250):
        intake.take([told.item(f"book-{number}", title="t-eneida") for number in range(start, start + 250)])
    over.set()
    lending.join()
    intake._store.close()

    assert len(lent) > 1
    assert intake.progress.lines == 5000
