from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.circulation.model import BranchId, CategoryId, ItemStatus, ItemTypeId
from kiosk.circulation.rules import TakeBack, decide_checkin, next_in_queue
from tests.circulation.builders import (
    BOHUNIIA,
    CENTRAL,
    DISC,
    EVERY_DAY,
    ITEM,
    POLICY,
    TODAY,
    WEEKDAYS,
    hold,
    item,
    loan,
    policy,
    ready,
)

ADULTS, CHILDREN = CategoryId("adult"), CategoryId("child")


def checkin(copy=ITEM, lent=None, holds=(), rules=POLICY, category=ADULTS, here=CENTRAL, hours=EVERY_DAY):
    return decide_checkin(copy, lent, holds, rules, category, here, hours, TODAY)


def test_a_book_back_in_time_at_home_leaves_nothing_to_do():
    assert checkin(lent=loan(due_in=0)) == TakeBack()


def test_a_book_nobody_has_on_loan_is_taken_all_the_same():
    assert checkin() == TakeBack(not_on_loan=True)


def test_a_copy_nobody_has_heard_of_stays_here():
    assert checkin(copy=None, here=BOHUNIIA) == TakeBack(not_on_loan=True)


@pytest.mark.parametrize(
    ("due_in", "every_day", "late_days", "fee"),
    [
        (0, True, 0, "0"),
        (-1, True, 1, "0.50"),
        (-5, True, 5, "2.50"),  # Friday to Wednesday
        (-5, False, 5, "1.50"),  # ... of which the branch was open on three
    ],
)
def test_a_late_book_costs_what_the_policy_counts(due_in, every_day, late_days, fee):
    rules = policy(late_fee_on_closed_days=every_day)

    back = checkin(lent=loan(due_in=due_in), rules=rules, hours=WEEKDAYS)

    assert (back.late_days, back.fee) == (late_days, Decimal(fee))


def test_a_late_fee_has_a_ceiling_and_children_pay_none():
    adult = POLICY.categories[ADULTS]
    dear = replace(adult.rules[DISC], fee_per_day_late=Decimal(2))
    rules = policy(categories={**POLICY.categories, ADULTS: replace(adult, rules={**adult.rules, DISC: dear})})

    assert checkin(lent=loan(due_in=-40, item_type=DISC), rules=rules).fee == Decimal(5)
    assert checkin(lent=loan(due_in=-40), category=CHILDREN).fee == 0


@pytest.mark.parametrize("category", [None, CategoryId("guest")])
def test_a_book_lent_under_rules_that_are_gone_costs_nothing(category):
    back = checkin(lent=loan(due_in=-40), category=category)

    assert (back.late_days, back.fee) == (40, Decimal(0))
    assert checkin(lent=loan(due_in=-40, item_type=ItemTypeId("map"))).fee == 0


def test_another_branchs_book_travels_home():
    assert checkin(here=BOHUNIIA, lent=loan()).destination == CENTRAL


def test_a_returned_book_serves_whoever_waited_longest():
    queue = (hold("petro", days_ago=2), hold("iryna", days_ago=8), hold("maksym", days_ago=5))

    back = checkin(lent=loan(), holds=queue)

    assert (back.hold_for, back.destination) == (queue[1], None)


def test_a_book_travels_to_where_its_patron_picks_it_up():
    far = hold("petro", pickup=BOHUNIIA)

    assert checkin(lent=loan(), holds=(far,)).destination == BOHUNIIA
    assert checkin(lent=loan(), holds=(far,), here=BOHUNIIA).destination is None


def test_a_network_may_serve_its_own_counter_first():
    near, far = hold("petro", days_ago=2), hold("iryna", days_ago=8, pickup=BOHUNIIA)
    local = policy(local_holds_first=True)

    assert checkin(lent=loan(), holds=(near, far)).hold_for == far
    assert checkin(lent=loan(), holds=(near, far), rules=local).hold_for == near
    assert checkin(lent=loan(), holds=(far,), rules=local).hold_for == far


def test_a_copy_off_the_hold_shelf_still_serves_the_one_it_lay_there_for():
    aside = ready("petro", days_ago=1)

    assert checkin(holds=(hold("iryna", days_ago=8), aside)).hold_for == aside


@pytest.mark.parametrize("status", [ItemStatus.WITHDRAWN, ItemStatus.NOT_FOR_LOAN])
def test_a_copy_that_is_not_lent_serves_nobody(status):
    assert checkin(copy=item(status=status), lent=loan(), holds=(hold("petro"),)).hold_for is None


def test_the_queue_is_first_come_first_and_by_branch_when_asked():
    first, second = hold("petro", days_ago=8), hold("iryna", days_ago=3, pickup=BOHUNIIA)

    assert next_in_queue((second, ready("maksym", days_ago=20), first)) == first
    assert next_in_queue((second, first), BOHUNIIA) == second
    assert next_in_queue((second, first), BranchId("music")) is None
