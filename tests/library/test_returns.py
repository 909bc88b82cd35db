"""Bringing back: written down, armed, committed; and what the librarian, the slip and the queue are told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kiosk.circulation.model import HoldStatus, ItemStatus, Reason, Refusal
from kiosk.library.port import CheckinBegun, CheckinNote, GateOutcome, NotTaken, Returned, ReturnPending
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from tests.library.desk_stand import (
    CENTRAL,
    ELSEWHERE,
    MUSIC,
    OLENA,
    RULES,
    TARAS,
    TODAY,
    DeskStand,
    copy,
    facts,
    hold,
    item,
    loan,
    ready,
)

STAYS = Decimal(0)


def test_a_return_that_is_begun_changes_no_loan_and_orders_every_tag_armed(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    told = desk.told()

    (begun,) = desk.library.begin_checkin((copy("k2", "eneida"),))

    assert isinstance(begun, CheckinBegun)
    assert [(order.tag, order.armed) for order in begun.orders] == [("E0-eneida", True)]
    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.told() == told


def test_a_return_is_committed_when_every_tag_is_armed_in_one_journal_row(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "opera", "E0-A", "E0-B"))
    told = desk.told()

    answer = desk.give_back(copy("k2", "opera", "E0-A", "E0-B"))

    assert isinstance(answer, Returned)
    assert (answer.notes, answer.fee, answer.destination) == ((), STAYS, "")
    assert desk.told() == [*told, EventType.RETURNED]
    desk.restart()
    assert desk.loans_of(OLENA) == []


def test_a_late_return_costs_what_the_policy_says_and_the_patron_owes_it(desk: DeskStand) -> None:
    desk.know(loans=(loan(OLENA, "eneida", due=TODAY - timedelta(days=4)),))

    answer = desk.give_back(copy("k1", "eneida"))

    assert answer.notes == (CheckinNote.LATE, CheckinNote.FEE)
    assert (answer.late_days, answer.fee) == (4, Decimal("2.00"))
    assert desk.fees_of(OLENA) == Decimal("2.00")
    assert desk.journal()[-1].facts()["fee"] == "2.00"


def test_a_copy_somebody_waits_for_goes_to_the_hold_shelf(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.know(holds=(hold(TARAS, "eneida"),))

    answer = desk.give_back(copy("k2", "eneida"))

    assert answer.notes == (CheckinNote.HELD,)
    assert [(one.patron, one.status, one.item) for one in desk.queue("eneida")] == [(TARAS, HoldStatus.READY, "eneida")]


def test_a_copy_held_at_another_branch_travels_there(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.know(holds=(hold(TARAS, "eneida", pickup=MUSIC),))

    answer = desk.give_back(copy("k2", "eneida"))

    assert (answer.notes, answer.destination) == ((CheckinNote.HELD,), "Музична")
    assert desk.item("eneida").status is ItemStatus.IN_TRANSIT


def test_a_copy_that_lies_aside_for_somebody_and_is_returned_stays_theirs(desk: DeskStand) -> None:
    desk.know(holds=(ready(TARAS, "eneida"),))

    answer = desk.give_back(copy("k1", "eneida"))

    assert answer.notes == (CheckinNote.HELD, CheckinNote.NOT_ON_LOAN)


def test_another_branchs_copy_goes_on_its_way_home(desk: DeskStand) -> None:
    answer = desk.give_back(copy("k1", "etudes"))

    assert CheckinNote.OTHER_BRANCH in answer.notes
    assert answer.destination == "Музична"
    assert desk.item("etudes").status is ItemStatus.IN_TRANSIT


def test_a_copy_home_again_is_on_its_way_no_more(desk: DeskStand) -> None:
    desk.give_back(copy("k1", "etudes"))
    desk.abide_by(replace(RULES, branch=MUSIC))

    answer = desk.give_back(copy("k2", "etudes"))

    assert answer.destination == ""
    assert desk.item("etudes").status is ItemStatus.AVAILABLE


def test_a_copy_not_for_loan_stays_so_when_it_travels_home(desk: DeskStand) -> None:
    desk.know(items=(item("etudes", branch=MUSIC, status=ItemStatus.NOT_FOR_LOAN),))

    desk.give_back(copy("k1", "etudes"))

    assert desk.item("etudes").status is ItemStatus.NOT_FOR_LOAN


def test_an_item_nobody_has_on_loan_is_taken_and_said_to_be_so(desk: DeskStand) -> None:
    answer = desk.give_back(copy("k1", "eneida"))

    assert answer.notes == (CheckinNote.NOT_ON_LOAN,)


def test_an_item_never_heard_of_is_taken_as_a_fact_and_named_as_a_debt(desk: DeskStand) -> None:
    answer = desk.give_back(copy("k1", "mystery"))

    assert isinstance(answer, Returned)
    assert (answer.words, answer.notes) == (None, (CheckinNote.UNKNOWN_ITEM,))
    assert desk.debts() == [(DebtKind.UNKNOWN_ITEM, "mystery")]
    assert desk.told() == [EventType.RETURNED]


def test_another_librarys_copy_stays_with_the_person(desk: DeskStand) -> None:
    (answer,) = desk.library.begin_checkin((copy("k1", "eneida", owner=ELSEWHERE),))

    assert isinstance(answer, NotTaken)
    assert answer.reasons == (Reason(Refusal.FOREIGN_TAG, text=ELSEWHERE),)


def test_a_set_with_a_part_missing_stays_with_the_person(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "opera", "E0-A", "E0-B"))

    (answer,) = desk.library.begin_checkin((copy("k2", "opera", "E0-B"),))

    assert isinstance(answer, NotTaken)
    assert answer.reasons == (Reason(Refusal.PARTS_MISSING, number=1),)
    assert desk.loans_of(OLENA) == ["opera"]


# --- tags that will not be armed ------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [GateOutcome.LOCKED, GateOutcome.UNCONFIRMED])
def test_a_return_stands_though_its_tag_will_not_be_armed(desk: DeskStand, outcome: GateOutcome) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))

    answer = desk.give_back(copy("k2", "eneida"), outcome)

    assert answer.notes == (CheckinNote.GATE_OWED,)
    assert desk.loans_of(OLENA) == []
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, "E0-eneida")]


def test_a_tag_that_left_before_it_was_armed_leaves_the_loan_open_and_a_debt(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))

    answer = desk.give_back(copy("k2", "eneida"), GateOutcome.GONE)

    assert isinstance(answer, ReturnPending)
    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.debts() == [(DebtKind.RETURN_UNFINISHED, "eneida")]
    assert desk.told()[-1] is EventType.DEBT_OPENED


def test_a_tag_laid_down_again_finishes_the_return_and_settles_its_debt(desk: DeskStand) -> None:
    laid = copy("k2", "eneida")
    desk.lend(OLENA, copy("k1", "eneida"))
    (begun,) = desk.library.begin_checkin((laid,))
    desk.library.finish_checkin((laid,), facts(begun.orders, GateOutcome.GONE))

    (answer,) = desk.library.finish_checkin((laid,), facts(begun.orders))

    assert isinstance(answer, Returned)
    assert desk.debts() == []
    assert desk.journal()[-1].facts()["closed"]


def test_a_set_is_pending_until_its_last_tag_has_answered(desk: DeskStand) -> None:
    laid = copy("k2", "opera", "E0-A", "E0-B")
    desk.lend(OLENA, copy("k1", "opera", "E0-A", "E0-B"))
    (begun,) = desk.library.begin_checkin((laid,))
    first, second = facts(begun.orders)

    (halfway,) = desk.library.finish_checkin((laid,), (first,))
    (answer,) = desk.library.finish_checkin((laid,), (second,))

    assert (type(halfway), type(answer)) == (ReturnPending, Returned)
    assert desk.debts() == []


def test_a_tag_of_the_loan_that_did_not_come_back_is_a_debt(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida", "E0-A", "E0-COVER"))

    answer = desk.give_back(copy("k2", "eneida", "E0-A"))

    assert answer.notes == (CheckinNote.GATE_OWED,)
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, "E0-COVER")]


def test_the_last_order_of_a_return_nobody_waits_for_any_more_commits_it(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    (begun,) = desk.library.begin_checkin((copy("k2", "eneida"),))

    desk.library.settle(facts(begun.orders))

    assert desk.loans_of(OLENA) == []
    assert desk.told()[-1] is EventType.RETURNED


# --- again ----------------------------------------------------------------------------------------------


def test_beginning_and_finishing_again_changes_nothing(desk: DeskStand) -> None:
    laid = copy("k2", "eneida")
    desk.know(loans=(loan(OLENA, "eneida", due=TODAY - timedelta(days=4)),))
    (begun,) = desk.library.begin_checkin((laid,))
    assert desk.library.begin_checkin((laid,)) == (begun,)
    (answer,) = desk.library.finish_checkin((laid,), facts(begun.orders))
    told = desk.told()
    desk.restart()

    again = desk.library.finish_checkin((laid,), facts(begun.orders))

    assert again == (answer,)
    assert desk.told() == told
    assert desk.fees_of(OLENA) == Decimal("2.00")


def test_a_return_begun_again_under_another_key_is_one_return(desk: DeskStand) -> None:
    laid = copy("k2", "eneida")
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.give_back(laid, GateOutcome.GONE)

    answer = desk.give_back(copy("k3", "eneida"))

    assert isinstance(answer, Returned)
    assert desk.told().count(EventType.RETURNED) == 1
    assert isinstance(desk.library.finish_checkin((laid,), ())[0], ReturnPending)
    assert desk.debts() == []


def test_finishing_what_was_never_begun_commits_nothing(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))

    (answer,) = desk.library.finish_checkin((copy("k9", "eneida"),), ())

    assert isinstance(answer, ReturnPending)
    assert desk.loans_of(OLENA) == ["eneida"]


def test_thirty_books_through_the_night_come_back_one_by_one(desk: DeskStand) -> None:
    names = [f"night-{number}" for number in range(30)]
    desk.know(items=[item(name) for name in names], loans=[loan(TARAS, name) for name in names])

    answers = [desk.give_back(copy(name, name)) for name in names]

    assert {type(answer) for answer in answers} == {Returned}
    assert desk.loans_of(TARAS) == []
    assert desk.item("night-0").branch == CENTRAL
