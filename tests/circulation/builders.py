"""Facts for the rules to decide on: one ordinary adult, one ordinary book, and how to make them special."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CategoryId,
    CategoryPolicy,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemTypeId,
    LendingPolicy,
    Loan,
    LoanId,
    LoanRule,
    OpeningHours,
    Patron,
    PatronId,
    Title,
    TitleId,
)

TODAY = date(2026, 3, 4)  # a Wednesday
CENTRAL, BOHUNIIA = BranchId("central"), BranchId("branch-2")
BOOK, DISC = ItemTypeId("book"), ItemTypeId("disc")
DAY = (time(10), time(19))
EVERY_DAY = OpeningHours(week=(DAY,) * 7)
WEEKDAYS = OpeningHours(week=(DAY,) * 5 + (None, None))

ADULT = CategoryPolicy(
    max_loans=3,
    max_fees=Decimal(50),
    max_overdue=1,
    max_holds=2,
    age_from=18,
    rules={
        BOOK: LoanRule(days=30, max_loans=3, max_renewals=2, fee_per_day_late=Decimal("0.50")),
        DISC: LoanRule(days=7, max_loans=1, max_renewals=1, min_age=16, max_late_fee=Decimal(5)),
    },
)
CHILD = replace(ADULT, age_from=6, child=True, rules={BOOK: LoanRule(days=21, max_loans=3)})
POLICY = LendingPolicy(categories={CategoryId("adult"): ADULT, CategoryId("child"): CHILD})

KOBZAR = Title(TitleId("t1"), "Кобзар", "Тарас Шевченко")
ITEM = Item(ItemId("0000000001"), KOBZAR, BOOK, CENTRAL)
OLENA = Patron(
    id=PatronId("olena"),
    card=CardNumber("20000017"),
    given_name="Олена",
    family_name="Ковальчук",
    category=CategoryId("adult"),
    branch=CENTRAL,
    born=date(1990, 5, 1),
    expires=TODAY,
)


def patron(**facts: Any) -> Patron:
    return replace(OLENA, **facts)


def item(**facts: Any) -> Item:
    return replace(ITEM, **facts)


def policy(**facts: Any) -> LendingPolicy:
    return replace(POLICY, **facts)


def loan(number: int = 1, due_in: int = 10, **facts: Any) -> Loan:
    """Build an open loan of Olena's; every *number* is another copy."""
    lent = Loan(
        id=LoanId(f"loan-{number}"),
        item=ItemId(f"{number:010}"),
        patron=OLENA.id,
        item_type=BOOK,
        lent_at=datetime.combine(TODAY - timedelta(days=20), time(12), UTC),
        due=TODAY + timedelta(days=due_in),
    )
    return replace(lent, **facts)


def hold(who: str, days_ago: int = 1, **facts: Any) -> Hold:
    """Build a place in the queue for the Kobzar."""
    placed = datetime.combine(TODAY - timedelta(days=days_ago), time(12), UTC)
    return replace(Hold(PatronId(who), KOBZAR.id, placed, CENTRAL), **facts)


def ready(who: str, copy: ItemId = ITEM.id, **facts: Any) -> Hold:
    return hold(who, status=HoldStatus.READY, item=copy, **facts)
