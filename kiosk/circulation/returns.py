"""What follows from a copy coming back: lateness, fee, whom it serves, where it goes. Never refuses."""

from datetime import date
from decimal import Decimal

from kiosk.circulation.answers import TakeBack
from kiosk.circulation.calendar import open_days_between
from kiosk.circulation.model import (
    BranchId,
    CategoryId,
    Hold,
    Item,
    ItemStatus,
    LendingPolicy,
    Loan,
    OpeningHours,
)
from kiosk.circulation.queues import next_in_queue, queue_of, set_aside_for
from kiosk.circulation.standing import rule_for


def decide_checkin(  # noqa: PLR0913, PLR0917 - every fact the decision rests on is named
    item: Item | None,
    loan: Loan | None,
    holds: tuple[Hold, ...],
    policy: LendingPolicy,
    category: CategoryId | None,
    here: BranchId,
    hours: OpeningHours,
    today: date,
) -> TakeBack:
    """Say what follows from a copy being back *here*: lateness and fee, who waits for it, where it goes.

    *item* is None for a copy this station has never heard of, *loan* for one nobody has on loan;
    *category* is that of the patron who had it, *holds* the queue of the title.
    """
    late_days = 0 if loan is None else max(0, (today - loan.due).days)
    hold = None if item is None else _hold_served(item, holds, policy, here)
    home = here if item is None else item.branch
    goes_to = home if hold is None else hold.pickup
    return TakeBack(
        late_days=late_days,
        fee=Decimal(0) if loan is None else _late_fee(loan, policy, category, hours, today),
        hold_for=hold,
        destination=None if goes_to == here else goes_to,
        not_on_loan=loan is None,
    )


def _hold_served(item: Item, holds: tuple[Hold, ...], policy: LendingPolicy, here: BranchId) -> Hold | None:
    """Choose whom a returned copy serves: who it already lies aside for, else who waited longest."""
    queue = queue_of(item.title.id, holds)
    if (aside := set_aside_for(item, queue)) is not None:
        return aside
    if item.status in {ItemStatus.WITHDRAWN, ItemStatus.NOT_FOR_LOAN}:
        return None
    local = next_in_queue(queue, here) if policy.local_holds_first else None
    return local or next_in_queue(queue)


def _late_fee(
    loan: Loan, policy: LendingPolicy, category: CategoryId | None, hours: OpeningHours, today: date
) -> Decimal:
    """Charge per late day, closed days as the policy has it, up to the rule's ceiling; no rule, no fee."""
    rule = rule_for(policy, category, loan.item_type)
    if rule is None or loan.due >= today:
        return Decimal(0)
    every_day = policy.late_fee_on_closed_days
    days = (today - loan.due).days if every_day else open_days_between(loan.due, today, hours)
    fee = rule.fee_per_day_late * days
    return fee if rule.max_late_fee is None else min(fee, rule.max_late_fee)
