"""Borrowing a stack: what is lent, what is refused, and what the gate bits are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.circulation.model import ItemStatus, Reason, Refusal, TitleId
from kiosk.library.port import AlreadyYours, GateOutcome, Lent, NotLent, PatronId, Words
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from tests.library.desk_stand import (
    ELSEWHERE,
    OLENA,
    POLICY,
    RULES,
    SOFIIA,
    TARAS,
    TODAY,
    DeskStand,
    copy,
    facts,
    hold,
    loan,
    patron,
    ready,
)


def refusals(answer: object) -> list[Refusal]:
    assert isinstance(answer, NotLent), answer
    return [reason.refusal for reason in answer.reasons]


def test_a_lent_copy_comes_with_a_durable_loan_and_an_order_for_its_tag(desk: DeskStand) -> None:
    laid = copy("k1", "eneida")

    (answer,) = desk.library.checkout(OLENA, (laid,))

    assert isinstance(answer, Lent)
    assert answer.words == Words("Eneida", "Author", id=TitleId("t-eneida"))
    assert answer.due == TODAY + timedelta(days=14)
    assert [(order.tag, order.armed) for order in answer.orders] == [("E0-eneida", False)]
    desk.restart()
    assert desk.loans_of(OLENA) == ["eneida"]


def test_a_stack_is_answered_in_the_order_it_was_asked_with_one_journal_row_per_loan(desk: DeskStand) -> None:
    stack = (copy("k1", "kobzar"), copy("k2", "atlas"), copy("k3", "eneida"))

    answers = desk.library.checkout(OLENA, stack)

    assert [answer.copy for answer in answers] == list(stack)
    assert [type(answer) for answer in answers] == [Lent, NotLent, Lent]
    assert [(entry.type, entry.facts()["item"]) for entry in desk.journal()] == [
        (EventType.LENT, "kobzar"),
        (EventType.LENT, "eneida"),
    ]


def test_the_limit_is_reached_in_the_middle_of_a_stack(desk: DeskStand) -> None:
    names = ("eneida", "kobzar", "zapovit", "lisova")

    answers = desk.library.checkout(OLENA, tuple(copy(name, name) for name in names))

    assert [type(answer) for answer in answers] == [Lent, Lent, Lent, NotLent]
    assert answers[3].reasons[0] == Reason(Refusal.LOAN_LIMIT, number=3)
    assert desk.loans_of(OLENA) == ["eneida", "kobzar", "zapovit"]


def test_every_tag_of_a_set_gets_its_own_order(desk: DeskStand) -> None:
    (answer,) = desk.library.checkout(OLENA, (copy("k1", "opera", "E0-A", "E0-B"),))

    assert [order.tag for order in answer.orders] == ["E0-A", "E0-B"]


def test_a_set_with_a_part_missing_is_not_lent(desk: DeskStand) -> None:
    (answer,) = desk.library.checkout(OLENA, (copy("k1", "opera", "E0-A"),))

    assert answer.reasons == (Reason(Refusal.PARTS_MISSING, number=1),)
    assert desk.loans_of(OLENA) == []


@pytest.mark.parametrize(
    ("name", "why"),
    [("atlas", Refusal.NOT_FOR_LOAN), ("old", Refusal.WITHDRAWN), ("etudes", None), ("lost", None)],
)
def test_the_standing_of_a_copy_decides(desk: DeskStand, name: str, why: Refusal | None) -> None:
    (answer,) = desk.library.checkout(OLENA, (copy("k1", name),))

    assert (refusals(answer) if why else type(answer)) == ([why] if why else Lent)


def test_a_lost_copy_that_is_lent_is_lost_no_more(desk: DeskStand) -> None:
    desk.library.checkout(OLENA, (copy("k1", "lost"),))

    assert desk.item("lost").status is ItemStatus.AVAILABLE


def test_another_librarys_copy_is_refused_by_name_and_nothing_is_said_of_it(desk: DeskStand) -> None:
    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida", owner=ELSEWHERE),))

    assert answer == NotLent(
        copy("k1", "eneida", owner=ELSEWHERE), None, (Reason(Refusal.FOREIGN_TAG, text=ELSEWHERE),)
    )
    assert desk.debts() == []


def test_a_tag_without_an_owner_code_is_ours(desk: DeskStand) -> None:
    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida", owner=""),))

    assert isinstance(answer, Lent)


def test_an_item_nobody_has_heard_of_is_one_debt_however_often_it_is_tried(desk: DeskStand) -> None:
    first = desk.library.checkout(OLENA, (copy("k1", "mystery"),))
    again = desk.library.checkout(OLENA, (copy("k2", "mystery"),))

    assert refusals(first[0]) == refusals(again[0]) == [Refusal.ITEM_UNKNOWN]
    assert desk.debts() == [(DebtKind.UNKNOWN_ITEM, "mystery")]
    assert desk.told() == [EventType.DEBT_OPENED]


def test_a_patron_unknown_by_now_borrows_nothing(desk: DeskStand) -> None:
    (answer,) = desk.library.checkout(PatronId("p-gone"), (copy("k1", "eneida"),))

    assert refusals(answer) == [Refusal.CARD_UNKNOWN]


def test_a_child_is_too_young_for_what_the_title_says(desk: DeskStand) -> None:
    grown_up = replace(desk.item("eneida"), title=replace(desk.item("eneida").title, age_from=16))
    desk.know(items=(grown_up,))

    (answer,) = desk.library.checkout(SOFIIA, (copy("k1", "eneida"),))

    assert answer.reasons == (Reason(Refusal.TOO_YOUNG, number=16),)


# --- on loan already ------------------------------------------------------------------------------------


def test_a_copy_on_loan_to_another_is_refused_and_its_tag_stays_as_it_is(desk: DeskStand) -> None:
    desk.library.checkout(TARAS, (copy("k1", "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k2", "eneida"),))

    assert refusals(answer) == [Refusal.ON_LOAN_TO_ANOTHER]
    assert answer.orders == ()
    assert desk.loans_of(TARAS) == ["eneida"]


def test_a_copy_already_mine_says_so_with_no_order_once_its_bit_is_cleared(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))

    (answer,) = desk.library.checkout(OLENA, (copy("k2", "eneida"),))

    assert isinstance(answer, AlreadyYours)
    assert (answer.due, answer.orders) == (TODAY + timedelta(days=14), ())


def test_a_copy_already_mine_whose_bit_is_owed_comes_with_the_same_order(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.GONE))

    (answer,) = desk.library.checkout(OLENA, (copy("k2", "eneida"),))

    assert isinstance(answer, AlreadyYours)
    assert answer.orders == lent.orders


def test_a_tag_of_my_copy_that_nobody_saw_before_is_cleared_too(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida", "E0-A"))

    (answer,) = desk.library.checkout(OLENA, (copy("k2", "eneida", "E0-A", "E0-B"),))

    assert [(order.tag, order.armed) for order in answer.orders] == [("E0-B", False)]


def test_a_loan_made_elsewhere_is_mine_and_its_tags_are_left_alone(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert isinstance(answer, AlreadyYours)
    assert answer.orders == ()


def test_the_same_copy_twice_in_one_stack_is_lent_once(desk: DeskStand) -> None:
    answers = desk.library.checkout(OLENA, (copy("k1", "eneida"), copy("k2", "eneida")))

    assert [type(answer) for answer in answers] == [Lent, AlreadyYours]
    assert desk.told() == [EventType.LENT]


# --- holds ----------------------------------------------------------------------------------------------


def test_a_copy_set_aside_for_another_is_refused(desk: DeskStand) -> None:
    desk.know(holds=(ready(TARAS, "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert refusals(answer) == [Refusal.HELD_FOR_ANOTHER]


def test_taking_the_copy_set_aside_for_me_ends_my_hold(desk: DeskStand) -> None:
    desk.know(holds=(ready(OLENA, "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert isinstance(answer, Lent)
    assert desk.queue("eneida") == ()
    assert desk.journal()[0].facts()["fulfils"] == "t-eneida"


def test_where_the_policy_says_so_a_queue_keeps_shelf_copies(desk: DeskStand) -> None:
    desk.know(holds=(hold(TARAS, "eneida"),))
    desk.abide_by(replace(RULES, policy=replace(POLICY, holds_block_shelf_copies=True)))

    (answer,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert refusals(answer) == [Refusal.HELD_FOR_ANOTHER]


# --- a return that was begun and not finished -----------------------------------------------------------


def test_a_return_begun_here_is_finished_before_the_copy_is_lent_to_the_next(desk: DeskStand) -> None:
    desk.lend(TARAS, copy("k1", "eneida"))
    desk.library.begin_checkin((copy("k2", "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k3", "eneida"),))

    assert isinstance(answer, Lent)
    assert (desk.loans_of(TARAS), desk.loans_of(OLENA)) == ([], ["eneida"])
    assert desk.told()[-2:] == [EventType.RETURNED, EventType.LENT]
    assert [(order.tag, order.armed) for order in answer.orders] == [("E0-eneida", False)]


def test_a_copy_whose_begun_return_is_finished_and_that_is_then_refused_is_armed(desk: DeskStand) -> None:
    desk.know(patrons=(patron(OLENA, category="none"),))
    desk.lend(TARAS, copy("k1", "eneida"))
    desk.library.begin_checkin((copy("k2", "eneida"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k3", "eneida"),))

    assert refusals(answer) == [Refusal.CATEGORY_UNKNOWN]
    assert [(order.tag, order.armed) for order in answer.orders] == [("E0-eneida", True)]
    assert desk.loans_of(TARAS) == []


def test_a_begun_return_is_not_finished_by_a_part_of_the_copy(desk: DeskStand) -> None:
    desk.lend(TARAS, copy("k1", "opera", "E0-A", "E0-B"))
    desk.library.begin_checkin((copy("k2", "opera", "E0-A", "E0-B"),))

    (answer,) = desk.library.checkout(OLENA, (copy("k3", "opera", "E0-A"),))

    assert refusals(answer) == [Refusal.PARTS_MISSING]
    assert desk.loans_of(TARAS) == ["opera"]


# --- the same request again -----------------------------------------------------------------------------


def test_the_same_request_again_gets_the_same_answer_also_after_a_restart(desk: DeskStand) -> None:
    stack = (copy("k1", "eneida"), copy("k2", "atlas"), copy("k3", "mystery"), copy("k4", "kobzar"))
    first = desk.library.checkout(OLENA, stack)
    told = desk.told()

    again = desk.library.checkout(OLENA, stack)

    assert again == first
    assert desk.told() == told
    desk.restart()
    assert desk.library.checkout(OLENA, stack) == first


def test_the_same_request_twice_in_one_stack_is_one_request(desk: DeskStand) -> None:
    first, second = desk.library.checkout(OLENA, (copy("k1", "eneida"), copy("k1", "eneida")))

    assert first == second
    assert desk.told() == [EventType.LENT]


def test_an_order_settled_meanwhile_is_not_given_again(desk: DeskStand) -> None:
    (first,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(first.orders))

    (again,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert again == replace(first, orders=())


def test_a_request_whose_copy_came_back_since_clears_nothing(desk: DeskStand) -> None:
    desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.give_back(copy("k2", "eneida"))

    (again,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert again.orders == ()
    assert desk.loans_of(OLENA) == []
