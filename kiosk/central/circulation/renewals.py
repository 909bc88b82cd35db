"""Longer terms for books a patron has, by the rules of the branch that lent them; each loan decided by itself."""

from sqlalchemy import Connection, update

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.circulation.branch_rules import due_when_open, rules_for
from kiosk.central.circulation.counting import Counted, Done, count, refusals
from kiosk.central.circulation.facts import Facts, OpenLoan, holds_in, loans_in, unlisted
from kiosk.central.policies import Policies
from kiosk.central.tables import loans
from kiosk.circulation.model import LoanId, Patron, PatronId, Reason, Refusal
from kiosk.circulation.rules import Extend, decide_renewal
from kiosk.library.port import NotRenewed, RenewAnswer, Renewed
from kiosk.wire.messages import Kind


def renew(
    centre: Centre, policies: Policies, patron: PatronId, loan_ids: tuple[LoanId, ...] = ()
) -> tuple[RenewAnswer, ...]:
    """Renew these loans, or all of the patron's when none is named; durable when it returns.

    Asked twice on one day, the second time gains nothing and is refused for that reason: a double click costs no
    renewal. Raises: CentreUnavailable.
    """
    return centre.carry_out(lambda work: _renew(centre, work, policies, patron, loan_ids))


def _renew(
    centre: Centre, work: Connection, policies: Policies, patron_id: PatronId, wanted: tuple[LoanId, ...]
) -> tuple[RenewAnswer, ...]:
    facts = Facts(work, centre.network)
    facts.lock_copies([one.loan.item for one in facts.loans_of(patron_id)])
    facts.lock_patron(patron_id)
    patron, mine = facts.patron(patron_id), facts.loans_of(patron_id)  # as they are now that nobody changes them
    running = due_when_open(policies, mine, "" if patron is None else patron.branch)
    chosen = dict.fromkeys(wanted or tuple(one.loan.id for one in running))
    if patron is None:
        return tuple(NotRenewed(loan, (Reason(Refusal.CARD_UNKNOWN),)) for loan in chosen)
    renewals = _Renewals(centre, facts, policies, patron, running)
    answers = tuple(renewals.answer(loan) for loan in chosen)
    count(work, centre.network, policies, centre.now(), renewals.counted)
    touch(work, centre.network, Kind.LOAN, [answer.loan for answer in answers if isinstance(answer, Renewed)])
    return answers


class _Renewals:
    """The facts all renewals of one wish share, and what was done by it."""

    def __init__(
        self, centre: Centre, facts: Facts, policies: Policies, patron: Patron, running: tuple[OpenLoan, ...]
    ) -> None:
        self.counted: list[Counted] = []
        self._facts, self._policies, self._patron, self._running = facts, policies, patron, running
        self._mine = {one.loan.id: one for one in running}
        self._copies = facts.copies([one.loan.item for one in running])
        self._queues = facts.queues({copy.item.title.id for copy in self._copies.values()})
        self._today = policies.day_of(centre.now())

    def answer(self, loan_id: LoanId) -> RenewAnswer:
        one = self._mine.get(loan_id)
        if one is None:
            return NotRenewed(loan_id, (Reason(Refusal.NOT_ON_LOAN_TO_YOU),))
        loan, copy = one.loan, self._copies.get(one.loan.item)
        item = unlisted(loan, one.branch) if copy is None else copy.item
        branch = rules_for(self._policies, one.branch, self._patron.branch)
        queue = holds_in(self._queues.get(item.title.id, ()))
        decision = decide_renewal(
            self._patron, loan, item, loans_in(self._running), queue, branch.policy, branch.hours, self._today
        )
        if not isinstance(decision, Extend):
            self.counted += refusals(decision.reasons, one.branch, self._patron.category, item.title.language)
            return NotRenewed(loan.id, decision.reasons)
        ours = (loans.c.network == self._facts.network) & (loans.c.id == loan.id)
        self._facts.connection.execute(update(loans).where(ours).values(due=decision.due, renewals=loan.renewals + 1))
        self.counted.append(Counted(Done.RENEWAL, one.branch, self._patron.category, item.title.language))
        return Renewed(loan.id, decision.due)
