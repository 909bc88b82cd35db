"""The ledger cannot be written: nothing is done that it does not know, and it goes on by itself when it can."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from drivers.tag_pads.feig_frames import TagCode
from kiosk.circulation.model import Reason, Refusal
from kiosk.station.view import (
    DoneView,
    ReturnsView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from kiosk.store import Moment, Store, StoreFull
from kiosk.store.journal import EventType
from tests.small_disk import disk, fill_disk, on_a_small_disk
from tests.stand import ARMED, CLEARED, PATIENCE, Shelf, Stand, Station, make_tag

__all__ = ["disk"]
SILENT = (Reason(Refusal.LIBRARY_SILENT),)
PATIENT = {"idle_s": 20, "put_back_s": 20, "finish_s": 20}


class HeldLedger:
    """Another program that begins to write the ledger and does not come to an end."""

    def __init__(self, stand: Stand) -> None:
        path = stand.settings.store.path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def hold(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


@contextmanager
def held_ledger(stand: Stand) -> Iterator[HeldLedger]:
    """Somebody who may hold the ledger; it is free again at the end."""
    held = HeldLedger(stand)
    try:
        yield held
    finally:
        held._connection.close()


@contextmanager
def no_room(stand: Stand) -> Iterator[None]:
    """Let SQLite find no page more for the ledger, down to the last line of its journal (SQLITE_FULL)."""
    store, most = stand.kiosk.store, [1]  # as many pages as there are, by SQLite's reading of too few

    def limit(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {most[0]}")

    event.listen(store._engine, "checkout", limit)
    while room_for_a_note(store):
        pass
    yield
    most[0] = 1_000_000


def room_for_a_note(store: Store) -> bool:
    moment = Moment(datetime.now(UTC), 0)
    try:
        store.carry_out(lambda work: work.journal.record(EventType.DEBT_OPENED, {}), moment)
    except StoreFull:
        return False
    return True


def settles(stand: Stand) -> None:
    """Wait until nothing is under way in the ledger any more."""
    until = time.monotonic() + PATIENCE
    while stand.open_intents():
        assert time.monotonic() < until, f"still open: {stand.open_intents()}"
        time.sleep(0.01)


# --- no room -----------------------------------------------------------------------------------------------


def test_without_room_nothing_is_lent_and_no_tag_touched_until_there_is_room_again(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(number)) for number in ("0012000001", "0012000002")]

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        with no_room(stand):
            stand.lay(*tags)
            view = stand.sees_rows(SessionView, RowState.REFUSED, RowState.REFUSED)

            assert [row.reasons for row in view.rows] == [SILENT, SILENT]
            assert {tag.afi for tag in tags} == {ARMED}
            assert stand.on_loan() == {}
            assert stand.open_intents() == []

        stand.take_away(*tags)
        stand.sees(SessionView, lambda view: view.frame.lends)
        stand.lay(*tags)
        stand.sees(SessionView, lambda view: view.lent == 2)

        assert {tag.afi for tag in tags} == {CLEARED}
        assert set(stand.on_loan()) == {"0012000001", "0012000002"}


def test_without_room_a_return_waits_armed_and_is_committed_when_there_is_room_again(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)

    with station(timing=PATIENT) as stand:
        stand.opens()
        with no_room(stand):
            stand.lay(tag)
            stand.sees_rows(StackFirstView, RowState.ASKING)
            stand.touch(Touch.RETURN)
            view = stand.sees(ReturnsView, lambda view: not view.frame.returns)

            assert [row.state for row in view.rows] == [RowState.CLOSING]
            assert stand.on_loan() == {"0012000001": "Олена"}
            assert stand.open_intents() == [("checkin", "0012000001")]
            assert tag.afi == ARMED

        done = stand.sees(DoneView)

        assert (done.returned, done.trouble) == (1, ())
        assert stand.on_loan() == {}
        assert stand.open_intents() == []


@on_a_small_disk
def test_on_a_full_disk_the_ballast_serves_one_more_visit_and_the_next_is_told(
    station: Station, shelf: Shelf, disk: Path
) -> None:
    olena = shelf.patron("Олена")
    first, second = (make_tag(shelf.item(number)) for number in ("0012000001", "0012000002"))
    ballast = disk / "station.db.ballast"

    with station(timing=PATIENT, store={"path": str(disk / "station.db"), "ballast_mb": 1}) as stand:
        stand.begin(olena)
        fill_disk(disk)
        stand.lay(first)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert not ballast.exists()

        fill_disk(disk, "more rubbish")
        stand.lay(second)
        view = stand.sees_rows(SessionView, RowState.LENT, RowState.REFUSED)

        assert SILENT in [row.reasons for row in view.rows]
        assert (first.afi, second.afi) == (CLEARED, ARMED)
        assert set(stand.on_loan()) == {"0012000001"}

        (disk / "rubbish").unlink()
        (disk / "more rubbish").unlink()
        stand.take_away(second)
        stand.sees(SessionView, lambda view: view.frame.lends)
        stand.lay(second)
        stand.sees(SessionView, lambda view: view.lent == 2)

        assert ballast.exists()


# --- held by another program -------------------------------------------------------------------------------


def test_a_ledger_held_for_a_moment_is_waited_for(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        with stand.busy_ledger():
            stand.lay(tag)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING])

            assert tag.afi == ARMED

        stand.sees(SessionView, lambda view: view.lent == 1)

        assert tag.afi == CLEARED


def test_a_ledger_held_for_long_lends_nothing_and_goes_on_by_itself_when_it_is_free(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand, held_ledger(stand) as held:
        stand.begin(olena)
        held.hold()
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.REFUSED)

        assert view.rows[0].reasons == SILENT
        assert tag.afi == ARMED

        held.let_go()
        stand.take_away(tag)
        stand.sees(SessionView, lambda view: view.frame.lends)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_ledger_held_for_long_takes_nothing_back_and_leaves_the_bit_as_it_is(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)

    with station(timing=PATIENT) as stand, held_ledger(stand) as held:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        held.hold()
        stand.touch(Touch.RETURN)
        view = stand.sees_rows(ReturnsView, RowState.REFUSED)

        assert view.rows[0].reasons == SILENT
        assert tag.afi == CLEARED

        held.let_go()
        stand.take_away(tag)
        stand.sees(ReturnsView, lambda view: view.frame.returns)
        stand.lay(tag)
        done = stand.sees(DoneView)

        assert (done.returned, tag.afi) == (1, ARMED)
        assert stand.on_loan() == {}


def test_a_loan_whose_bit_could_not_be_booked_is_green_when_the_ledger_is_free(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand, held_ledger(stand) as held:
        stand.begin(olena)
        stand.when(tag, TagCode.SYSTEM_DESCRIPTION, held.hold)
        stand.lay(tag)
        view = stand.sees(SessionView, lambda view: not view.frame.lends)

        assert [row.state for row in view.rows] == [RowState.OPENING]
        assert tag.afi == CLEARED

        held.let_go()
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert stand.open_intents() == []


def test_a_return_that_could_not_be_booked_is_booked_when_the_ledger_is_free(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)

    with station(timing=PATIENT, station={"returns": "at-once"}) as stand, held_ledger(stand) as held:
        stand.opens()
        stand.when(tag, TagCode.SYSTEM_DESCRIPTION, held.hold)
        stand.lay(tag)
        view = stand.sees(ReturnsView, lambda view: not view.frame.returns)

        assert [row.state for row in view.rows] == [RowState.CLOSING]
        assert tag.afi == ARMED
        assert stand.on_loan() == {"0012000001": "Олена"}

        held.let_go()
        done = stand.sees(DoneView)

        assert (done.returned, done.trouble) == (1, ())
        assert stand.on_loan() == {}


def test_a_return_that_could_not_be_booked_while_its_visit_lasted_is_booked_after_it(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001", title="Тигролови")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)
    hurried = {"finish_s": 0.5, "done_s": 0.5}

    with station(timing=hurried, station={"returns": "at-once"}) as stand, held_ledger(stand) as held:
        stand.opens()
        stand.when(tag, TagCode.SYSTEM_DESCRIPTION, held.hold)
        stand.lay(tag)
        stand.sees(ReturnsView, lambda view: not view.frame.returns)
        done = stand.end()

        assert [row.title for row in done.trouble] == ["Тигролови"]

        stand.take_away(tag)
        stand.sees(WelcomeView)
        held.let_go()
        settles(stand)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
