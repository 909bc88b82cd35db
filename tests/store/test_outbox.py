"""The journal as the sync sends it: run after run, without gaps, and taken back when another centre answers."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.store import Moment, Store, open_store
from kiosk.store.journal import EventType
from kiosk.store.outbox import acknowledge, acknowledge_nothing, backlog, newest_acknowledged, next_batch
from kiosk.store.replica.centres import heard, meet, vouched
from kiosk.sync.keeping import KEPT, Keeping

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 12.5)


def record(store: Store, count: int, words: str = "x") -> None:
    for _ in range(count):
        store.carry_out(lambda work: work.journal.record(EventType.LENT, {"item": words}), NOON)


def batch(store: Store, most: int = 500, most_bytes: int = 10**6) -> list[int]:
    found = store.look(lambda connection: next_batch(connection, most, most_bytes), writes=False)
    return [] if found is None else [row.seq for row in found.rows]


def test_a_batch_is_of_one_run_and_no_larger_than_agreed(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db")) as earlier:
        record(earlier, 3, "a" * 100)
    with closing(open_store(tmp_path / "station.db")) as store:
        record(store, 2)

        assert batch(store) == [1, 2, 3]
        assert batch(store, most=2) == [1, 2]
        assert batch(store, most_bytes=250) == [1, 2]
        assert batch(store, most_bytes=1) == [1]


def test_what_waits_is_counted_with_its_age(store: Store) -> None:
    record(store, 3)
    store.look(lambda connection: acknowledge(connection, store.run.epoch, 1))

    waiting = store.look(backlog, writes=False)

    assert (waiting.rows, waiting.oldest) == (2, NOON.at)


def test_another_centre_is_told_everything_still_kept(store: Store) -> None:
    record(store, 4)
    store.look(lambda connection: acknowledge(connection, store.run.epoch, 4))

    store.look(acknowledge_nothing)

    assert batch(store) == [1, 2, 3, 4]


def test_only_what_this_centre_said_itself_is_held_against_it(store: Store) -> None:
    record(store, 4)
    meet(store, "first-life")
    heard(store, "first-life", store.run.epoch, 3)
    before = vouched(store, store.run.epoch, 4)

    meet(store, "second-life")

    assert before == "first-life"
    assert vouched(store, store.run.epoch, 4) == ""
    assert not heard(store, "first-life", store.run.epoch, 4)
    assert batch(store) == [1, 2, 3, 4]


def test_the_last_event_a_centre_said_it_has_is_the_one_a_backup_lacks(store: Store) -> None:
    record(store, 3)
    assert store.look(newest_acknowledged, writes=False) is None
    store.look(lambda connection: acknowledge(connection, store.run.epoch, 2))

    last = store.look(newest_acknowledged, writes=False)

    assert last is not None
    assert [row.seq for row in last.rows] == [2]


def test_the_journal_is_kept_for_longer_than_any_backup_and_then_forgotten_once_a_day(store: Store) -> None:
    record(store, 3)
    store.look(lambda connection: acknowledge(connection, store.run.epoch, 2))
    now = [NOON.at + KEPT - timedelta(minutes=1)]
    keeping = Keeping(store, lambda: now[0])

    early = keeping.when_due()
    now[0] += timedelta(days=2)

    assert (early, keeping.when_due(), keeping.when_due()) == (0, 2, 0)
    assert batch(store) == [3]
