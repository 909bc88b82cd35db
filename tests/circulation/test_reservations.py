from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kiosk.circulation.model import CategoryId, Reason, Refusal, TitleId
from kiosk.circulation.rules import Place, Refuse, Supply, decide_hold
from tests.circulation.builders import KOBZAR, POLICY, TODAY, hold, loan, patron, ready

ALL_OUT = Supply(lendable=2)


def reserve(who=None, title=KOBZAR, holds=(), loans=(), supply=ALL_OUT):
    return decide_hold(who or patron(), title, holds, loans, supply, POLICY, TODAY)


def test_the_first_to_wait_is_number_one():
    assert reserve() == Place(1)


def test_a_place_counts_who_waits_and_not_who_is_served_or_waits_for_something_else():
    other = replace(hold("petro"), title=TitleId("t2"))

    assert reserve(holds=(hold("petro"), hold("iryna"), ready("maksym"), other)) == Place(3)


def test_a_title_may_be_reserved_from_the_birthday_on():
    eighteen_today = patron(born=date(2008, 3, 4))

    assert reserve(eighteen_today, replace(KOBZAR, age_from=18)) == Place(1)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"supply": Supply(lendable=0)}, Reason(Refusal.NOT_FOR_LOAN)),
        ({"supply": Supply(2, free_at_pickup=1)}, Reason(Refusal.HOLD_NOT_NEEDED, number=1)),
        ({"supply": Supply(2, on_loan_to_patron=True)}, Reason(Refusal.ALREADY_YOURS)),
        ({"holds": (hold("olena"),)}, Reason(Refusal.ALREADY_HELD)),
        ({"holds": (ready("olena"),)}, Reason(Refusal.ALREADY_HELD)),
        ({"who": patron(fees=Decimal(51))}, Reason(Refusal.FEES, amount=Decimal(51))),
        ({"loans": (loan(1, -1), loan(2, -1))}, Reason(Refusal.OVERDUE, number=2)),
        ({"who": patron(category=CategoryId("guest"))}, Reason(Refusal.CATEGORY_UNKNOWN, text="guest")),
        (
            {"who": patron(born=date(2010, 1, 1)), "title": replace(KOBZAR, age_from=18)},
            Reason(Refusal.TOO_YOUNG, number=18),
        ),
        (
            {"holds": tuple(replace(hold("olena"), title=TitleId(t)) for t in ("t2", "t3"))},
            Reason(Refusal.HOLD_LIMIT, number=2),
        ),
    ],
)
def test_a_hold_that_cannot_be_placed_says_why(facts, reason):
    assert reserve(**facts) == Refuse((reason,))
