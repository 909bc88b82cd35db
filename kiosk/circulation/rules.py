"""The rules of lending: may this patron take this copy today, or keep it longer?

Pure functions: same facts in, same answer out. A refusal is a value and carries every reason that objects,
most important first. Nothing is stored, asked or timed here; `kiosk.library` commits what is decided.
The other two decisions live beside (`returns`, `reservations`) and are named here, so callers know one door.
"""

from datetime import date

from kiosk.circulation.answers import Extend, Lend, Place, Refuse, Supply, TakeBack
from kiosk.circulation.calendar import due_date
from kiosk.circulation.model import (
    Hold,
    Item,
    ItemStatus,
    LendingPolicy,
    Loan,
    LoanRule,
    OpeningHours,
    Patron,
    Reason,
    Refusal,
)
from kiosk.circulation.queues import (
    fulfilled_by,
    next_in_queue,
    queue_of,
    set_aside_for,
    waits_for_another,
)
from kiosk.circulation.reservations import decide_hold
from kiosk.circulation.returns import decide_checkin
from kiosk.circulation.standing import (
    age_of,
    age_on,
    card_reasons,
    is_overdue,
    patron_blocks,
    rule_for,
)

__all__ = [
    "Extend",
    "Lend",
    "Place",
    "Refuse",
    "Supply",
    "TakeBack",
    "age_on",
    "card_reasons",
    "decide_checkin",
    "decide_checkout",
    "decide_hold",
    "decide_renewal",
    "is_overdue",
    "next_in_queue",
    "patron_blocks",
    "rule_for",
]


def decide_checkout(  # noqa: PLR0913, PLR0917 - every fact the decision rests on is named
    patron: Patron,
    loans: tuple[Loan, ...],
    item: Item,
    holds: tuple[Hold, ...],
    open_loan: Loan | None,
    policy: LendingPolicy,
    hours: OpeningHours,
    today: date,
) -> Lend | Refuse:
    """Say whether *patron* may take *item* home today, and until when.

    *loans* are the patron's open loans, *holds* the queue of the title, *open_loan* the open loan of this
    very copy, whoever has it. A copy listed as lost or in transit is lent: it is evidently here.
    """
    rule = rule_for(policy, patron.category, item.type)
    reasons = (
        *card_reasons(patron, today),
        *patron_blocks(patron, loans, policy, today),
        *_copy_reasons(patron, item, open_loan),
        *_queue_reasons(patron, item, holds, policy),
        *_allowance_reasons(patron, loans, item, policy, today),
    )
    if reasons or rule is None:
        return Refuse(reasons)
    return Lend(due_date(today, rule.days, hours), fulfils=fulfilled_by(item, patron.id, holds))


def _copy_reasons(patron: Patron, item: Item, open_loan: Loan | None) -> tuple[Reason, ...]:
    reasons = []
    if item.status is ItemStatus.WITHDRAWN:
        reasons.append(Reason(Refusal.WITHDRAWN))
    if item.status is ItemStatus.NOT_FOR_LOAN:
        reasons.append(Reason(Refusal.NOT_FOR_LOAN))
    if open_loan is not None and open_loan.patron == patron.id:
        reasons.append(Reason(Refusal.ALREADY_YOURS, day=open_loan.due))
    elif open_loan is not None:
        reasons.append(Reason(Refusal.ON_LOAN_TO_ANOTHER))
    return tuple(reasons)


def _queue_reasons(patron: Patron, item: Item, holds: tuple[Hold, ...], policy: LendingPolicy) -> tuple[Reason, ...]:
    """Keep a copy set aside for its patron and, where the policy says so, a shelf copy for the queue."""
    held = (Reason(Refusal.HELD_FOR_ANOTHER),)
    queue = queue_of(item.title.id, holds)
    if (aside := set_aside_for(item, queue)) is not None:
        return () if aside.patron == patron.id else held
    if not policy.holds_block_shelf_copies:
        return ()
    first = next_in_queue(queue, item.branch)
    return held if first is not None and first.patron != patron.id else ()


def _allowance_reasons(
    patron: Patron, loans: tuple[Loan, ...], item: Item, policy: LendingPolicy, today: date
) -> tuple[Reason, ...]:
    """Say what the patron's category does not allow about this copy: its kind, its age limit, one more."""
    category = policy.categories.get(patron.category)
    if category is None:
        return ()  # said once, by patron_blocks
    rule = category.rules.get(item.type)
    if rule is None:
        return (Reason(Refusal.TYPE_NOT_LENT, text=item.type),)
    reasons = []
    needed = max(rule.min_age, item.title.age_from)
    if age_of(patron, category, today) < needed:
        reasons.append(Reason(Refusal.TOO_YOUNG, number=needed))
    if len(loans) >= category.max_loans:
        reasons.append(Reason(Refusal.LOAN_LIMIT, number=category.max_loans))
    if sum(loan.item_type == item.type for loan in loans) >= rule.max_loans:
        reasons.append(Reason(Refusal.TYPE_LIMIT, number=rule.max_loans, text=item.type))
    return tuple(reasons)


def decide_renewal(  # noqa: PLR0913, PLR0917 - every fact the decision rests on is named
    patron: Patron,
    loan: Loan,
    item: Item,
    loans: tuple[Loan, ...],
    holds: tuple[Hold, ...],
    policy: LendingPolicy,
    hours: OpeningHours,
    today: date,
) -> Extend | Refuse:
    """Say whether *patron* may keep *item* longer. The new term counts from today and never ends earlier.

    *loans* are the patron's open loans, *holds* the queue of the title.
    """
    rule = rule_for(policy, patron.category, loan.item_type)
    reasons = (
        *card_reasons(patron, today),
        *patron_blocks(patron, loans, policy, today),
        *_renewal_reasons(patron, loan, item, holds),
        *_lateness_reasons(loan, policy, today),
        *_term_reasons(loan, rule, hours, today),
    )
    if reasons or rule is None:
        return Refuse(reasons)
    return Extend(due_date(today, rule.days, hours))


def _renewal_reasons(patron: Patron, loan: Loan, item: Item, holds: tuple[Hold, ...]) -> tuple[Reason, ...]:
    reasons = []
    if loan.patron != patron.id:
        reasons.append(Reason(Refusal.NOT_ON_LOAN_TO_YOU))
    if item.status is ItemStatus.WITHDRAWN:
        reasons.append(Reason(Refusal.WITHDRAWN))
    if waits_for_another(patron.id, queue_of(item.title.id, holds)):
        reasons.append(Reason(Refusal.HELD_FOR_ANOTHER))
    return tuple(reasons)


def _lateness_reasons(loan: Loan, policy: LendingPolicy, today: date) -> tuple[Reason, ...]:
    late = (today - loan.due).days
    if policy.renew_within_late_days is None or late <= policy.renew_within_late_days:
        return ()
    return (Reason(Refusal.OVERDUE, number=late, day=loan.due),)


def _term_reasons(loan: Loan, rule: LoanRule | None, hours: OpeningHours, today: date) -> tuple[Reason, ...]:
    if rule is None:
        return (Reason(Refusal.TYPE_NOT_LENT, text=loan.item_type),)
    if loan.renewals >= rule.max_renewals:
        return (Reason(Refusal.RENEWAL_LIMIT, number=rule.max_renewals),)
    if due_date(today, rule.days, hours) <= loan.due:
        return (Reason(Refusal.RENEWAL_NO_GAIN, day=loan.due),)
    return ()
