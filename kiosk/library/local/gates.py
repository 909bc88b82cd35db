"""Gate bits the ledger wants set: orders that are durable before they are given, and debts where one is owed.

One law holds here: a tag is cleared only under an open loan. Whenever the ledger changes its mind about a tag, what
was ordered before is voided in the same transaction, so no order ever says the opposite of the ledger.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kiosk.circulation.model import ItemId, LoanId
from kiosk.devices import TagUid
from kiosk.library.local.desk import Desk
from kiosk.library.port import Copy, GateOrder, OrderId
from kiosk.store.debts import NO_TAG, Debt, DebtKind
from kiosk.store.identifiers import new_id
from kiosk.store.intents import Intent, IntentKind, IntentState
from kiosk.store.journal import EventType


@dataclass(frozen=True, slots=True)
class Wanted:
    """A gate bit the ledger wants, for whom and why."""

    kind: IntentKind
    item: ItemId
    armed: bool
    loan: LoanId | None = None


def intend(desk: Desk, key: str, tag: TagUid, wanted: Wanted) -> Intent:
    """Write down that the bit of *tag* is to be set."""
    intent = Intent(
        id=new_id(desk.work.moment.at),
        request_key=key,
        kind=wanted.kind,
        tag=tag,
        item=wanted.item,
        armed=wanted.armed,
        loan=wanted.loan,
    )
    desk.work.intents.open(intent)
    return intent


def order_tags(desk: Desk, copy: Copy, wanted: Wanted) -> tuple[GateOrder, ...]:
    """Write down and order the bit of every tag of *copy*; a tag named twice is ordered once."""
    return orders_of(intend(desk, copy.key, tag, wanted) for tag in dict.fromkeys(copy.tags))


def orders_of(intents: Iterable[Intent]) -> tuple[GateOrder, ...]:
    return tuple(GateOrder(OrderId(one.id), one.tag, one.item, one.armed) for one in intents)


def void_orders(desk: Desk, tags: Collection[TagUid], by: str) -> tuple[str, ...]:
    """Take back every open order on *tags*, and close the debts about their bits: *by* decided anew.

    Returns the ids of the debts closed, for the journal row of that decision.
    """
    for intent in desk.work.intents.open_on(tags):
        desk.work.intents.note(intent, IntentState.VOIDED)
    return close_gate_debts(desk, tags, by)


def close_gate_debts(desk: Desk, tags: Collection[TagUid], by: str) -> tuple[str, ...]:
    closed = desk.work.debts.on_tags(tags)
    for debt in closed:
        desk.work.debts.close(debt, by)
    return tuple(debt.id for debt in closed)


def owe(desk: Desk, intent: Intent, evidence: Mapping[str, object]) -> Debt | None:
    """Leave *intent* for the next sight of its tag, and name the difference; None when it is named already."""
    if intent.state is not IntentState.OWED:
        desk.work.intents.note(intent, IntentState.OWED)
    kind = DebtKind.GATE_NOT_ARMED if intent.armed else DebtKind.GATE_NOT_CLEARED
    known = {"order": intent.id} if intent.loan is None else {"order": intent.id, "loan": intent.loan}
    return desk.work.debts.open(kind, intent.item, intent.tag, {**known, **evidence})


def owe_armed(desk: Desk, key: str, item: ItemId, tag: TagUid, evidence: Mapping[str, object]) -> Debt | None:
    """Owe the arming of a tag that may be cleared with no loan left to excuse it."""
    return owe(desk, intend(desk, key, tag, Wanted(IntentKind.REPAIR, item, armed=True)), evidence)


def debt_facts(debts: Iterable[Debt | None]) -> list[dict[str, object]] | None:
    """Tell of debts just opened, for a journal row; None where there are none."""
    told: list[dict[str, object]] = [
        {"id": debt.id, "kind": debt.kind, "item": debt.item, "tag": debt.tag or None, "evidence": debt.evidence}
        for debt in debts
        if debt is not None
    ]
    return told or None


def journal_debt(desk: Desk, debt: Debt | None) -> None:
    """Journal a debt that comes with no other decision; one that stood already is not told again."""
    if debt is not None:
        desk.work.journal.record(EventType.DEBT_OPENED, {"debts": debt_facts([debt])})


def open_unknown_item(desk: Desk, copy: Copy) -> Debt | None:
    """Name a copy that is ours by its tag and in no list of ours."""
    evidence = {"owner": copy.owner, "tags": list(copy.tags)}
    return desk.work.debts.open(DebtKind.UNKNOWN_ITEM, copy.item, NO_TAG, evidence)
