from datetime import timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import ItemStatus, ItemTypeId, PatronId, Reason, Refusal
from kiosk.circulation.rules import Extend, Refuse, decide_renewal
from tests.circulation.builders import EVERY_DAY, ITEM, POLICY, TODAY, hold, item, loan, patron, policy, ready

IN_30_DAYS = TODAY + timedelta(days=30)


def renew(lent, who=None, loans=None, copy=ITEM, holds=(), rules=POLICY):
    loans = (lent,) if loans is None else loans
    return decide_renewal(who or patron(), lent, copy, loans, holds, rules, EVERY_DAY, TODAY)


def test_a_renewed_loan_runs_a_full_term_from_today():
    assert renew(loan(due_in=3)) == Extend(IN_30_DAYS)


def test_a_book_a_little_late_is_renewed_from_today():
    assert renew(loan(due_in=-5)) == Extend(IN_30_DAYS)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"lent": loan(renewals=2)}, Reason(Refusal.RENEWAL_LIMIT, number=2)),
        ({"lent": loan(renewals=9)}, Reason(Refusal.RENEWAL_LIMIT, number=2)),
        ({"lent": loan(due_in=30)}, Reason(Refusal.RENEWAL_NO_GAIN, day=IN_30_DAYS)),
        ({"lent": loan(), "holds": (hold("petro"),)}, Reason(Refusal.HELD_FOR_ANOTHER)),
        ({"lent": loan(), "copy": item(status=ItemStatus.WITHDRAWN)}, Reason(Refusal.WITHDRAWN)),
        ({"lent": loan(item_type=ItemTypeId("game"))}, Reason(Refusal.TYPE_NOT_LENT, text="game")),
        ({"lent": loan(patron=PatronId("petro"))}, Reason(Refusal.NOT_ON_LOAN_TO_YOU)),
        ({"lent": loan(), "who": patron(fees=Decimal(60))}, Reason(Refusal.FEES, amount=Decimal(60))),
    ],
)
def test_a_loan_that_cannot_be_renewed_says_why(facts, reason):
    assert renew(**facts) == Refuse((reason,))


def test_who_waits_matters_and_who_is_served_already_does_not():
    assert renew(loan(), holds=(hold("olena"), ready("petro", copy=loan(7).item))) == Extend(IN_30_DAYS)


def test_a_loan_later_than_the_policy_bears_is_settled_with_staff():
    strict = policy(renew_within_late_days=4)

    assert renew(loan(due_in=-4), rules=strict) == Extend(IN_30_DAYS)
    assert renew(loan(due_in=-5), rules=strict) == Refuse(
        (Reason(Refusal.OVERDUE, number=5, day=TODAY - timedelta(days=5)),)
    )


def test_a_longer_term_elsewhere_is_never_cut_short():
    assert isinstance(renew(loan(due_in=90)), Refuse)
