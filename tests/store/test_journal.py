"""The journal: one row per decision, numbered without gaps, chained so that no row can be changed unseen."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.store import Moment, Store, open_store
from kiosk.store.journal import GENESIS, Entry, EventType

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 12.5)
LATER = Moment(NOON.at + timedelta(days=40), 99.0, trusted=False)


def record(store: Store, count: int, moment: Moment = NOON) -> None:
    for number in range(count):
        store.carry_out(lambda work, n=number: work.journal.record(EventType.LENT, {"n": n}), moment)


def entries(store: Store) -> list[Entry]:
    with store.reading(NOON) as work:
        return list(work.journal.entries())


def first_break(store: Store) -> int | None:
    with store.reading(NOON) as work:
        return work.journal.first_break()


def test_a_row_says_what_when_and_by_which_clock(store: Store) -> None:
    facts = {"due": NOON.at.date(), "fee": Decimal("1.50"), "at": NOON.at, "none": None, "title": "Кобзар"}

    event = store.carry_out(lambda work: work.journal.record(EventType.RETURNED, facts), LATER)

    (row,) = entries(store)
    assert (row.id, row.type, row.seq, row.prev_hash) == (event, EventType.RETURNED, 1, GENESIS)
    assert (row.at, row.monotonic, row.trusted) == (LATER.at, 99.0, False)
    assert (row.epoch, row.boot) == (store.run.epoch, store.run.boot)
    assert row.payload == ('{"at":"2026-03-02T10:00:00.000000+00:00","due":"2026-03-02","fee":"1.50","title":"Кобзар"}')


def test_numbers_have_no_gaps_though_decisions_fail(store: Store) -> None:
    record(store, 2)
    with store.deciding(NOON) as work:
        work.journal.record(EventType.LENT, {"never": "said commit"})
    record(store, 1)

    assert [row.seq for row in entries(store)] == [1, 2, 3]
    assert first_break(store) is None


def test_every_run_counts_from_one_in_an_epoch_of_its_own_and_the_chain_goes_on(tmp_path: Path) -> None:
    for _ in range(3):
        with closing(open_store(tmp_path / "station.db")) as store:
            record(store, 2)

    with closing(open_store(tmp_path / "station.db")) as store:
        rows = entries(store)
        assert [row.seq for row in rows] == [1, 2] * 3
        assert len({row.epoch for row in rows}) == 3
        assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
        assert first_break(store) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET payload = '{\"n\":7}' WHERE position = 3",
        "UPDATE journal SET at = '2026-03-01T10:00:00.000000Z' WHERE position = 3",
        "UPDATE journal SET trusted = 0 WHERE position = 3",
        "UPDATE journal SET type = 'renewed' WHERE position = 3",
        "UPDATE journal SET seq = 30 WHERE position = 3",
        "DELETE FROM journal WHERE position = 2",
        "UPDATE journal SET position = 0 WHERE position = 3",
    ],
)
def test_a_changed_removed_or_moved_row_breaks_the_chain(store: Store, tampering: str) -> None:
    record(store, 5)

    store.look(lambda connection: connection.exec_driver_sql(tampering))

    assert first_break(store) in (0, 3)


def test_a_bit_flipped_on_the_disk_breaks_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with closing(open_store(path)) as store:
        store.carry_out(lambda work: work.journal.record(EventType.LENT, {"item": "0012345678"}), NOON)
    raw = path.read_bytes()
    assert raw.count(b'"item":"0012345678"') == 1

    path.write_bytes(raw.replace(b'"item":"0012345678"', b'"item":"0012345679"'))

    with closing(open_store(path)) as store:
        assert first_break(store) == 1


def test_the_sync_reads_what_is_not_acknowledged_in_order(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db")) as earlier:
        record(earlier, 3)
    with closing(open_store(tmp_path / "station.db")) as store:
        record(store, 2)

        store.carry_out(lambda work: work.journal.acknowledge(earlier.run.epoch, 2), NOON)

        with store.reading(NOON) as work:
            assert [row.seq for row in work.journal.unacknowledged()] == [3, 1, 2]
            assert [row.seq for row in work.journal.unacknowledged(limit=2)] == [3, 1]


def test_a_centre_restored_from_a_backup_is_sent_everything_it_lost(store: Store) -> None:
    record(store, 4)
    store.carry_out(lambda work: work.journal.acknowledge(store.run.epoch, 4), NOON)

    store.carry_out(lambda work: work.journal.acknowledge(store.run.epoch, 1), NOON)

    with store.reading(NOON) as work:
        assert [row.seq for row in work.journal.unacknowledged()] == [2, 3, 4]


def test_only_acknowledged_rows_are_forgotten_and_the_rest_still_proves_itself(store: Store) -> None:
    record(store, 4)
    record(store, 2, LATER)
    store.carry_out(lambda work: work.journal.acknowledge(store.run.epoch, 3), NOON)

    forgotten = store.carry_out(lambda work: work.journal.forget(LATER.at), NOON)

    assert forgotten == 3
    assert [row.seq for row in entries(store)] == [4, 5, 6]
    assert first_break(store) is None


def test_a_journal_forgotten_to_the_end_goes_on_where_it_was(store: Store) -> None:
    record(store, 3)
    store.carry_out(lambda work: work.journal.acknowledge(store.run.epoch, 3), NOON)
    store.carry_out(lambda work: work.journal.forget(LATER.at), NOON)

    record(store, 1)

    assert [(row.position, row.prev_hash == GENESIS) for row in entries(store)] == [(4, False)]
    assert first_break(store) is None


def test_a_whole_number_of_seconds_proves_itself_too(store: Store) -> None:
    record(store, 1, Moment(NOON.at, 3))

    assert first_break(store) is None


def test_a_fact_no_row_can_hold_is_refused(store: Store) -> None:
    with pytest.raises(TypeError, match="cannot hold a set"):
        store.carry_out(lambda work: work.journal.record(EventType.LENT, {"tags": {"E0"}}), NOON)


def test_the_file_can_be_read_without_this_program(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db")) as store:
        record(store, 1)

    with closing(sqlite3.connect(tmp_path / "station.db")) as plain:
        assert plain.execute("SELECT type, at FROM journal").fetchall() == [("lent", "2026-03-02T10:00:00.000000Z")]


def test_a_run_whose_rows_were_all_forgotten_counts_on_and_never_tells_two_things_under_one_number(
    store: Store,
) -> None:
    record(store, 3)
    store.carry_out(lambda work: work.journal.acknowledge(store.run.epoch, 3), NOON)
    store.carry_out(lambda work: work.journal.forget(LATER.at), NOON)

    record(store, 1)

    assert [row.seq for row in entries(store)] == [4]
