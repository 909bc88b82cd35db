"""What every writer of the replica stands on: the connection, the overlay, and what time it is."""

import sqlite3
from dataclasses import dataclass

from kiosk.store.replica.overlay import Overlay
from kiosk.store.replica.rows import Values

Told = dict[str, Values]
"""Rows by key, each as the values of its table."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One transaction of the sync. `at` is the moment things end at that the centre says are over."""

    connection: sqlite3.Connection
    overlay: Overlay
    at: str


def upsert(table: str, columns: tuple[str, ...], kept: tuple[str, ...] = ()) -> str:
    """Write the statement that inserts a row or brings it up to date by its first column, but for what is *kept*."""
    named, marks = ", ".join(columns), ", ".join("?" * len(columns))
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns[1:] if name not in kept)
    return (
        f"INSERT INTO {table} ({named}) VALUES ({marks})"  # noqa: S608 - our own names
        f" ON CONFLICT ({columns[0]}) DO UPDATE SET {changed}"
    )
