"""The journal as the sync sees it: what the centre has not got, in order, and what it said it has.

Belongs to the sync's own thread and connection. Words of the journal are handed on as they stand.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from kiosk.store.tables import epochs, journal


@dataclass(frozen=True, slots=True)
class Unsent:
    """One journal row the centre has not got; the fields are the row's."""

    seq: int
    id: str
    type: str
    payload: str
    at: datetime
    monotonic: float
    boot: str
    trusted: bool
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one epoch that follow each other without a gap."""

    epoch: str
    rows: tuple[Unsent, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much the centre has not got, and since when."""

    rows: int
    oldest: datetime | None


_WAITING = (
    select(journal)
    .join(epochs, epochs.c.id == journal.c.epoch)
    .where(journal.c.seq > epochs.c.acknowledged, journal.c.epoch.not_in(bindparam("but", expanding=True)))
)
_OLDEST = _WAITING.order_by(journal.c.position).limit(1)
_AFTER = select(journal).where(journal.c.epoch == bindparam("of"), journal.c.seq >= bindparam("first"))
_LAST_GIVEN = (
    select(journal)
    .join(epochs, epochs.c.id == journal.c.epoch)
    .where(journal.c.seq <= epochs.c.acknowledged)
    .order_by(journal.c.position.desc())
    .limit(1)
)
_LAST = select(func.max(journal.c.position))


def next_batch(connection: Connection, most: int, most_bytes: int, but: Collection[str] = ()) -> Batch | None:
    """Pick the oldest rows of one epoch the centre has not got; epochs in *but* are passed over."""
    first = connection.execute(_OLDEST, {"but": list(but)}).one_or_none()
    if first is None:
        return None
    rows = connection.execute(_AFTER.order_by(journal.c.seq).limit(most), {"of": first.epoch, "first": first.seq})
    picked: list[Unsent] = []
    size = 0
    for row in rows:
        size += len(row.payload.encode())
        if picked and (size > most_bytes or row.seq != picked[-1].seq + 1):
            break
        picked.append(_unsent(row))
    return Batch(first.epoch, tuple(picked))


def newest_acknowledged(connection: Connection) -> Batch | None:
    """Pick the last row the centre said it has: one restored from a backup lacks this one first."""
    row = connection.execute(_LAST_GIVEN).one_or_none()
    return None if row is None else Batch(row.epoch, (_unsent(row),))


def last_position(connection: Connection) -> int:
    """Say how far the journal is written: it changes with every decision."""
    return int(connection.execute(_LAST).scalar() or 0)


def backlog(connection: Connection) -> Backlog:
    waiting = _WAITING.subquery()
    count, oldest = connection.execute(select(func.count(), func.min(waiting.c.at)), {"but": []}).one()
    return Backlog(count, oldest)


def acknowledge(connection: Connection, epoch: str, have: int) -> None:
    """Note that the centre has everything of *epoch* up to *have*. A lower number than before takes it back."""
    connection.execute(update(epochs).where(epochs.c.id == epoch).values(acknowledged=have))


def acknowledge_nothing(connection: Connection) -> None:
    """Take back every acknowledgement of rows still kept: another centre has to be asked what it has."""
    first = select(func.min(journal.c.seq)).where(journal.c.epoch == epochs.c.id).scalar_subquery()
    connection.execute(
        update(epochs).where(first.is_not(None), epochs.c.acknowledged >= first).values(acknowledged=first - 1)
    )


def _unsent(row: Row[Any]) -> Unsent:
    said = row._asdict()
    return Unsent(**{name: said[name] for name in Unsent.__slots__})
