"""The journal: every decision once, in order, chained by hash. It is the outbox: the sync sends what stands here.

Numbers count from 1 without gaps within an epoch (one run of the program). Nothing is ever changed in it, and only
acknowledged rows are forgotten, oldest first. What the facts of an event mean is said where it is recorded.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from kiosk.store.clock import Moment
from kiosk.store.identifiers import new_id
from kiosk.store.tables import epochs, journal, meta
from kiosk.wire.journal_row import GENESIS, moment_text, row_hash

_ANCHOR = "journal-anchor"


class EventType(StrEnum):
    """Everything a station may tell the centre. The centre never refuses one: it is a fact."""

    LENT = "lent"
    LOAN_VOIDED = "loan-voided"
    RENEWED = "renewed"
    RETURNED = "returned"
    GATE_SET = "gate-set"
    DEBT_OPENED = "debt-opened"
    HOLD_PLACED = "hold-placed"
    HOLD_CANCELLED = "hold-cancelled"
    VISIT_ENDED = "visit-ended"
    RECEIPT_WANTED = "receipt-wanted"
    TAGS_READ = "tags-read"
    CARD_PROVEN = "card-proven"


@dataclass(frozen=True, slots=True)
class Run:
    """The present run of the program (`epoch`) and of the machine (`boot`)."""

    epoch: str
    boot: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `payload` is JSON text exactly as it was hashed; `position` counts over all epochs."""

    position: int
    epoch: str
    seq: int
    id: str
    type: EventType
    payload: str
    at: datetime
    monotonic: float
    boot: str
    trusted: bool
    prev_hash: str
    hash: str

    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.payload))

    def computed_hash(self) -> str:
        """Hash everything this row says, and the row before it."""
        return row_hash(
            self.prev_hash,
            self.epoch,
            self.seq,
            self.id,
            self.type,
            self.payload,
            moment_text(self.at),
            self.monotonic,
            self.boot,
            self.trusted,
        )


_HEAD = select(journal.c.hash).order_by(journal.c.position.desc()).limit(1)
_COUNT = select(func.max(journal.c.seq)).where(journal.c.epoch == bindparam("epoch"))
_FORGOTTEN = select(epochs.c.acknowledged).where(epochs.c.id == bindparam("epoch"))  # only what the centre has is
_KNOWN = select(epochs.c.id).where(epochs.c.id == bindparam("epoch"))
_APPEND = insert(journal)


class Journal:
    """The journal as one unit of work sees it."""

    def __init__(self, connection: Connection, moment: Moment, run: Run) -> None:
        self._connection = connection
        self._moment = moment
        self._run = run
        self._head: tuple[str, int] | None = None
        self.stamp: dict[str, object] = {}  # said with the facts of every row

    def record(self, type_: EventType, facts: Mapping[str, object]) -> str:
        """Write the one row of a decision; returns its event id, a version 7 UUID."""
        prev_hash, seq = self._head or self._find_head()
        row = Entry(
            position=0,  # given by the database
            epoch=self._run.epoch,
            seq=seq + 1,
            id=new_id(self._moment.at),
            type=type_,
            payload=_to_json({**self.stamp, **facts}),
            at=self._moment.at,
            monotonic=float(self._moment.monotonic),  # as it will be read back: it is hashed
            boot=self._run.boot,
            trusted=self._moment.trusted,
            prev_hash=prev_hash,
            hash="",
        )
        digest = row.computed_hash()
        self._connection.execute(_APPEND, _columns(row, digest))
        self._head = (digest, seq + 1)
        return row.id

    def entries(self) -> Iterator[Entry]:
        """Go through every row still kept, oldest first."""
        rows = self._connection.execute(select(journal).order_by(journal.c.position))
        return (_entry(row) for row in rows)

    def unacknowledged(self, limit: int = 500) -> tuple[Entry, ...]:
        """Pick the oldest rows the centre has not acknowledged, in order."""
        rows = self._connection.execute(
            select(journal)
            .join(epochs, epochs.c.id == journal.c.epoch)
            .where(journal.c.seq > epochs.c.acknowledged)
            .order_by(journal.c.position)
            .limit(limit)
        )
        return tuple(_entry(row) for row in rows)

    def acknowledge(self, epoch: str, seq: int) -> None:
        """Note that the centre has everything of *epoch* up to *seq*. A lower number than before takes it back."""
        self._connection.execute(update(epochs).where(epochs.c.id == epoch).values(acknowledged=seq))

    def first_break(self) -> int | None:
        """Find the position of the first row that was changed, moved or follows a missing one; None if all is well."""
        expected = self._anchor()
        counted: dict[str, int] = {}
        for entry in self.entries():
            gapless = entry.seq == counted.get(entry.epoch, entry.seq - 1) + 1
            if entry.prev_hash != expected or entry.hash != entry.computed_hash() or not gapless:
                return entry.position
            expected, counted[entry.epoch] = entry.hash, entry.seq
        return None

    def forget(self, before: datetime) -> int:
        """Forget the oldest rows that are acknowledged and older than *before*; returns how many."""
        kept = select(func.min(journal.c.position)).join(epochs, epochs.c.id == journal.c.epoch)
        kept = kept.where((journal.c.seq > epochs.c.acknowledged) | (journal.c.at >= before))
        first_kept = self._connection.execute(kept).scalar()
        older = journal.c.position < first_kept if first_kept is not None else journal.c.position > 0
        last = select(journal.c.hash).where(older).order_by(journal.c.position.desc()).limit(1)
        anchor = self._connection.execute(last).scalar()
        if anchor is None:
            return 0
        self._connection.execute(insert(meta).prefix_with("OR REPLACE"), {"name": _ANCHOR, "value": anchor})
        return self._connection.execute(delete(journal).where(older)).rowcount

    def _anchor(self) -> str:
        kept = self._connection.execute(select(meta.c.value).where(meta.c.name == _ANCHOR)).scalar()
        return kept or GENESIS

    def _find_head(self) -> tuple[str, int]:
        epoch = {"epoch": self._run.epoch}
        if self._connection.execute(_KNOWN, epoch).scalar() is None:
            started = {"id": self._run.epoch, "started": self._moment.at, "acknowledged": 0}
            self._connection.execute(insert(epochs), started)
        head = self._connection.execute(_HEAD).scalar() or self._anchor()
        kept = self._connection.execute(_COUNT, epoch).scalar()
        return head, kept or self._connection.execute(_FORGOTTEN, epoch).scalar() or 0


def _entry(row: Row[Any]) -> Entry:
    said = row._asdict()
    return Entry(**{**said, "type": EventType(said["type"])})


def _columns(entry: Entry, digest: str) -> dict[str, object]:
    return {
        "epoch": entry.epoch,
        "seq": entry.seq,
        "id": entry.id,
        "type": entry.type,
        "payload": entry.payload,
        "at": entry.at,
        "monotonic": entry.monotonic,
        "boot": entry.boot,
        "trusted": entry.trusted,
        "prev_hash": entry.prev_hash,
        "hash": digest,
    }


def _to_json(facts: Mapping[str, object]) -> str:
    """Write *facts* the same way every time; what is None is left out."""
    said = {name: fact for name, fact in facts.items() if fact is not None}
    return json.dumps(said, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(fact: object) -> str:
    match fact:
        case datetime():
            return moment_text(fact)
        case date():
            return fact.isoformat()
        case Decimal():
            return str(fact)
        case _:
            raise TypeError(f"a journal row cannot hold a {type(fact).__name__}")
