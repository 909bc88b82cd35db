"""The audit log: who did what to whom, appended for ever, numbered without gaps, chained by hash.

Names no patron: a subject is a station, a debt, a document, or a patron's internal id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text

from kiosk.central.tables import audit
from kiosk.wire.journal_row import GENESIS, moment_text

_LOCK = 7_310_045_872_004


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row, as the page shows it."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    details: dict[str, Any]


def record(
    connection: Connection,
    network: str,
    *,
    who: str,
    action: str,
    subject: str,
    details: Mapping[str, object],
    now: datetime,
) -> None:
    """Write down what was done, in the transaction that does it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = select(audit.c.number, audit.c.hash).where(audit.c.network == network)
    last = connection.execute(newest.order_by(audit.c.number.desc()).limit(1)).one_or_none()
    number, prev_hash = (1, GENESIS) if last is None else (last.number + 1, last.hash)
    said = dict(details)
    row = {
        "network": network,
        "number": number,
        "at": now,
        "who": who,
        "action": action,
        "subject": subject,
        "details": said,
        "prev_hash": prev_hash,
        "hash": _hash(prev_hash, number, now, (who, action, subject), said),
    }
    connection.execute(insert(audit).values(row))


def first_break(connection: Connection, network: str) -> int | None:
    """Find the first row that was changed, or follows a missing one; None when the log is whole."""
    expected = GENESIS
    rows = connection.execute(select(audit).where(audit.c.network == network).order_by(audit.c.number))
    for number, row in enumerate(rows, start=1):
        digest = _hash(expected, number, row.at, (row.who, row.action, row.subject), row.details)
        if (row.number, row.prev_hash, row.hash) != (number, expected, digest):
            return number
        expected = row.hash
    return None


def latest(connection: Connection, network: str, limit: int = 100, like: str = "") -> tuple[AuditRow, ...]:
    """List the newest rows, those whose who, action or subject contain *like*."""
    wanted = select(audit).where(audit.c.network == network)
    if like:
        pattern = f"%{like.replace('%', '').replace('_', '')}%"
        wanted = wanted.where(audit.c.who.like(pattern) | audit.c.action.like(pattern) | audit.c.subject.like(pattern))
    rows = connection.execute(wanted.order_by(audit.c.number.desc()).limit(limit))
    return tuple(AuditRow(row.number, row.at, row.who, row.action, row.subject, row.details) for row in rows)


def _hash(prev_hash: str, number: int, at: datetime, said: tuple[str, str, str], details: Mapping[str, Any]) -> str:
    whole = [prev_hash, number, moment_text(at), *said, details]
    return sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
