"""A loan whose copy cannot pass the gate is taken back: nobody is sent to the gate with a book that alarms."""

from kiosk.library.local.desk import Desk
from kiosk.library.local.gates import close_gate_debts, debt_facts, owe_armed
from kiosk.library.port import GateFact
from kiosk.store.intents import Intent, IntentState
from kiosk.store.journal import EventType
from kiosk.store.loans import LoanState


def void_loan(desk: Desk, refused: Intent, fact: GateFact) -> None:
    """Take back the loan *refused* was ordered for, the hold it ended, and every order of its tags.

    Each tag of the copy may be cleared by now, or about to be, so each is owed armed until it is seen armed: that
    is what keeps ledger and bits together when one tag of a set is locked.
    """
    work = desk.work
    assert refused.loan is not None, "an order of a loan names it"
    record = work.loans.record(refused.loan)
    assert record is not None, "an open order's loan is kept"
    work.intents.note(refused, refused.state, fact.outcome, fact.afi)
    siblings = work.intents.of_loan(record.loan.id)
    for intent in siblings:
        if intent.is_open:
            work.intents.note(intent, IntentState.VOIDED)
    work.loans.close(record.loan.id, LoanState.VOIDED, work.moment.at)
    desk.loan_undone(record, refused.request_key)
    if record.fulfils is not None:
        work.holds.reopen(record.fulfils)
    tags = dict.fromkeys(intent.tag for intent in siblings)
    closed = close_gate_debts(desk, tags, by=refused.id)
    evidence = {"loan": record.loan.id, "outcome": fact.outcome, "refused": refused.tag}
    debts = [owe_armed(desk, refused.request_key, record.loan.item, tag, evidence) for tag in tags]
    facts = {
        "loan": record.loan.id,
        "item": record.loan.item,
        "patron": record.loan.patron,
        "tag": refused.tag,
        "outcome": fact.outcome,
        "afi": fact.afi,
        "debts": debt_facts(debts),
        "closed": list(closed) or None,
    }
    work.journal.record(EventType.LOAN_VOIDED, facts)
