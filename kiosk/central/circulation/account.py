"""What a patron sees of their own: loans, holds, fees. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.central.centre import Centre
from kiosk.central.circulation.answers import Account, HoldLine, LoanLine
from kiosk.central.circulation.branch_rules import due_when_open, kept_until, rules_for
from kiosk.central.circulation.facts import Facts, OpenLoan, Queued, Stocked, holds_in, loans_in, unlisted
from kiosk.central.policies import Policies
from kiosk.circulation.model import (
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    Loan,
    Patron,
    PatronId,
    Reason,
    Title,
    TitleId,
)
from kiosk.circulation.rules import Refuse, decide_renewal, is_overdue, patron_blocks, rule_for
from kiosk.library.port import Words


def account(centre: Centre, policies: Policies, patron: PatronId) -> Account | None:
    """Show loans as they fall due, holds as they were placed; None for a patron who is gone."""
    today = policies.day_of(centre.now())
    return centre.look(lambda work: _show(Facts(work, centre.network), policies, patron, today))


def _show(facts: Facts, policies: Policies, patron_id: PatronId, today: date) -> Account | None:
    patron = facts.patron(patron_id)
    if patron is None:
        return None
    running = due_when_open(policies, facts.loans_of(patron.id), patron.branch)
    mine = facts.holds_of(patron.id)
    copies = facts.copies([*(one.loan.item for one in running), *(one.hold.item for one in mine if one.hold.item)])
    waited_for = {one.hold.title for one in mine}
    queues = facts.queues({copy.item.title.id for copy in copies.values()} | waited_for)
    sight = _Sight(policies, patron, loans_in(running), copies, queues, today)
    rules = rules_for(policies, patron.branch)
    category = rules.policy.categories.get(patron.category)
    titles = facts.titles(waited_for)
    return Account(
        patron=patron,
        loans=tuple(sight.loan_line(one) for one in running),
        holds=tuple(sight.hold_line(one, titles[one.hold.title]) for one in mine),
        fees=patron.fees,
        max_loans=0 if category is None else category.max_loans,
        max_holds=0 if category is None else category.max_holds,
        blocks=patron_blocks(patron, loans_in(running), rules.policy, today),
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    """The facts every line of one account shares."""

    policies: Policies
    patron: Patron
    loans: tuple[Loan, ...]
    copies: Mapping[ItemId, Stocked]
    queues: Mapping[TitleId, tuple[Queued, ...]]
    today: date

    def loan_line(self, one: OpenLoan) -> LoanLine:
        loan = one.loan
        copy = self.copies.get(loan.item)
        item = unlisted(loan, one.branch) if copy is None else copy.item
        rule = rule_for(
            rules_for(self.policies, one.branch, self.patron.branch).policy, self.patron.category, loan.item_type
        )
        return LoanLine(
            loan=loan.id,
            item=loan.item,
            title=item.title.id,
            words=Words(item.title.name, item.title.author),
            due=loan.due,
            overdue=is_overdue(loan, self.today),
            renewals_left=0 if rule is None else max(0, rule.max_renewals - loan.renewals),
            why_not_renewable=self._why_not(one, item),
        )

    def _why_not(self, one: OpenLoan, item: Item) -> tuple[Reason, ...]:
        branch = rules_for(self.policies, one.branch, self.patron.branch)
        queue = holds_in(self.queues.get(item.title.id, ()))
        decision = decide_renewal(
            self.patron, one.loan, item, self.loans, queue, branch.policy, branch.hours, self.today
        )
        return decision.reasons if isinstance(decision, Refuse) else ()

    def hold_line(self, one: Queued, title: Title) -> HoldLine:
        hold = one.hold
        copy = None if hold.item is None else self.copies.get(hold.item)
        travels = copy is not None and copy.item.status is ItemStatus.IN_TRANSIT
        ready = hold.status is HoldStatus.READY and not travels
        waiting = [other.id for other in self.queues[hold.title] if other.hold.status is HoldStatus.WAITING]
        return HoldLine(
            hold=one.id,
            title=title.id,
            words=Words(title.name, title.author),
            status=HoldStatus.READY if ready else HoldStatus.WAITING,
            place=waiting.index(one.id) + 1 if one.id in waiting else 0,
            branch=hold.pickup,
            until=kept_until(self.policies, hold.pickup, one.ready_at) if ready and one.ready_at else None,
            travels=travels,
        )
