"""Snapshots: taken in step by step beside a station that works, and what they never name is gone in the end."""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.circulation.model import ItemStatus
from kiosk.store.replica import take_page
from kiosk.store.replica.position import position_of
from kiosk.wire.messages import Page
from tests.library.desk_stand import OLENA, DeskStand, copy
from tests.store import told
from tests.store.told import Teller, ask


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


@pytest.fixture
def centre(desk: DeskStand) -> Teller:
    return Teller(desk)


def known(desk: DeskStand, table: str) -> list[str]:
    return [row[0] for row in ask(desk, f"SELECT id FROM {table} ORDER BY id")]


def test_what_a_snapshot_never_names_is_gone(desk: DeskStand, centre: Teller) -> None:
    intake = centre.snapshot()
    intake.take([told.title("eneida"), told.item("eneida"), told.patron("olena")])
    intake.part_done()

    intake.finish()

    assert known(desk, "items") == ["eneida"]
    assert known(desk, "patrons") == [OLENA]
    assert position_of(desk.store).cursor == "first-life:0:900"


def test_what_was_lent_meanwhile_and_before_it_was_heard_of_stays(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    intake = centre.snapshot()
    intake.take([told.title("zapovit"), told.item("zapovit"), told.title("eneida"), told.item("eneida")])
    desk.lend(OLENA, copy("k2", "zapovit"))

    intake.finish()

    assert desk.loans_of(OLENA) == ["eneida", "zapovit"]
    assert desk.item("eneida").status is ItemStatus.AVAILABLE


def test_a_loan_the_snapshot_does_not_know_though_it_was_heard_is_over(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    centre.hear_all()
    intake = centre.snapshot()
    intake.take([told.item("eneida"), told.patron("olena")])

    intake.finish()

    assert desk.loans_of(OLENA) == []


def test_a_snapshot_broken_off_goes_on_where_it_was(desk: DeskStand, centre: Teller) -> None:
    intake = centre.snapshot()
    intake.take([told.title("eneida"), told.item("eneida")])
    intake.part_done()
    intake.take([told.patron("olena")])
    desk.restart()

    again = centre.snapshot()
    begun = (again.progress.parts, again.progress.lines)
    again.take([told.patron("taras")])
    again.part_done()
    again.finish()

    assert begun == (1, 1)
    assert known(desk, "patrons") == [OLENA, "p-taras"]
    assert known(desk, "items") == ["eneida"]


def test_another_snapshot_begins_from_the_start(desk: DeskStand, centre: Teller) -> None:
    centre.snapshot("s1").take([told.item("eneida"), told.item("kobzar")])

    other = centre.snapshot("s2")
    begun = (other.progress.parts, other.progress.lines)
    other.take([told.item("kobzar")])
    other.finish()

    assert begun == (0, 0)
    assert known(desk, "items") == ["kobzar"]


def test_a_snapshot_of_a_centre_that_is_no_more_leads_nowhere(desk: DeskStand, centre: Teller) -> None:
    intake = centre.snapshot()
    centre.arrive("second-life")

    arrived = intake.finish()

    assert not arrived
    assert position_of(desk.store).incarnation == "second-life"


def test_a_station_killed_in_the_middle_of_pages_stands_where_its_rows_do(desk: DeskStand, centre: Teller) -> None:
    chance = random.Random(1)
    desk.store.close()
    for _ in range(8):
        child = os.fork()
        if child == 0:
            signal.setitimer(
                signal.ITIMER_PROF, chance.uniform(0.02, 0.1)
            )  # of its own work, however busy the computer
            signal.signal(signal.SIGPROF, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            while True:
                place = position_of(desk.store)
                number = int(place.cursor.rpartition(":")[2]) + 1
                rows = [told.item(f"page-{number}-{row}", title="t-eneida") for row in range(100)]
                page = Page(incarnation=place.incarnation, cursor=f"first-life:0:{number}", changes=tuple(rows),
                            more=True, heard={})  # fmt: skip
                take_page(desk.store, page, place, told.LATER)
        os.waitpid(child, 0)

    pages = int(position_of(desk.store).cursor.rpartition(":")[2])

    assert pages > 8
    assert len([name for name in known(desk, "items") if name.startswith("page-")]) == 100 * pages


def test_a_station_killed_in_the_middle_of_a_step_has_taken_it_in_or_not(desk: DeskStand, centre: Teller) -> None:
    rows = [told.item(f"book-{number}", title="t-eneida") for number in range(3000)]
    desk.store.close()
    for _ in range(3):
        child = os.fork()
        if child == 0:
            intake = Teller.snapshot(centre)
            at = intake.progress.lines
            if at:
                os.kill(os.getpid(), signal.SIGKILL)
            for start in range(0, 3000, 100):
                intake.take(rows[start : start + 100])
                if start == 1500:
                    os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)

    intake = centre.snapshot()
    lines = intake.progress.lines
    intake.take(rows[lines:])
    intake.finish()

    assert lines == 1600
    assert len(known(desk, "items")) == 3000
