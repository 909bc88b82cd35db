"""What became of gate orders: ledger and bits are brought together, or a debt names the difference.

A fact may come twice, late, or about an order that was taken back meanwhile; it is a fact all the same.
"""

from kiosk.library.local.desk import Desk
from kiosk.library.local.gates import (
    Wanted,
    close_gate_debts,
    intend,
    journal_debt,
    owe,
)
from kiosk.library.local.taking_back import conclude
from kiosk.library.local.voiding import void_loan
from kiosk.library.port import GateFact, GateOutcome, Settled, SettleResult
from kiosk.store.intents import Intent, IntentKind, IntentState, ReturnState
from kiosk.store.journal import EventType
from kiosk.store.loans import LoanState


def settle(desk: Desk, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
    """Record what became of gate orders, in the order told; one journal row for each that decided something.

    The orders of a begun return may be among them: the return is committed with its last one.
    """
    return tuple(Settled(fact.order, _settle_one(desk, fact)) for fact in facts)


def _settle_one(desk: Desk, fact: GateFact) -> SettleResult:
    intent = desk.work.intents.by_id(fact.order.id) or _adopt(desk, fact)
    match intent.state, intent.kind, fact.outcome:
        case IntentState.DONE, _, _:
            return SettleResult.DONE
        case IntentState.VOIDED, _, _:
            return _hear_late(desk, intent, fact)
        case _, IntentKind.CHECKIN, _:
            return _hear_of_return(desk, intent, fact)
        case _, _, GateOutcome.DONE:
            return _confirm(desk, intent, fact)
        case IntentState.PENDING, IntentKind.CHECKOUT, GateOutcome.LOCKED | GateOutcome.UNCONFIRMED:
            void_loan(desk, intent, fact)
            return SettleResult.VOIDED
        case _:
            return _stay_owed(desk, intent, fact)


def _confirm(desk: Desk, intent: Intent, fact: GateFact) -> SettleResult:
    """The bit is as ordered. If the ledger does not want it so (an order of a forgotten time), it is owed back."""
    desk.work.intents.note(intent, IntentState.DONE, fact.outcome, fact.afi)
    if _disagrees(desk, intent):
        _owe_opposite(desk, intent)
        return SettleResult.OWED
    closed = close_gate_debts(desk, [intent.tag], by=intent.id)
    facts = {
        "order": intent.id,
        "tag": intent.tag,
        "item": intent.item,
        "armed": intent.armed,
        "loan": intent.loan,
        "afi": fact.afi,
        "closed": list(closed) or None,
    }
    desk.work.journal.record(EventType.GATE_SET, facts)
    return SettleResult.DONE


def _stay_owed(desk: Desk, intent: Intent, fact: GateFact) -> SettleResult:
    """The bit is not as ordered, and the loan (if any) stands: named once, tried again on sight."""
    desk.work.intents.note(intent, intent.state, fact.outcome, fact.afi)
    journal_debt(desk, owe(desk, intent, {"outcome": fact.outcome, "afi": fact.afi}))
    return SettleResult.OWED


def _hear_of_return(desk: Desk, intent: Intent, fact: GateFact) -> SettleResult:
    """A tag of a begun return has answered; a tag that left may answer again later."""
    heard = {GateOutcome.DONE: IntentState.DONE, GateOutcome.GONE: IntentState.OWED}
    desk.work.intents.note(intent, heard.get(fact.outcome, intent.state), fact.outcome, fact.afi)
    begun = desk.work.returns.by_key(intent.request_key)
    if begun is not None and begun.state is ReturnState.BEGUN:
        conclude(desk, begun)
    return SettleResult.DONE if fact.outcome is GateOutcome.DONE else SettleResult.OWED


def _hear_late(desk: Desk, intent: Intent, fact: GateFact) -> SettleResult:
    """A fact about an order that was taken back. If the tag obeyed all the same, its bit is owed back."""
    news = intent.outcome != fact.outcome
    desk.work.intents.note(intent, IntentState.VOIDED, fact.outcome, fact.afi)
    wrong = fact.outcome is GateOutcome.DONE and _disagrees(desk, intent)
    if wrong and news and not desk.work.intents.open_on([intent.tag]):
        _owe_opposite(desk, intent)
    record = None if intent.loan is None else desk.work.loans.record(intent.loan)
    if record is not None and record.state is LoanState.VOIDED:
        return SettleResult.VOIDED
    return SettleResult.OWED if wrong else SettleResult.DONE


def _disagrees(desk: Desk, intent: Intent) -> bool:
    """Say whether a bit set as *intent* says is against the ledger: cleared without a loan, armed under one."""
    on_loan = intent.item in desk.work.loans.open_of_items([intent.item])
    return on_loan == intent.armed


def _owe_opposite(desk: Desk, intent: Intent) -> None:
    wanted = Wanted(IntentKind.REPAIR, intent.item, armed=not intent.armed)
    opposite = intend(desk, intent.request_key, intent.tag, wanted)
    journal_debt(desk, owe(desk, opposite, {"after": intent.id}))


def _adopt(desk: Desk, fact: GateFact) -> Intent:
    """Take in an order this ledger no longer knows (another disk, an old image): what happened is still a fact."""
    order = fact.order
    adopted = Intent(order.id, order.id, IntentKind.REPAIR, order.tag, order.item, order.armed)
    desk.work.intents.open(adopted)
    return adopted
