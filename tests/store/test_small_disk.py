"""A disk that is truly full: a file system of 3 MB, filled to the last byte."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from kiosk.store import Moment, Store, StoreFull, open_store
from kiosk.store.journal import EventType
from tests.small_disk import disk, fill_disk, on_a_small_disk

__all__ = ["disk"]

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)


def lend(store: Store, count: int) -> int:
    """Journal *count* loans of a kilobyte each; returns how many there were room for."""
    for number in range(count):
        try:
            store.carry_out(lambda work: work.journal.record(EventType.LENT, {"words": "x" * 1000}), NOON)
        except StoreFull:
            return number
    return count


@on_a_small_disk
def test_a_night_of_returns_still_fits_into_the_ballast(disk: Path) -> None:
    with closing(open_store(disk / "station.db", ballast_mb=1)) as store:
        fill_disk(disk)

        assert lend(store, 200) == 200
        assert not (disk / "station.db.ballast").exists()


@on_a_small_disk
def test_when_the_ballast_is_used_up_nothing_is_lost_and_lending_goes_on_with_room(disk: Path) -> None:
    with closing(open_store(disk / "station.db", ballast_mb=1)) as store:
        fill_disk(disk)
        fitted = lend(store, 3000)
        (disk / "rubbish").unlink()

        assert lend(store, 10) == 10
        with store.reading(NOON) as work:
            assert len(list(work.journal.entries())) == fitted + 10
            assert work.journal.first_break() is None
