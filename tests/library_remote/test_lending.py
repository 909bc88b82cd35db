"""A stack lent by another system: what is asked, what is written down, and what a lost answer comes to."""

from datetime import timedelta

import pytest

from kiosk.circulation.model import ItemId, Reason, Refusal
from kiosk.library.port import AlreadyYours, GateOutcome, HoldPlaced, Lent, NotLent, RequestKey, SettleResult
from kiosk.store import Moment
from kiosk.store.debts import DebtKind
from tests.library.desk_stand import copy, facts
from tests.library_remote.fake_system import TERM, TODAY, Fault, PowerCut
from tests.library_remote.stand import OLENA, TARAS, RemoteStand


def test_a_stack_is_lent_until_the_day_the_system_says(stand: RemoteStand) -> None:
    answers = stand.library.checkout(stand.enter(), (copy("k1", "b1"), copy("k2", "b2")))

    assert [type(answer) for answer in answers] == [Lent, Lent]
    assert [answer.words.title for answer in answers if answer.words] == ["Енеїда", "Кобзар"]
    assert {answer.due for answer in answers if isinstance(answer, Lent)} == {TODAY + TERM}
    assert all(not order.armed for answer in answers for order in answer.orders)
    assert stand.on_loan_here() == stand.on_loan_there() == {"b1", "b2"}
    assert stand.waiting() == ()


def test_the_same_request_again_asks_nothing(stand: RemoteStand) -> None:
    who = stand.enter()
    first = stand.library.checkout(who, (copy("k1", "b1"),))

    assert stand.library.checkout(who, (copy("k1", "b1"),)) == first
    assert stand.system.asked == ["lend b1"]


def test_a_refusal_says_what_the_system_says(stand: RemoteStand) -> None:
    stand.system.refuses[ItemId("b1")] = "Лише для читального залу"

    (answer,) = stand.library.checkout(stand.enter(), (copy("k1", "b1"),))

    assert isinstance(answer, NotLent)
    assert answer.reasons == (Reason(Refusal.LIBRARY_REFUSES, text="Лише для читального залу"),)
    assert stand.on_loan_here() == set()


def test_a_copy_somebody_else_has_is_worth_waiting_for(stand: RemoteStand) -> None:
    stand.system.loans[ItemId("b1")] = (TARAS, TODAY)

    (answer,) = stand.library.checkout(stand.enter(), (copy("k1", "b1"),))

    assert isinstance(answer, NotLent)
    assert [reason.refusal for reason in answer.reasons] == [Refusal.ON_LOAN_TO_ANOTHER, Refusal.LIBRARY_REFUSES]
    assert answer.words is not None
    placed = stand.library.place_hold(stand.enter(), answer.words.id, None, RequestKey("h1"))
    assert isinstance(placed, HoldPlaced)


def test_their_own_book_is_not_renewed_by_laying_it_down(stand: RemoteStand) -> None:
    stand.lend(stand.enter(), "k1", "b1")

    answer = stand.lend(stand.enter(), "k2", "b1")

    assert isinstance(answer, AlreadyYours)
    assert answer.due == TODAY + TERM
    assert stand.system.renewed == []


def test_a_book_lent_elsewhere_is_theirs_and_its_tag_is_left_alone(stand: RemoteStand) -> None:
    stand.system.loans[ItemId("b1")] = (OLENA, TODAY)

    answer = stand.lend(stand.enter(), "k1", "b1")

    assert isinstance(answer, AlreadyYours)
    assert answer.orders == ()


def test_a_loan_that_came_back_elsewhere_does_not_stand_in_the_way(stand: RemoteStand) -> None:
    stand.lend(stand.enter(), "k1", "b1")
    del stand.system.loans[ItemId("b1")]  # returned at a desk this station hears nothing of

    answer = stand.lend(stand.enter(TARAS), "k2", "b1")

    assert isinstance(answer, Lent)
    assert stand.on_loan_here() == {"b1"}


def test_a_copy_that_may_not_leave_is_given_back_at_once(stand: RemoteStand) -> None:
    stand.system.kept_in.add(ItemId("b1"))

    answer = stand.lend(stand.enter(), "k1", "b1")

    assert isinstance(answer, NotLent)
    assert stand.system.asked == ["lend b1", "cancel b1"]
    assert stand.on_loan_there() == set()


def test_a_locked_tag_takes_the_loan_back_at_the_system_too(stand: RemoteStand) -> None:
    (answer,) = stand.library.checkout(stand.enter(), (copy("k1", "b1"),))

    settled = stand.library.settle(facts(answer.orders, GateOutcome.LOCKED))

    assert [one.result for one in settled] == [SettleResult.VOIDED]
    assert stand.on_loan_here() == stand.on_loan_there() == set()


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
@pytest.mark.parametrize("names_barcodes", [True, False])
def test_a_lost_answer_is_looked_for_before_anything_is_repeated(
    stand: RemoteStand, fault: Fault, *, names_barcodes: bool
) -> None:
    who = stand.enter()
    stand.system.names_barcodes = names_barcodes
    before = [Fault.NONE] if names_barcodes else [Fault.NONE, Fault.NONE]
    stand.system.faults = [*before, fault]

    answer = stand.lend(who, "k1", "b1")

    assert isinstance(answer, Lent)
    assert answer.due == TODAY + TERM
    assert stand.system.renewed == []
    assert stand.on_loan_here() == stand.on_loan_there() == {"b1"}


def test_a_loan_nobody_can_be_sure_of_is_promised_to_nobody_and_taken_back(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.faults = [Fault.NONE, Fault.LOST_AFTER, Fault.SILENT]

    answer = stand.lend(who, "k1", "b1")

    assert isinstance(answer, NotLent)
    assert answer.reasons == (Reason(Refusal.LIBRARY_SILENT),)
    assert stand.on_loan_there() == {"b1"}
    stand.pass_time()
    assert stand.on_loan_there() == set()
    assert stand.waiting() == ()
    assert isinstance(stand.lend(who, "k2", "b1"), Lent)


def test_a_loan_a_slow_system_makes_after_it_was_looked_at_is_taken_back(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.faults = [Fault.NONE, Fault.LATE]

    answer = stand.lend(who, "k1", "b1")
    again = stand.lend(who, "k2", "b1")

    assert isinstance(answer, NotLent)
    assert again.reasons == (Reason(Refusal.LIBRARY_SILENT),), "of this copy nothing is sure yet"
    stand.pass_time()
    assert stand.system.asked == ["lend b1", "cancel b1"]
    assert stand.on_loan_there() == set()
    assert isinstance(stand.lend(who, "k3", "b1"), Lent)


def test_power_that_goes_while_the_system_answers_leaves_no_loan_behind(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.faults = [Fault.NONE, Fault.CUT]
    with pytest.raises(PowerCut):
        stand.library.checkout(who, (copy("k1", "b1"),))
    assert stand.on_loan_there() == {"b1"}

    stand.restart()
    stand.pass_time()

    assert stand.on_loan_there() == stand.on_loan_here() == set()
    assert stand.waiting() == ()


def test_a_silent_system_lends_nothing_where_the_branch_says_so(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.system.down = True

    answer = stand.lend(who, "k1", "b1")

    assert isinstance(answer, NotLent)
    assert answer.reasons == (Reason(Refusal.LIBRARY_SILENT),)
    assert stand.waiting() == ()


def test_lent_while_the_system_is_silent_and_told_when_it_answers(stand: RemoteStand) -> None:
    stand.lends_when_silent()
    who = stand.enter()
    stand.system.down = True

    lent = [stand.lend(who, f"k{n}", f"b{n}") for n in (1, 2, 3)]

    assert [type(answer) for answer in lent] == [Lent, Lent, NotLent]
    assert lent[2].reasons == (Reason(Refusal.LOAN_LIMIT, number=2),)
    assert lent[1].due == TODAY + timedelta(days=10)
    stand.give_back("k9", "b1")
    stand.system.down = False
    stand.pass_time()
    assert stand.system.asked == ["lend b1", "lend b2", "take back b1"]
    assert stand.on_loan_here() == stand.on_loan_there() == {"b2"}
    assert stand.debts() == []
    stand.system.down = True
    stand.wall += timedelta(seconds=9)
    assert [line.due for line in stand.library.account(who).loans] == [TODAY + TERM], "the system's day counts"


def test_what_the_system_refuses_afterwards_is_a_debt(stand: RemoteStand) -> None:
    stand.lends_when_silent()
    who = stand.enter()
    stand.system.down = True
    stand.lend(who, "k1", "b1")
    stand.system.refuses[ItemId("b1")] = "Картку заблоковано"

    stand.system.down = False
    stand.pass_time()

    assert stand.debts() == [(DebtKind.SYSTEM_REFUSED, "b1")]
    assert stand.waiting() == ()
    assert stand.on_loan_here() == {"b1"}, "the book is gone, whatever the system thinks of it"


def test_a_loan_told_whose_answer_is_lost_is_not_told_twice(stand: RemoteStand) -> None:
    stand.lends_when_silent()
    who = stand.enter()
    stand.system.down = True
    stand.lend(who, "k1", "b1")

    stand.system.down = False
    stand.system.faults = [Fault.NONE, Fault.NONE, Fault.LOST_AFTER]
    stand.pass_time()
    stand.pass_time()

    assert stand.system.asked == ["lend b1"]
    assert stand.system.renewed == []
    assert stand.waiting() == ()


def test_a_loan_voided_before_it_was_told_is_never_told(stand: RemoteStand) -> None:
    stand.lends_when_silent()
    who = stand.enter()
    stand.system.down = True
    (answer,) = stand.library.checkout(who, (copy("k1", "b1"),))
    stand.library.settle(facts(answer.orders, GateOutcome.LOCKED))

    stand.system.down = False
    stand.pass_time()

    assert stand.system.asked == []
    assert stand.waiting() == ()


def test_every_row_of_the_journal_says_who_decided(stand: RemoteStand) -> None:
    stand.lend(stand.enter(), "k1", "b1")

    with stand.store.reading(Moment(stand.wall, 0)) as work:
        rows = list(work.journal.entries())
        assert work.journal.first_break() is None
    assert {row.facts()["decided_by"] for row in rows} == {"library-system"}
