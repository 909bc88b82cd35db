"""The centre's database: opened once per process, asked and changed in transactions. Knows no rule.

PostgreSQL where it is used for real, SQLite for the demo and the smallest library; the same questions on both.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from kiosk.central.errors import CentreUnavailable

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_TRY_AGAIN = {"40001", "40P01", "55P03"}
"""SQLSTATEs that ask for the same transaction once more: serialization failure, deadlock, lock not available.

Source: PostgreSQL documentation, appendix A.
"""
_TRIES = 5
_BUSY_MS = 10_000


class Centre:
    """One network's centre. May be used by many threads; `network` is the key everything is kept under."""

    def __init__(self, engine: Engine, network: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = engine
        self.network = network
        self.now = now

    @property
    def on_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def carry_out(self, decision: Callable[[Connection], Answer]) -> Answer:
        """Run *decision* in one transaction; durable when this returns.

        A transaction the database asks to repeat runs again, so *decision* touches nothing but its connection.
        Raises: CentreUnavailable.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                with _translated(), self.engine.begin() as connection:
                    return decision(connection)
            except _Again:
                if attempt == _TRIES:
                    raise CentreUnavailable("the database asked again and again to repeat the transaction") from None
                time.sleep(0.01 * attempt)
        raise AssertionError("a loop that returns or raises")

    def look(self, question: Callable[[Connection], Answer]) -> Answer:
        """Ask *question* without waiting for anyone who writes. Raises: CentreUnavailable."""
        with _translated(), self.engine.connect() as connection:
            return question(connection.execution_options(begin="BEGIN"))

    def prepare(self, bring_up_to_date: Callable[[Engine], None]) -> None:
        """Make the tables what the program works with. Raises: CentreUnavailable, and what *bring_up_to_date* does."""
        with _translated():
            bring_up_to_date(self.engine)

    def close(self) -> None:
        self.engine.dispose()


class _Again(Exception):
    """The database asks for the same transaction once more."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
            raise _Again from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            logger.warning("the database does not answer: %s", error.orig)
            raise CentreUnavailable(f"the database does not answer: {error.orig}") from error
        raise


def open_centre(url: str, network: str, *, pool_size: int = 10) -> Centre:
    """Open the database at *url*: `postgresql+psycopg://...` or `sqlite:///...`. Creates no tables (`schema`)."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            url, hide_parameters=True, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
        )
    return Centre(engine, network)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3's switch: we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {_BUSY_MS:d}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))
