"""One decision is kept whole or not at all, whatever the disk says to it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CategoryId,
    Item,
    ItemId,
    ItemTypeId,
    Loan,
    LoanId,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.store import Moment, Store, StoreFull, open_store
from kiosk.store.ballast import Ballast
from kiosk.store.errors import StoreBusy, StoreReadOnly
from kiosk.store.journal import EventType, Run
from kiosk.store.seed import Stock, seed
from kiosk.store.unit_of_work import UnitOfWork

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)
WORDS = {"words": "a long story " * 1000}


def write(work: UnitOfWork) -> str:
    return work.journal.record(EventType.LENT, WORDS)


def rows(store: Store) -> int:
    with store.reading(NOON) as work:
        return len(list(work.journal.entries()))


def limit(store: Store, pages: int) -> None:
    """Let the database grow no further: SQLite's own SQLITE_FULL, without filling a disk."""
    store.look(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))


def test_a_decision_nobody_committed_never_was(store: Store) -> None:
    with store.deciding(NOON) as work:
        write(work)

    assert rows(store) == 0


def test_a_decision_that_fails_half_way_never_was(store: Store) -> None:
    def fail_half_way(work: UnitOfWork) -> float:
        write(work)
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        store.carry_out(fail_half_way, NOON)

    assert rows(store) == 0


def test_a_copy_is_never_lent_twice_whatever_the_program_does(store: Store) -> None:
    item = Item(ItemId("i"), Title(TitleId("t"), "T"), ItemTypeId("book"), BranchId("b"))
    people = [Patron(PatronId(name), CardNumber(name), "A", "B", CategoryId("adult"), BranchId("b")) for name in "pq"]
    seed(store, Stock(items=[item], patrons=people))
    loans = [Loan(LoanId(one.id), item.id, one.id, item.type, NOON.at, date(2026, 4, 1)) for one in people]
    store.carry_out(lambda work: work.loans.lend(loans[0]), NOON)

    with pytest.raises(IntegrityError):
        store.carry_out(lambda work: work.loans.lend(loans[1]), NOON)

    with store.reading(NOON) as work:
        assert work.loans.open_of_items([item.id]) == {item.id: loans[0]}


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with store.deciding(NOON) as work:
        write(work)

        assert rows(store) == 0


def test_a_writer_waits_and_then_says_who_is_in_the_way(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db", busy_ms=30)) as store:
        with store.deciding(NOON) as other:
            write(other)
            with pytest.raises(StoreBusy, match="another program holds the database"):
                store.carry_out(write, NOON)
            other.commit()
        store.carry_out(write, NOON)

        assert rows(store) == 2


def test_a_database_that_may_not_be_written_is_named(store: Store) -> None:
    store.look(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))

    with pytest.raises(StoreReadOnly):
        store.carry_out(write, NOON)


# --- a full disk ----------------------------------------------------------------------------------------


def test_on_a_full_disk_nothing_is_half_kept_and_everything_can_be_read(store: Store) -> None:
    store.carry_out(write, NOON)
    limit(store, 1)

    with pytest.raises(StoreFull, match="the disk is full"):
        store.carry_out(write, NOON)

    assert rows(store) == 1
    limit(store, 100_000)
    store.carry_out(write, NOON)
    with store.reading(NOON) as work:
        assert [entry.seq for entry in work.journal.entries()] == [1, 2]


class Room(Ballast):
    """A ballast whose dropping truly makes room: the database may grow again."""

    def __init__(self, path: Path, make_room: Callable[[], None]) -> None:
        super().__init__(path, 1)
        self._make_room = make_room

    def drop(self) -> bool:
        dropped = super().drop()
        if dropped:
            self._make_room()
        return dropped


@pytest.fixture
def full(store: Store, tmp_path: Path) -> Store:
    room = Room(tmp_path / "ballast", lambda: limit(store, 100_000))
    room.take_aboard()
    return Store(store._engine, room, Run("an-epoch", "a-boot"))


def test_the_ballast_goes_and_the_decision_is_taken_once_more(full: Store, tmp_path: Path) -> None:
    limit(full, 1)

    full.carry_out(write, NOON)

    assert rows(full) == 1
    assert not (tmp_path / "ballast").exists()


def test_the_ballast_comes_back_when_there_is_room(full: Store, tmp_path: Path) -> None:
    limit(full, 1)
    full.carry_out(write, NOON)

    assert full.reserve_room()
    assert (tmp_path / "ballast").stat().st_size == 1024 * 1024


def test_without_ballast_a_full_disk_is_said_at_once(full: Store) -> None:
    limit(full, 1)
    full.carry_out(write, NOON)
    limit(full, 1)

    with pytest.raises(StoreFull):
        full.carry_out(write, NOON)


def test_a_ballast_is_aboard_from_the_start_and_takes_real_room(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db", ballast_mb=2)):
        pass

    taken = (tmp_path / "station.db.ballast").stat()
    assert (taken.st_size, taken.st_blocks * 512) == (2 * 1024 * 1024, 2 * 1024 * 1024)


def test_a_ballast_the_disk_has_no_room_for_is_left_ashore(tmp_path: Path) -> None:
    too_much = Ballast(tmp_path / "ballast", 1_000_000_000)

    assert too_much.take_aboard() is False
    assert list(tmp_path.iterdir()) == []


def test_a_long_decision_of_another_program_is_seen_whole(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "station.db")) as other:
        before = other.execute("SELECT count(*) FROM journal").fetchone()
        store.carry_out(lambda work: [write(work) for _ in range(3)], NOON)
        after = other.execute("SELECT count(*) FROM journal").fetchone()

    assert (before, after) == ((0,), (3,))
