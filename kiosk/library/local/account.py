"""What a patron sees of their own: loans, holds, fees. Reads only."""

from collections.abc import Mapping
from decimal import Decimal

from kiosk.circulation.model import (
    Hold,
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
from kiosk.circulation.rules import Refuse, decide_renewal, is_overdue, rule_for
from kiosk.library.local.desk import Desk
from kiosk.library.port import Account, HoldLine, LoanLine

Queues = Mapping[TitleId, tuple[Hold, ...]]


def show_account(desk: Desk, patron_id: PatronId) -> Account:
    """Show loans as they fall due, holds as they were placed. A patron gone since has an empty account."""
    work = desk.work
    patron = work.patrons.by_id(patron_id)
    if patron is None:
        return Account((), (), fees=Decimal(0), max_loans=0)
    loans = desk.loans_of(patron_id)
    mine = work.holds.of_patron(patron_id)
    items = work.items.by_id({loan.item for loan in loans} | {hold.item for hold in mine if hold.item})
    titles = work.items.titles({hold.title for hold in mine})
    queues = work.holds.queues({item.title.id for item in items.values()} | {hold.title for hold in mine})
    category = desk.rules.policy.categories.get(patron.category)
    return Account(
        loans=tuple(_loan_line(desk, patron, loan, loans, items[loan.item], queues) for loan in loans),
        holds=tuple(_hold_line(desk, hold, titles[hold.title], items, queues) for hold in mine),
        fees=patron.fees,
        max_loans=0 if category is None else category.max_loans,
    )


def _loan_line(desk: Desk, patron: Patron, loan: Loan, loans: tuple[Loan, ...], item: Item, queues: Queues) -> LoanLine:
    rule = rule_for(desk.rules.policy, patron.category, loan.item_type)
    return LoanLine(
        loan=loan.id,
        item=loan.item,
        title=item.title.name,
        author=item.title.author,
        due=loan.due,
        overdue=is_overdue(loan, desk.today),
        renewals_left=0 if rule is None else max(0, rule.max_renewals - loan.renewals),
        why_not_renewable=_why_not(desk, patron, loan, loans, item, queues[item.title.id]),
    )


def _why_not(
    desk: Desk, patron: Patron, loan: Loan, loans: tuple[Loan, ...], item: Item, queue: tuple[Hold, ...]
) -> tuple[Reason, ...]:
    rules = desk.rules
    decision = decide_renewal(patron, loan, item, loans, queue, rules.policy, rules.hours, desk.today)
    return decision.reasons if isinstance(decision, Refuse) else ()


def _hold_line(desk: Desk, hold: Hold, title: Title, items: Mapping[ItemId, Item], queues: Queues) -> HoldLine:
    travels = _travels(hold, items)
    ready = hold.status is HoldStatus.READY and not travels
    waiting = [other.patron for other in queues[hold.title] if other.status is HoldStatus.WAITING]
    return HoldLine(
        title=title.name,
        author=title.author,
        status=HoldStatus.READY if ready else HoldStatus.WAITING,
        place=waiting.index(hold.patron) + 1 if hold.patron in waiting else int(travels),
        branch=desk.rules.name_of(hold.pickup),
        title_id=hold.title,
    )


def _travels(hold: Hold, items: Mapping[ItemId, Item]) -> bool:
    """Say whether the copy set aside is still on its way: nobody shall come to fetch it yet."""
    item = None if hold.item is None else items.get(hold.item)
    return item is not None and item.status is ItemStatus.IN_TRANSIT
