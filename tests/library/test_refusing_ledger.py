"""A ledger that refuses: said in plain words, nothing half done, and lending goes on when it is mended."""

import sqlite3
from pathlib import Path

import pytest

from kiosk.library.port import Identified, Lent, LibraryUnreachable
from kiosk.store import open_store
from tests.library.desk_stand import OLENA, DeskStand, card, copy


def test_a_full_disk_is_said_in_plain_words_and_nothing_is_lent(desk: DeskStand) -> None:
    desk.store.look(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    stack = tuple(copy(f"k{number}", "mystery", "E0" * 3000) for number in range(40))

    with pytest.raises(LibraryUnreachable, match="the disk is full"):
        desk.library.checkout(OLENA, stack)

    assert desk.told() == []
    assert desk.debts() == []


def test_a_full_disk_still_tells_who_is_there(desk: DeskStand) -> None:
    desk.store.look(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))

    assert isinstance(desk.library.identify(card("card-olena")), Identified)


def test_another_program_that_writes_for_ever_is_named(desk: DeskStand, tmp_path: Path) -> None:
    desk.store.close()
    desk.store = open_store(desk.path, busy_ms=50)
    desk.library = type(desk.library)(desk.store, desk.rules)
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(LibraryUnreachable, match="another program holds the database"):
        desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert desk.library.recognise((copy("k1", "eneida"),))
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(desk.library.checkout(OLENA, (copy("k1", "eneida"),))[0], Lent)


def test_a_ledger_that_may_not_be_written_is_named(desk: DeskStand) -> None:
    desk.store.look(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))

    with pytest.raises(LibraryUnreachable, match="may not be written"):
        desk.library.begin_checkin((copy("k1", "eneida"),))


def test_what_the_ledger_refused_is_logged_without_whom_and_what_it_was_about(
    desk: DeskStand, caplog: pytest.LogCaptureFixture
) -> None:
    desk.store.look(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    stack = tuple(copy(f"k{number}", "eneida", "E0" * 3000) for number in range(40))

    with pytest.raises(LibraryUnreachable):
        desk.library.checkout(OLENA, stack)

    assert "database or disk is full" in caplog.text
    assert "eneida" not in caplog.text
    assert OLENA not in caplog.text
