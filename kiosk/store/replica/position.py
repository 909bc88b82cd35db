"""Where the station stands in what the centre tells: which centre, and up to which change. Kept beside the rows."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy import Connection

from kiosk.store.engine import Store

_INCARNATION, _CURSOR, _SNAPSHOT = "sync-incarnation", "sync-cursor", "sync-snapshot"


@dataclass(frozen=True, slots=True)
class Position:
    """`incarnation` is "" before the first word of a centre; `cursor` is "" while nothing whole was taken in."""

    incarnation: str = ""
    cursor: str = ""


def position_of(store: Store) -> Position:
    """Look where the station stands. Raises: StoreError."""
    return store.look(lambda connection: position(driver_of(connection)), writes=False)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Reach through to SQLite's own connection: half a million rows go in many times faster."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection), "the station's database is SQLite"
    return driver


def position(connection: sqlite3.Connection) -> Position:
    return Position(said(connection, _INCARNATION), said(connection, _CURSOR))


def stand_at(connection: sqlite3.Connection, at: Position) -> None:
    say(connection, _INCARNATION, at.incarnation)
    say(connection, _CURSOR, at.cursor)


def snapshot_under_way(connection: sqlite3.Connection) -> str:
    """Say what was noted of the snapshot being taken in; "" when there is none."""
    return said(connection, _SNAPSHOT)


def note_snapshot(connection: sqlite3.Connection, progress: str) -> None:
    say(connection, _SNAPSHOT, progress)


def said(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def say(connection: sqlite3.Connection, name: str, value: str) -> None:
    if value:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))
    else:
        connection.execute("DELETE FROM meta WHERE name = ?", (name,))
