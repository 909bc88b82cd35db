"""The network's own counters: a librarian lends and takes back by card and barcode, by the rules the stations have.

Knows no tag: gate bits are the business of whoever has a pad. Asked twice, nothing changes the second time.
"""

import logging
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, insert, update

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.circulation.answers import LentAtDesk, NotLentAtDesk, TakenBackAtDesk
from kiosk.central.circulation.branch_rules import due_when_open, rules_of
from kiosk.central.circulation.counting import Channel, Counted, Done, count, refusals
from kiosk.central.circulation.facts import Facts, OpenLoan, Stocked, holds_in, loans_in
from kiosk.central.circulation.passing_on import Ending, close_hold, number_of, place_copy, set_aside
from kiosk.central.ingest.lending import NEW_ACQUISITION
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import items, loans, patrons
from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CardStatus,
    ItemId,
    Loan,
    LoanId,
    Patron,
    Reason,
    Refusal,
)
from kiosk.circulation.rules import Lend, TakeBack, decide_checkin, decide_checkout
from kiosk.library.port import Words
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind

logger = logging.getLogger(__name__)

FULFILLED = "fulfilled"
_CARD_REASONS = {CardStatus.LOST: Refusal.CARD_LOST, CardStatus.BLOCKED: Refusal.CARD_BLOCKED}


def lend(
    centre: Centre, policies: Policies, branch: BranchId, staff: str, card: CardNumber, item: ItemId
) -> LentAtDesk | NotLentAtDesk:
    """Lend the copy with this barcode to whoever holds this card; durable when it returns.

    *staff* is who did it, for the log. Raises: NoSuchBranch, CentreUnavailable.
    """
    rules = rules_of(policies, branch)
    answer = centre.carry_out(lambda work: _Desk(centre, work, policies, rules).lend(card, item))
    logger.info("desk of %s: %s asked for a loan: %s", branch, staff, type(answer).__name__)
    return answer


def take_back(centre: Centre, policies: Policies, branch: BranchId, staff: str, item: ItemId) -> TakenBackAtDesk:
    """Take back the copy with this barcode, whoever had it. A physical fact: never refused.

    *staff* is who did it, for the log. Raises: NoSuchBranch, CentreUnavailable.
    """
    rules = rules_of(policies, branch)
    answer = centre.carry_out(lambda work: _Desk(centre, work, policies, rules).take_back(item))
    logger.info("desk of %s: %s took a copy back", branch, staff)
    return answer


class _Desk:
    """One wish at one counter, in one transaction."""

    def __init__(self, centre: Centre, work: Connection, policies: Policies, branch: BranchPolicy) -> None:
        self._facts = Facts(work, centre.network)
        self._work, self._network = work, centre.network
        self._policies, self._branch = policies, branch
        self._clock = centre.now

    def lend(self, card: CardNumber, item: ItemId) -> LentAtDesk | NotLentAtDesk:
        facts = self._facts
        facts.lock_title_of(item)
        copy = facts.copies([item]).get(item)
        words = None if copy is None else Words(copy.item.title.name, copy.item.title.author)
        patron, reasons = self._holder(card)
        if copy is None:
            reasons = (*reasons, Reason(Refusal.ITEM_UNKNOWN))
        if copy is None or patron is None or reasons:
            return NotLentAtDesk(words, reasons)
        facts.lock_patron(patron.id)
        return self._decide(patron, copy, self._clock())

    def _holder(self, card: CardNumber) -> tuple[Patron | None, tuple[Reason, ...]]:
        """Find who holds the card, and why that card is not served. How the patron stands the rules say."""
        shown = self._facts.card(card)
        patron = None if shown is None else self._facts.patron(shown.patron)
        if shown is None or patron is None:
            return None, (Reason(Refusal.CARD_UNKNOWN),)
        reason = _CARD_REASONS.get(shown.status)
        return patron, () if reason is None else (Reason(reason),)

    def _decide(self, patron: Patron, copy: Stocked, at: datetime) -> LentAtDesk | NotLentAtDesk:
        facts, item, rules = self._facts, copy.item, self._branch
        words = Words(item.title.name, item.title.author)
        running = facts.loans_on([item.id]).get(item.id)
        if running is not None and running.loan.patron == patron.id:
            return LentAtDesk(running.loan.id, words, running.loan.due, again=True)
        mine = loans_in(due_when_open(self._policies, facts.loans_of(patron.id), patron.branch))
        queue = facts.queues([item.title.id])[item.title.id]
        open_loan = None if running is None else running.loan
        today = self._policies.day_of(at)
        decision = decide_checkout(patron, mine, item, holds_in(queue), open_loan, rules.policy, rules.hours, today)
        if not isinstance(decision, Lend):
            self._count(refusals(decision.reasons, rules.id, patron.category, item.title.language), at)
            return NotLentAtDesk(words, decision.reasons)
        fulfils = number_of(queue, decision.fulfils)
        loan = Loan(LoanId(new_id(at)), item.id, patron.id, item.type, at, decision.due)
        self._keep(loan, fulfils)
        self._seen(copy, at)
        place_copy(facts, copy, None)
        if fulfils is not None:
            close_hold(self._work, self._network, fulfils, Ending(FULFILLED, at))
        fresh = "new-acquisition" if at - copy.title_added <= NEW_ACQUISITION else ""
        self._count([Counted(Done.LOAN, rules.id, patron.category, item.title.language, fresh)], at)
        self._tell(item=item.id, loan=loan.id, hold=fulfils)
        return LentAtDesk(loan.id, words, loan.due)

    def _keep(self, loan: Loan, fulfils: str | None) -> None:
        row = {
            "network": self._network,
            "id": loan.id,
            "item": loan.item,
            "patron": loan.patron,
            "item_type": loan.item_type,
            "lent_at": loan.lent_at,
            "due": loan.due,
            "state": "open",
            "channel": Channel.DESK.value,
            "branch": self._branch.id,
            "fulfils": fulfils,
        }
        self._work.execute(insert(loans).values(row))

    def take_back(self, item: ItemId) -> TakenBackAtDesk:
        facts = self._facts
        facts.lock_title_of(item)
        at = self._clock()
        copy, running = facts.copies([item]).get(item), facts.loans_on([item]).get(item)
        if running is not None:
            facts.lock_patron(running.loan.patron)
        patron = None if running is None else facts.patron(running.loan.patron)
        queue = () if copy is None else facts.queues([copy.item.title.id])[copy.item.title.id]
        decision = decide_checkin(
            None if copy is None else copy.item,
            None if running is None else running.loan,
            holds_in(queue),
            self._branch.policy,
            None if patron is None else patron.category,
            self._branch.id,
            self._branch.hours,
            self._policies.day_of(at),
        )
        hold = number_of(queue, decision.hold_for)
        if running is not None:
            self._end(running, patron, decision.fee, at)
        if copy is not None:
            self._shelve(copy, decision, hold, at)
        if running is not None:
            language = "" if copy is None else copy.item.title.language
            category = None if patron is None else patron.category
            self._count([Counted(Done.RETURN, self._branch.id, category, language)], at)
        charged = None if patron is None or not decision.fee else patron.id
        loan = None if running is None else running.loan.id
        self._tell(item=None if copy is None else item, loan=loan, hold=hold, patron=charged)
        return _said(copy, decision, hold)

    def _end(self, running: OpenLoan, patron: Patron | None, fee: Decimal, at: datetime) -> None:
        ours = (loans.c.network == self._network) & (loans.c.id == running.loan.id)
        ended = {"state": "returned", "closed_at": at, "closed_branch": self._branch.id, "closed_station": ""}
        self._work.execute(update(loans).where(ours).values(ended))
        if patron is not None and fee:
            theirs = (patrons.c.network == self._network) & (patrons.c.id == patron.id)
            self._work.execute(update(patrons).where(theirs).values(fees=patron.fees + fee))

    def _shelve(self, copy: Stocked, decision: TakeBack, hold: str | None, at: datetime) -> None:
        self._seen(copy, at)
        place_copy(self._facts, copy, decision.destination)
        if hold is not None:
            set_aside(self._facts, hold, copy.item.id, at if decision.destination is None else None)

    def _seen(self, copy: Stocked, at: datetime) -> None:
        """The copy is here, and no station's older word changes that."""
        ours = (items.c.network == self._network) & (items.c.id == copy.item.id)
        seen = {"location": self._branch.id, "custody_at": at, "custody_station": None}
        self._work.execute(update(items).where(ours).values(seen))

    def _count(self, counted: list[Counted], at: datetime) -> None:
        count(self._work, self._network, self._policies, at, counted, Channel.DESK)

    def _tell(
        self, *, item: str | None = None, loan: str | None = None, hold: str | None = None, patron: str | None = None
    ) -> None:
        changed = {Kind.ITEM: item, Kind.LOAN: loan, Kind.HOLD: hold, Kind.PATRON: patron}
        for kind, key in changed.items():
            if key is not None:
                touch(self._work, self._network, kind, [key])


def _said(copy: Stocked | None, decision: TakeBack, hold: str | None) -> TakenBackAtDesk:
    return TakenBackAtDesk(
        words=None if copy is None else Words(copy.item.title.name, copy.item.title.author),
        late_days=decision.late_days,
        fee=decision.fee,
        held_for=hold,
        destination=decision.destination,
        not_on_loan=decision.not_on_loan,
    )
