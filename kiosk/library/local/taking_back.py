"""A copy is back: the loan ends, the fee is charged, the queue is served, all in one journal row.

Also what ends a return that was written down: every tag armed, or refused for good. The tags themselves are set by
the station; here is only what the ledger makes of it.
"""

from collections.abc import Iterable
from decimal import Decimal

from kiosk.circulation.model import Item, ItemStatus, Loan
from kiosk.circulation.rules import TakeBack
from kiosk.devices import TagUid
from kiosk.library.local.answers import Asked, keep
from kiosk.library.local.desk import Desk, words_of
from kiosk.library.local.gates import debt_facts, journal_debt, open_unknown_item, owe_armed, void_orders
from kiosk.library.local.parts import count_parts, told_of_parts
from kiosk.library.port import CheckinNote, Copy, GateOutcome, RequestKey, Returned
from kiosk.store.debts import Debt, DebtKind
from kiosk.store.intents import Intent, IntentKind, IntentState, Return, ReturnState
from kiosk.store.journal import EventType
from kiosk.store.loans import LoanState

CODE_LENGTH = 4
"""Digits of a card number on a slip for staff."""
_STUBBORN = (GateOutcome.LOCKED, GateOutcome.UNCONFIRMED)
_EVIDENTLY_HERE = (ItemStatus.IN_TRANSIT, ItemStatus.LOST)
_MAY_TRAVEL = (ItemStatus.AVAILABLE, *_EVIDENTLY_HERE)  # the others say more than where the copy is


def conclude(desk: Desk, begun: Return) -> Returned | None:
    """Commit a begun return once every tag has answered; None while one is still to be heard or has left.

    A tag that left opens a debt: somebody meant to bring this copy back, and it may be anywhere.
    """
    intents = checkin_intents(desk, begun)
    if any(intent.outcome == GateOutcome.GONE for intent in intents):
        leave_unfinished(desk, begun, "a tag left before it was armed")
        return None
    if any(intent.outcome is None for intent in intents):
        return None
    return take_back(desk, begun, [intent for intent in intents if intent.outcome in _STUBBORN])


def checkin_intents(desk: Desk, begun: Return) -> tuple[Intent, ...]:
    """Find what was set out to be done for this return and still counts."""
    found = desk.work.intents.of_key(begun.request_key)
    return tuple(one for one in found if one.kind is IntentKind.CHECKIN and one.state is not IntentState.VOIDED)


def leave_unfinished(desk: Desk, begun: Return, why: str) -> None:
    evidence = {"request": begun.request_key, "tags": list(begun.tags), "why": why}
    journal_debt(desk, desk.work.debts.open(DebtKind.RETURN_UNFINISHED, begun.item, evidence=evidence))


def take_back(desk: Desk, begun: Return, stubborn: Iterable[Intent] = ()) -> Returned:
    """Commit the return: one journal row, and the answer kept for whoever asks again.

    *stubborn* are the orders whose tags would not be armed: the book is here all the same, and each is a debt.
    """
    work = desk.work
    copy = Copy(RequestKey(begun.request_key), begun.item, begun.owner, begun.tags, here=begun.here)
    item = work.items.by_id([begun.item]).get(begun.item)
    loan = desk.loans_on([begun.item]).get(begun.item)
    decision = desk.decide_return(item, loan)
    strays = _tags_still_out(desk, loan, begun)
    closed = (*void_orders(desk, (*begun.tags, *strays), copy.key), *_close_unfinished(desk, begun))
    parts = count_parts(desk, begun, item)
    failed = _owe_stubborn(desk, begun, stubborn)
    missing = [owe_armed(desk, copy.key, begun.item, tag, {"why": "it did not come back"}) for tag in strays]
    unknown = open_unknown_item(desk, copy) if item is None else None
    _apply(desk, item, loan, decision)
    work.returns.close(begun, ReturnState.TAKEN)
    desk.return_taken(begun)
    answer = _answer(desk, copy, item, decision, owed=bool(failed or (strays and not parts.missing)))
    answer = told_of_parts(answer, parts)
    debts = debt_facts([*failed, *missing, unknown, parts.opened])
    facts = _facts(answer, loan, decision)
    closed = (*closed, *parts.closed)
    work.journal.record(EventType.RETURNED, {**facts, "debts": debts, "closed": list(closed) or None})
    keep(work, Asked.FINISH_CHECKIN, copy.key, answer)
    return answer


def _tags_still_out(desk: Desk, loan: Loan | None, begun: Return) -> tuple[TagUid, ...]:
    """Find tags this loan cleared, or may have, that did not come back with the copy.

    A copy named by its barcode brought none: every tag it was ever seen with here counts, whoever cleared it.
    """
    if loan is None:
        return ()
    out = [intent.tag for intent in desk.work.intents.of_loan(loan.id) if not intent.armed]
    out += () if begun.tags else desk.work.tags.of_item(begun.item)
    return tuple(dict.fromkeys(tag for tag in out if tag not in begun.tags))


def _close_unfinished(desk: Desk, begun: Return) -> tuple[str, ...]:
    debt = desk.work.debts.standing(DebtKind.RETURN_UNFINISHED, begun.item)
    if debt is None:
        return ()
    desk.work.debts.close(debt, begun.request_key)
    return (debt.id,)


def _owe_stubborn(desk: Desk, begun: Return, stubborn: Iterable[Intent]) -> list[Debt | None]:
    return [
        owe_armed(desk, begun.request_key, begun.item, one.tag, {"outcome": one.outcome, "afi": one.afi})
        for one in stubborn
    ]


def _apply(desk: Desk, item: Item | None, loan: Loan | None, decision: TakeBack) -> None:
    work = desk.work
    if loan is not None:
        work.loans.close(loan.id, LoanState.RETURNED, work.moment.at)
        if decision.fee:
            work.patrons.charge(loan.patron, decision.fee)
    if item is None:
        return
    if decision.hold_for is not None:
        work.holds.set_aside(decision.hold_for, item.id)
    if decision.destination is not None and item.status in _MAY_TRAVEL:
        work.items.mark(item.id, ItemStatus.IN_TRANSIT)
    elif decision.destination is None and item.status in _EVIDENTLY_HERE:
        work.items.mark(item.id, ItemStatus.AVAILABLE)


def _answer(desk: Desk, copy: Copy, item: Item | None, decision: TakeBack, *, owed: bool) -> Returned:
    said = {
        CheckinNote.LATE: decision.late_days > 0,
        CheckinNote.FEE: decision.fee > Decimal(0),
        CheckinNote.HELD: decision.hold_for is not None,
        CheckinNote.OTHER_BRANCH: decision.destination is not None and decision.hold_for is None,
        CheckinNote.NOT_ON_LOAN: decision.not_on_loan and item is not None,
        CheckinNote.UNKNOWN_ITEM: item is None,
        CheckinNote.GATE_OWED: owed,
    }
    return Returned(
        copy,
        words_of(item),
        notes=tuple(note for note, holds in said.items() if holds),
        late_days=decision.late_days,
        fee=decision.fee,
        destination=desk.rules.name_of(decision.destination),
        hold_code=_hold_code(desk, decision),
    )


def _hold_code(desk: Desk, decision: TakeBack) -> str:
    waiting = None if decision.hold_for is None else desk.work.patrons.by_id(decision.hold_for.patron)
    return "" if waiting is None or waiting.card is None else waiting.card[-CODE_LENGTH:]


def _facts(answer: Returned, loan: Loan | None, decision: TakeBack) -> dict[str, object]:
    hold = decision.hold_for
    return {
        "item": answer.copy.item,
        "tags": list(answer.copy.tags),
        "loan": None if loan is None else loan.id,
        "patron": None if loan is None else loan.patron,
        "due": None if loan is None else loan.due,
        "late_days": answer.late_days or None,
        "fee": answer.fee or None,
        "held_for": None if hold is None else hold.patron,
        "destination": decision.destination,
        "notes": [note.value for note in answer.notes],
        "missing": list(answer.missing) or None,
    }
