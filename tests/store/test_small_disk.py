"""A disk that is truly full: a file system of 3 MB, filled to the last byte."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.store import Moment, Store, StoreFull, open_store
from kiosk.store.journal import EventType

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system can be mounted by root only")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def lend(store: Store, count: int) -> int:
    """Journal *count* loans of a kilobyte each; returns how many there were room for."""
    for number in range(count):
        try:
            store.carry_out(lambda work: work.journal.record(EventType.LENT, {"words": "x" * 1000}), NOON)
        except StoreFull:
            return number
    return count


def fill(disk: Path) -> None:
    with (disk / "rubbish").open("wb", buffering=0) as rubbish:
        try:
            while True:
                rubbish.write(b"x" * 4096)
        except OSError:
            return


def test_a_night_of_returns_still_fits_into_the_ballast(small_disk: Path) -> None:
    with closing(open_store(small_disk / "station.db", ballast_mb=1)) as store:
        fill(small_disk)

        assert lend(store, 200) == 200
        assert not (small_disk / "station.db.ballast").exists()


def test_when_the_ballast_is_used_up_nothing_is_lost_and_lending_goes_on_with_room(small_disk: Path) -> None:
    with closing(open_store(small_disk / "station.db", ballast_mb=1)) as store:
        fill(small_disk)
        fitted = lend(store, 3000)
        (small_disk / "rubbish").unlink()

        assert lend(store, 10) == 10
        with store.reading(NOON) as work:
            assert len(list(work.journal.entries())) == fitted + 10
            assert work.journal.first_break() is None
