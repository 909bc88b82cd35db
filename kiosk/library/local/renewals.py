"""Longer terms for books a patron has: each loan decided by itself, the whole request answered once."""

from kiosk.circulation.model import Hold, Item, Loan, LoanId, Patron, PatronId, Reason, Refusal
from kiosk.circulation.rules import Extend, decide_renewal
from kiosk.library.local.answers import Asked, keep, recall
from kiosk.library.local.desk import Desk
from kiosk.library.port import NotRenewed, RenewAnswer, Renewed, RequestKey
from kiosk.store.journal import EventType


def renew(desk: Desk, patron_id: PatronId, wanted: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
    """Renew these loans, or all of the patron's when none is named; one journal row per loan renewed."""
    given: dict[str, tuple[RenewAnswer, ...]] = recall(desk.work, Asked.RENEW, [key])
    if key in given:
        return given[key]
    patron = desk.work.patrons.by_id(patron_id)
    loans = desk.loans_of(patron_id)
    chosen = wanted or tuple(loan.id for loan in loans)
    answers = _Renewals(desk, patron, loans).answer(chosen)
    keep(desk.work, Asked.RENEW, key, answers)
    return answers


class _Renewals:
    """The facts all renewals of one request share."""

    def __init__(self, desk: Desk, patron: Patron | None, loans: tuple[Loan, ...]) -> None:
        self._desk = desk
        self._patron = patron
        self._loans = loans
        self._items = desk.work.items.by_id([loan.item for loan in loans])
        self._queues = desk.work.holds.queues({item.title.id for item in self._items.values()})

    def answer(self, chosen: tuple[LoanId, ...]) -> tuple[RenewAnswer, ...]:
        mine = {loan.id: loan for loan in self._loans}
        return tuple(self._renew(loan, mine.get(loan)) for loan in dict.fromkeys(chosen))

    def _renew(self, named: LoanId, loan: Loan | None) -> RenewAnswer:
        if loan is None or self._patron is None:
            return NotRenewed(named, (Reason(Refusal.NOT_ON_LOAN_TO_YOU),))
        item = self._items[loan.item]
        return self._decide(self._patron, loan, item, self._queues[item.title.id])

    def _decide(self, patron: Patron, loan: Loan, item: Item, queue: tuple[Hold, ...]) -> RenewAnswer:
        rules, work = self._desk.rules, self._desk.work
        decision = decide_renewal(patron, loan, item, self._loans, queue, rules.policy, rules.hours, self._desk.today)
        if not isinstance(decision, Extend):
            return NotRenewed(loan.id, decision.reasons)
        work.loans.extend(loan.id, decision.due)
        facts = {"loan": loan.id, "item": loan.item, "patron": patron.id, "due": decision.due}
        work.journal.record(EventType.RENEWED, {**facts, "renewals": loan.renewals + 1})
        return Renewed(loan.id, decision.due)
