"""A disk that is truly full: a file system of 3 MB, filled to the last byte."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kiosk.store import Moment, Store, StoreFull, open_store
from kiosk.store.journal import EventType

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount 3 MB on *folder*. Only root may: anybody else comes here as root of a namespace of their own."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def on_a_small_disk(test: Callable[[Path], None]) -> Callable[[Path], None]:
    """Run *test* on a disk of 3 MB, whoever runs it."""

    def run(tmp_path: Path) -> None:
        if os.geteuid() == 0:
            with small_disk(tmp_path) as disk:
                test(disk)
            return
        again = [sys.executable, "-m", "pytest", "-q", f"{__file__}::{test.__name__}"]
        subprocess.run(["unshare", "--user", "--map-root-user", "--mount", *again], check=True)

    run.__name__ = test.__name__
    return run


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


@on_a_small_disk
def test_a_night_of_returns_still_fits_into_the_ballast(disk: Path) -> None:
    with closing(open_store(disk / "station.db", ballast_mb=1)) as store:
        fill(disk)

        assert lend(store, 200) == 200
        assert not (disk / "station.db.ballast").exists()


@on_a_small_disk
def test_when_the_ballast_is_used_up_nothing_is_lost_and_lending_goes_on_with_room(disk: Path) -> None:
    with closing(open_store(disk / "station.db", ballast_mb=1)) as store:
        fill(disk)
        fitted = lend(store, 3000)
        (disk / "rubbish").unlink()

        assert lend(store, 10) == 10
        with store.reading(NOON) as work:
            assert len(list(work.journal.entries())) == fitted + 10
            assert work.journal.first_break() is None
