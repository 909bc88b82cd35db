"""Opens the station's database and hands out units of work. Durable means durable: WAL, a sync on every commit.

Knows SQLite and the disk; knows nothing of what is stored. Why these pragmas: docs/decisions/0006.
"""

import logging
import secrets
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from kiosk.store.ballast import Ballast
from kiosk.store.clock import Moment
from kiosk.store.errors import StoreBroken, StoreError, StoreFull, StoreSetAside, is_refusal, store_error
from kiosk.store.identifiers import new_epoch
from kiosk.store.journal import Run
from kiosk.store.schema import bring_up_to_date, holds_work
from kiosk.store.set_aside import find_set_aside, set_aside
from kiosk.store.tables import journal
from kiosk.store.turns import Turns
from kiosk.store.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

BUSY_MS = 2000
"""How long a decision waits for another program to finish writing; well below what a patron takes for broken."""
_PATIENT_MS = 10_000
"""Likewise for work nobody waits for."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

Answer = TypeVar("Answer")


class Store:
    """The open database. Every opening is an epoch of its own: its journal numbers count from 1."""

    def __init__(self, engine: Engine, ballast: Ballast, run: Run, turns: Turns | None = None) -> None:
        self.run = run
        self._turns = turns or Turns()
        self._engine = engine
        self._ballast = ballast

    def reading(self, moment: Moment) -> UnitOfWork:
        """Look without waiting for anyone who writes."""
        return UnitOfWork(self._engine, moment, self.run, None)

    def deciding(self, moment: Moment) -> UnitOfWork:
        """Begin a decision. Nothing is kept unless its `commit()` is said."""
        return UnitOfWork(self._engine, moment, self.run, self._turns)

    def carry_out(self, decision: Callable[[UnitOfWork], Answer], moment: Moment) -> Answer:
        """Take *decision* and commit it; durable when this returns. On a full disk room is made, and once more.

        *decision* may therefore run again and must touch nothing but its unit of work. Raises: StoreError.
        """
        for make_room in (self._fold_log, self._drop_ballast):
            try:
                return self._take(decision, moment)
            except StoreFull:
                if not make_room():
                    raise
        return self._take(decision, moment)

    def _fold_log(self) -> bool:
        """Fold the write-ahead log into the database, as far as it goes: that gives back up to 4 MB."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")  # a log is folded outside of any transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:
            logger.warning("the log could not be folded: %s", store_error(error))
        return True

    def _drop_ballast(self) -> bool:
        return self._ballast.drop() and self._fold_log()

    def _take(self, decision: Callable[[UnitOfWork], Answer], moment: Moment) -> Answer:
        with self.deciding(moment) as work:
            answer = decision(work)
            work.commit()
        if not self._ballast.aboard:
            self._fold_log()  # with no room to spare, the log may not grow: folding it needs room itself
        return answer

    def last_durable(self) -> datetime | None:
        """Say when the latest journal row was booked: no time before it can be now. Raises: StoreError."""
        latest = select(journal.c.at).order_by(journal.c.position.desc()).limit(1)
        return self.look(lambda connection: connection.execute(latest).scalar())

    def look(self, question: Callable[[Connection], Answer], *, writes: bool = True) -> Answer:
        """Ask *question* of the bare connection, read or write, in a transaction. Raises: StoreError."""
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        turn = self._turns.mine(_PATIENT_MS / 1000) if writes else nullcontext()
        try:
            with turn, self._engine.connect().execution_options(begin=begin) as connection, connection.begin():
                return question(connection)
        except Exception as error:
            if is_refusal(error):
                raise store_error(error) from error
            raise

    def beside(self) -> "Store":
        """Open the same file once more, for work beside the desk: patient, without ballast, not synced on commit.

        What is lost with the power there is fetched or sent again; a decision at the desk syncs it along. Close it.
        """
        path = self.path
        engine = _engine(path, _PATIENT_MS, synchronous="NORMAL")
        return Store(engine, Ballast(path.with_name(path.name + ".ballast"), 0), self.run, self._turns)

    def trace(self) -> tuple[int, int] | None:
        """Say what the log looks like from outside: another look means that somebody wrote. None without a log."""
        try:
            log = self.path.with_name(self.path.name + "-wal").stat()
        except OSError:
            return None
        return log.st_mtime_ns, log.st_size

    @property
    def path(self) -> Path:
        """Say where the database lies."""
        return Path(str(self._engine.url.database))

    def reserve_room(self) -> bool:
        """Take the ballast aboard again once the disk has room; False while it has not."""
        return self._ballast.take_aboard()

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self._engine.dispose()


def open_store(path: Path, *, ballast_mb: int = 0, busy_ms: int = BUSY_MS, begin_anew: bool = False) -> Store:
    """Open the database at *path*, made when there is none, brought to this version when it is older.

    A damaged one is moved aside and StoreSetAside raised, as often as it is tried, until somebody says
    *begin_anew*. One that is damaged and holds nothing to lose is replaced at once.
    Raises: StoreSetAside; StoreTooNew; StoreError.
    """
    kept = None if path.exists() or begin_anew else find_set_aside(path)
    if kept is not None:
        raise _set_aside_error(path, kept)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of {path} cannot be made: {error}") from error
    engine = _engine(path, busy_ms)
    try:
        _check(engine)
        bring_up_to_date(engine, path)
    except StoreBroken as error:
        engine.dispose()
        return _without(path, error, ballast_mb=ballast_mb, busy_ms=busy_ms)
    except BaseException:
        engine.dispose()
        raise
    ballast = Ballast(path.with_name(path.name + ".ballast"), ballast_mb)
    ballast.take_aboard()
    return Store(engine, ballast, Run(new_epoch(), _boot_id()))


def _without(path: Path, error: StoreBroken, *, ballast_mb: int, busy_ms: int) -> Store:
    """Move a damaged database aside; begin anew only when it verifiably held nothing to lose."""
    held = holds_work(path)
    kept = set_aside(path)
    if held:
        logger.critical("%s is damaged and was moved to %s: %s", path, kept, error)
        raise _set_aside_error(path, kept) from error
    logger.error("%s was damaged and held no loans; it lies at %s and a new one was begun: %s", path, kept, error)
    return open_store(path, ballast_mb=ballast_mb, busy_ms=busy_ms, begin_anew=True)


def _set_aside_error(path: Path, kept: Path) -> StoreSetAside:
    return StoreSetAside(
        f"{path} was damaged and lies at {kept}. It may hold loans the centre has not heard of: "
        "keep that file, let a technician look at it, and only then begin a new one.",
        kept,
    )


def _engine(path: Path, busy_ms: int, synchronous: str = "FULL") -> Engine:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)  # what it refuses is logged: names must not be

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # sqlite3's switch: we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_ms:d}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _check(engine: Engine) -> None:
    """Read every page once. Finds torn and swapped pages; flipped bits in rows are found by the hash chain."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except Exception as error:
        if is_refusal(error):
            raise store_error(error) from error
        raise
    if found != "ok":
        raise StoreBroken(f"the database is damaged: {found}")


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return secrets.token_hex(16)
