from datetime import date, timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import CardStatus, CategoryId, Reason, Refusal
from kiosk.circulation.rules import age_on, card_reasons, patron_blocks
from tests.circulation.builders import POLICY, TODAY, loan, patron

YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 3, 4), date(2026, 3, 3), 15),
        (date(2010, 3, 4), date(2026, 3, 4), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),  # no 29 February this year: not yet
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 3, 4), date(2026, 3, 4), 0),
    ],
)
def test_a_birthday_makes_one_older(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, ()),
        ({"expires": None}, ()),
        ({"expires": TODAY}, ()),  # good to the end of the day
        ({"expires": YESTERDAY}, (Reason(Refusal.CARD_EXPIRED, day=YESTERDAY),)),
        ({"card_status": CardStatus.BLOCKED}, (Reason(Refusal.CARD_BLOCKED),)),
        (
            {"card_status": CardStatus.LOST, "expires": YESTERDAY},
            (Reason(Refusal.CARD_LOST), Reason(Refusal.CARD_EXPIRED, day=YESTERDAY)),
        ),
    ],
)
def test_a_card_says_everything_against_it_worst_first(facts, reasons):
    assert card_reasons(patron(**facts), TODAY) == reasons


@pytest.mark.parametrize(
    ("fees", "reasons"),
    [
        (Decimal("50.00"), ()),
        (Decimal("50.01"), (Reason(Refusal.FEES, amount=Decimal("50.01")),)),
    ],
)
def test_fees_block_above_the_limit_and_not_at_it(fees, reasons):
    assert patron_blocks(patron(fees=fees), (), POLICY, TODAY) == reasons


def test_one_late_book_is_forgiven_and_two_are_not():
    due_today, late, later = loan(1, due_in=0), loan(2, due_in=-1), loan(3, due_in=-9)

    assert patron_blocks(patron(), (due_today, late), POLICY, TODAY) == ()
    assert patron_blocks(patron(), (due_today, late, later), POLICY, TODAY) == (Reason(Refusal.OVERDUE, number=2),)


def test_a_category_nobody_wrote_rules_for_may_not_borrow():
    guest = patron(category=CategoryId("guest"), fees=Decimal(999))

    assert patron_blocks(guest, (), POLICY, TODAY) == (Reason(Refusal.CATEGORY_UNKNOWN, text="guest"),)
