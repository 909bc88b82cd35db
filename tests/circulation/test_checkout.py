from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import CardStatus, CategoryId, ItemStatus, ItemTypeId, PatronId, Reason, Refusal
from kiosk.circulation.rules import Lend, Refuse, decide_checkout
from tests.circulation.builders import (
    BOHUNIIA,
    BOOK,
    DISC,
    EVERY_DAY,
    ITEM,
    KOBZAR,
    POLICY,
    TODAY,
    hold,
    item,
    loan,
    patron,
    policy,
    ready,
)


def checkout(who=None, loans=(), copy=ITEM, holds=(), open_loan=None, rules=POLICY):
    return decide_checkout(who or patron(), loans, copy, holds, open_loan, rules, EVERY_DAY, TODAY)


def refused(answer):
    assert isinstance(answer, Refuse)
    return [(reason.refusal, reason.number) for reason in answer.reasons]


def test_an_ordinary_book_goes_home_for_its_term():
    assert checkout() == Lend(due=TODAY + timedelta(days=30))


@pytest.mark.parametrize("status", [ItemStatus.LOST, ItemStatus.IN_TRANSIT])
def test_a_copy_thought_to_be_elsewhere_is_lent_because_it_is_here(status):
    assert isinstance(checkout(copy=item(status=status)), Lend)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"copy": item(status=ItemStatus.WITHDRAWN)}, (Refusal.WITHDRAWN, None)),
        ({"copy": item(status=ItemStatus.NOT_FOR_LOAN)}, (Refusal.NOT_FOR_LOAN, None)),
        ({"copy": item(type=ItemTypeId("game"))}, (Refusal.TYPE_NOT_LENT, None)),
        ({"open_loan": loan(patron=PatronId("petro"))}, (Refusal.ON_LOAN_TO_ANOTHER, None)),
        ({"open_loan": loan()}, (Refusal.ALREADY_YOURS, None)),
        ({"holds": (ready("petro"),)}, (Refusal.HELD_FOR_ANOTHER, None)),
        ({"loans": (loan(2), loan(3), loan(4, item_type=DISC))}, (Refusal.LOAN_LIMIT, 3)),
        ({"copy": item(type=DISC), "loans": (loan(2, item_type=DISC),)}, (Refusal.TYPE_LIMIT, 1)),
        ({"who": patron(card_status=CardStatus.LOST)}, (Refusal.CARD_LOST, None)),
        ({"who": patron(category=CategoryId("guest"))}, (Refusal.CATEGORY_UNKNOWN, None)),
    ],
)
def test_one_thing_wrong_is_one_reason(facts, why):
    assert refused(checkout(**facts)) == [why]


@pytest.mark.parametrize(
    ("born", "category", "age_from", "answer"),
    [
        (date(2008, 3, 4), "adult", 18, None),  # eighteen today
        (date(2008, 3, 5), "adult", 18, 18),  # eighteen tomorrow
        (None, "adult", 18, None),  # nobody wrote it down: as young as adults are
        (None, "child", 6, None),
        (None, "child", 7, 7),  # ... and as young as children are
        (date(2014, 1, 1), "child", 12, None),
        (date(2015, 1, 1), "child", 12, 12),
    ],
)
def test_a_title_for_older_people_waits(born, category, age_from, answer):
    who = patron(born=born, category=CategoryId(category))

    told = checkout(who, copy=item(title=replace(KOBZAR, age_from=age_from)))

    assert (None if isinstance(told, Lend) else refused(told)) == (
        None if answer is None else [(Refusal.TOO_YOUNG, answer)]
    )


def test_the_stricter_of_two_age_limits_is_named():
    pupil = patron(born=date(2014, 1, 1))

    told = checkout(pupil, copy=item(type=DISC, title=replace(KOBZAR, age_from=14)))

    assert refused(told) == [(Refusal.TOO_YOUNG, 16)]


def test_everything_that_objects_is_said_and_the_card_comes_first():
    debtor = patron(card_status=CardStatus.BLOCKED, fees=Decimal(60))
    late = (loan(2, due_in=-1), loan(3, due_in=-1), loan(4))

    told = checkout(debtor, late, item(status=ItemStatus.NOT_FOR_LOAN), (ready("petro"),))

    assert refused(told) == [
        (Refusal.CARD_BLOCKED, None),
        (Refusal.FEES, None),
        (Refusal.OVERDUE, 2),
        (Refusal.NOT_FOR_LOAN, None),
        (Refusal.HELD_FOR_ANOTHER, None),
        (Refusal.LOAN_LIMIT, 3),
        (Refusal.TYPE_LIMIT, 3),
    ]


def test_the_copy_set_aside_for_me_ends_my_hold():
    mine = ready("olena")

    assert checkout(holds=(hold("petro", days_ago=9), mine)) == Lend(TODAY + timedelta(days=30), fulfils=mine)


def test_of_my_two_holds_the_one_with_this_copy_ends():
    elsewhere, this = ready("olena", copy=loan(7).item, days_ago=9), ready("olena")

    assert checkout(holds=(elsewhere, this)).fulfils == this


def test_a_copy_named_by_a_hold_that_only_waits_is_not_set_aside():
    waiting = hold("petro", item=ITEM.id)

    assert isinstance(checkout(holds=(waiting,)), Lend)


def test_another_copy_of_a_title_i_wait_for_ends_my_wait_too():
    mine = hold("olena")

    assert checkout(holds=(hold("petro", days_ago=9), mine)).fulfils == mine


def test_a_hold_on_another_title_is_not_ended():
    other = replace(hold("olena"), title=replace(KOBZAR, id="t2").id)

    assert checkout(holds=(other,)).fulfils is None


def test_a_queue_leaves_the_open_shelf_alone_unless_the_policy_guards_it():
    queue = (hold("petro", days_ago=9), hold("olena", days_ago=2))
    guarded = policy(holds_block_shelf_copies=True)

    assert isinstance(checkout(holds=queue), Lend)
    assert refused(checkout(holds=queue, rules=guarded)) == [(Refusal.HELD_FOR_ANOTHER, None)]
    assert isinstance(checkout(patron(id=PatronId("petro")), holds=queue, rules=guarded), Lend)


def test_a_queue_at_another_branch_does_not_guard_this_shelf():
    elsewhere = (hold("petro", pickup=BOHUNIIA),)

    assert isinstance(checkout(holds=elsewhere, rules=policy(holds_block_shelf_copies=True)), Lend)


def test_reasons_carry_the_facts_their_words_need():
    told = checkout(open_loan=loan(due_in=5), copy=item(type=ItemTypeId("game")))

    assert told.reasons == (
        Reason(Refusal.ALREADY_YOURS, day=TODAY + timedelta(days=5)),
        Reason(Refusal.TYPE_NOT_LENT, text="game"),
    )


def test_the_limit_of_a_type_does_not_count_other_types():
    assert isinstance(checkout(copy=item(type=DISC), loans=(loan(2), loan(3))), Lend)
    assert isinstance(checkout(copy=item(type=BOOK), loans=(loan(2, item_type=DISC), loan(3))), Lend)
