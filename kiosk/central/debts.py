"""Debts at the centre: facts two places disagree on, each with its evidence, until somebody settles it.

Those about gate bits travel to every station: the next pad that sees the tag repairs it. The others are for people.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from kiosk.central.changes import touch
from kiosk.central.tables import debts
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind


class CentralDebt(StrEnum):
    """Every kind of debt. Each has words and at least one way to settle it in the office; a test says so."""

    # found by stations
    GATE_NOT_CLEARED = "gate-not-cleared"
    GATE_NOT_ARMED = "gate-not-armed"
    RETURN_UNFINISHED = "return-unfinished"
    UNKNOWN_ITEM = "unknown-item"
    SET_INCOMPLETE = "set-incomplete"
    SYSTEM_REFUSED = "system-refused"
    # found by the centre
    RETURNED_UNSEEN = "returned-unseen"  # lent to somebody else before anybody heard of its return
    PATRON_BLOCKED = "patron-blocked"  # lent to a card that was blocked or lost
    OVER_LIMIT = "over-limit"  # more on loan than the patron may have
    ITEM_NOT_LENDABLE = "item-not-lendable"  # lent, and withdrawn or not for loan
    HELD_FOR_ANOTHER = "held-for-another"  # lent, and set aside for somebody else
    UNKNOWN_PATRON = "unknown-patron"  # lent to somebody in no list
    ITEM_ELSEWHERE = "item-elsewhere"  # back at one branch, and it stood at another
    HOLD_MOVED = "hold-moved"  # somebody else is to have the copy than its slip says
    RENEWED_DESPITE_HOLD = "renewed-despite-hold"  # kept longer while somebody waits
    HOLD_NOT_KEPT = "hold-not-kept"  # a station took a hold of a title or a patron that is no more
    UNREADABLE_EVENT = "unreadable-event"  # a station said something the centre fails on
    JOURNAL_BROKEN = "journal-broken"  # a station's journal does not hold together


GATE = frozenset({CentralDebt.GATE_NOT_CLEARED, CentralDebt.GATE_NOT_ARMED})
"""Those that travel to the pads."""
FOR_TECHNICIANS = frozenset({*GATE, CentralDebt.UNREADABLE_EVENT, CentralDebt.JOURNAL_BROKEN})
"""The others are for librarians."""


def open_debt(  # noqa: PLR0913 - a debt is what is known when it is opened
    connection: Connection,
    network: str,
    *,
    kind: CentralDebt,
    evidence: Mapping[str, object],
    at: datetime,
    item: str = "",
    tag: str = "",
    patron: str | None = None,
    loan: str | None = None,
    branch: str = "",
    station: str = "",
    id: str | None = None,  # noqa: A002 - what the debt is called
) -> str | None:
    """Open a debt and say its id; None when the very same one is open already, or was opened under this id before."""
    ours = debts.c.network == network
    same = (debts.c.kind == kind.value) & (debts.c.item == item) & (debts.c.tag == tag) & debts.c.closed.is_(None)
    if loan is not None:
        same &= debts.c.loan == loan
    if connection.execute(select(debts.c.id).where(ours, same).limit(1)).first() is not None:
        return None
    if id is not None and connection.execute(select(debts.c.id).where(ours, debts.c.id == id)).first() is not None:
        return None
    row = {
        "network": network,
        "id": id or new_id(at),
        "kind": kind.value,
        "item": item,
        "tag": tag,
        "patron": patron,
        "loan": loan,
        "branch": branch,
        "station": station,
        "evidence": dict(evidence),
        "opened": at,
    }
    connection.execute(insert(debts).values(row))
    if kind in GATE:
        touch(connection, network, Kind.DEBT, [str(row["id"])])
    return str(row["id"])


def close_debt(connection: Connection, network: str, id: str, by: str, resolution: str, at: datetime) -> bool:  # noqa: A002 - likewise
    """Settle a debt; False when it was settled already. *by* is an event or a member of staff."""
    ours = (debts.c.network == network) & (debts.c.id == id)
    settled = update(debts).where(ours, debts.c.closed.is_(None))
    settled = settled.values(closed=at, closed_by=by, resolution=resolution)
    if connection.execute(settled).rowcount == 0:
        return False
    kind = connection.execute(select(debts.c.kind).where(ours)).scalar_one()
    if kind in GATE:
        touch(connection, network, Kind.DEBT, [id])
    return True
