"""Gate bits and visits as stations tell of them."""

from kiosk.central.debts import CentralDebt
from kiosk.central.ingest.fold import Folding


def gate_set(folding: Folding) -> None:
    """A tag was written and read back. It settles what was owed on it, and is the second fact of a loan."""
    picture, told = folding.picture, folding.told
    armed = told.facts.get("armed")
    settled = CentralDebt.GATE_NOT_ARMED if armed is True else CentralDebt.GATE_NOT_CLEARED
    for debt in list(picture.open_debts()):
        if debt.kind is settled and debt.tag == told.text("tag") and debt.opened <= told.happened_at:
            picture.close_debt(debt, told.happened_at, told.sent.id)
    loan = picture.loans.get(told.text("loan"))
    if armed is False and loan is not None and loan.gate_cleared_at is None:
        loan.gate_cleared_at, loan.changed = told.happened_at, True


def visit_ended(folding: Folding) -> None:
    """Somebody was at a station; who, nobody says. Counted, with every refusal and its reason."""
    picture, told = folding.picture, folding.told
    group = told.text("age_group")
    picture.count("visit", told.happened_at, group=group, detail=told.text("kind"))
    refusals = told.facts.get("refusals")
    for reason, times in refusals.items() if isinstance(refusals, dict) else ():
        if isinstance(times, int) and times > 0:
            picture.count("refusal", told.happened_at, group=group, detail=str(reason)[:60], n=times)


def debt_opened(folding: Folding) -> None:
    """The debts themselves are opened for every event alike."""
