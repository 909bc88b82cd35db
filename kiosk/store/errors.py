"""The few ways the database may say no, told apart by what somebody should do.

StoreError           anything the database has to say against
  StoreFull          no room on the disk: make room, try again
  StoreBusy          another program holds it: try again
  StoreReadOnly      it may be read and not written: mend rights or the disk
  StoreBroken        unreadable, or the disk fails under it: a technician
    StoreSetAside    it was unreadable at the start and moved out of the way: somebody decides
  StoreTooNew        written by a newer version of this program: install that one
"""

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError


class StoreError(Exception):
    """Anything the database has to say against; the message says what was wrong and what to do."""


class StoreFull(StoreError):
    """The disk is full. Nothing of the decision was kept; the next one may fit."""


class StoreBusy(StoreError):
    """Another program is writing and did not finish in time. Nothing of the decision was kept."""


class StoreReadOnly(StoreError):
    """The database may be read and not written."""


class StoreBroken(StoreError):
    """The database cannot be read, or the disk fails under it."""


class StoreSetAside(StoreBroken):
    """The database was unreadable when opened and lies at `kept_at` now; nothing was created in its place.

    It may hold loans the centre has not heard of, so only a person (or a rebuild) may begin a new one.
    """

    def __init__(self, message: str, kept_at: Path) -> None:
        super().__init__(message)
        self.kept_at = kept_at


class StoreTooNew(StoreError):
    """The database was written by a newer version of this program."""


_WORDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (StoreFull, "the disk is full: delete what is not needed, then try again"),
    sqlite3.SQLITE_BUSY: (StoreBusy, "another program holds the database: close it, then try again"),
    sqlite3.SQLITE_LOCKED: (StoreBusy, "another program holds the database: close it, then try again"),
    sqlite3.SQLITE_READONLY: (StoreReadOnly, "the database may not be written: check the rights and the disk"),
    sqlite3.SQLITE_PERM: (StoreReadOnly, "the database may not be written: check the rights of its folder"),
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnly, "the database cannot be opened: check its folder and its rights"),
    sqlite3.SQLITE_CORRUPT: (StoreBroken, "the database is damaged: stop the station and call a technician"),
    sqlite3.SQLITE_NOTADB: (StoreBroken, "the file is not a database: stop the station, call a technician"),
    sqlite3.SQLITE_IOERR: (StoreBroken, "the disk fails: stop the station and replace the disk"),
}


def is_refusal(error: BaseException | None) -> bool:
    """Say whether *error* is the database refusing, not a fault in what it was asked."""
    return isinstance(error, sqlite3.Error | DBAPIError) and not isinstance(error, IntegrityError)


def store_error(error: BaseException) -> StoreError:
    """Turn what SQLite said into a StoreError, by the primary result code (sqlite.org/rescode.html)."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    kind, words = _WORDS.get(code, (StoreError, "the database refused: see what it said"))
    return kind(f"{words} ({cause})")
