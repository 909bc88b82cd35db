"""How a patron stands with the library before any book is looked at: card, age, fees, late books."""

from datetime import date

from kiosk.circulation.model import (
    CardStatus,
    CategoryId,
    CategoryPolicy,
    ItemTypeId,
    LendingPolicy,
    Loan,
    LoanRule,
    Patron,
    Reason,
    Refusal,
)


def age_on(born: date, day: date) -> int:
    """Count full years on *day*. Born on 29 February means a birthday on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_of(patron: Patron, category: CategoryPolicy, today: date) -> int:
    """Say how old the patron is; without a birth date, as young as the category takes anyone."""
    return category.age_from if patron.born is None else age_on(patron.born, today)


def card_reasons(patron: Patron, today: date) -> tuple[Reason, ...]:
    """Say why the card itself may not be served today, most important first; empty when it may.

    A card is good until the end of the day it expires.
    """
    reasons = []
    if patron.card_status is CardStatus.LOST:
        reasons.append(Reason(Refusal.CARD_LOST))
    if patron.card_status is CardStatus.BLOCKED:
        reasons.append(Reason(Refusal.CARD_BLOCKED))
    if patron.expires is not None and patron.expires < today:
        reasons.append(Reason(Refusal.CARD_EXPIRED, day=patron.expires))
    return tuple(reasons)


def patron_blocks(patron: Patron, loans: tuple[Loan, ...], policy: LendingPolicy, today: date) -> tuple[Reason, ...]:
    """Say what keeps the patron from borrowing anything: an unknown category, fees, too many late books.

    *loans* are the patron's open loans. What concerns one book (limits, age) is said when it is asked for.
    """
    category = policy.categories.get(patron.category)
    if category is None:
        return (Reason(Refusal.CATEGORY_UNKNOWN, text=patron.category),)
    reasons = []
    if patron.fees > category.max_fees:
        reasons.append(Reason(Refusal.FEES, amount=patron.fees))
    late = sum(is_overdue(loan, today) for loan in loans)
    if late > category.max_overdue:
        reasons.append(Reason(Refusal.OVERDUE, number=late))
    return tuple(reasons)


def is_overdue(loan: Loan, today: date) -> bool:
    """Say whether the loan is late; the due day itself is in time."""
    return loan.due < today


def rule_for(policy: LendingPolicy, category: CategoryId | None, item_type: ItemTypeId) -> LoanRule | None:
    """Find the rule for a patron category and an item type; None when that category is not lent that type."""
    allowed = None if category is None else policy.categories.get(category)
    return None if allowed is None else allowed.rules.get(item_type)
