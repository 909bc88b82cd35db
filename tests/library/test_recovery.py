"""A power cut at every arrow: what the next start makes of it, and how the next sight of the tag mends it."""

from datetime import timedelta

from kiosk.library.port import AlreadyYours, GateOutcome, Returned, Whereabouts
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from tests.library.desk_stand import OLENA, TARAS, DeskStand, copy, facts

TAG = "E0-eneida"


def test_a_power_cut_after_the_loan_leaves_the_loan_and_names_the_bit(desk: DeskStand) -> None:
    desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    desk.restart()

    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, TAG)]
    assert desk.told() == [EventType.LENT, EventType.DEBT_OPENED]


def test_its_patron_lays_it_down_again_and_the_bit_is_mended(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.restart()

    (answer,) = desk.library.checkout(OLENA, (copy("k2", "eneida"),))
    desk.library.settle(facts(answer.orders))

    assert isinstance(answer, AlreadyYours)
    assert answer.orders == lent.orders
    assert desk.debts() == []


def test_anybody_lays_it_down_and_the_bit_is_mended(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.restart()

    (seen,) = desk.library.recognise((copy("k2", "eneida"),))

    assert (seen.whereabouts, seen.orders) == (Whereabouts.ON_LOAN, lent.orders)


def test_in_the_hands_of_another_patron_it_stays_alarmed(desk: DeskStand) -> None:
    desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.restart()

    (answer,) = desk.library.checkout(TARAS, (copy("k2", "eneida"),))

    assert answer.orders == ()


def test_a_power_cut_in_the_middle_of_a_stack_names_only_what_was_not_confirmed(desk: DeskStand) -> None:
    first, second = desk.library.checkout(OLENA, (copy("k1", "eneida"), copy("k2", "kobzar")))
    desk.library.settle(facts(first.orders))

    desk.restart()

    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, second.orders[0].tag)]


def test_a_power_cut_after_a_return_was_begun_leaves_the_loan_and_names_the_return(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.library.begin_checkin((copy("k2", "eneida"),))

    desk.restart()

    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.debts() == [(DebtKind.RETURN_UNFINISHED, "eneida")]
    (seen,) = desk.library.recognise((copy("k3", "eneida"),))
    assert (seen.whereabouts, seen.orders) == (Whereabouts.RETURN_UNFINISHED, ())


def test_an_unfinished_return_is_finished_by_laying_the_copy_down(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.library.begin_checkin((copy("k2", "eneida"),))
    desk.restart()

    answer = desk.give_back(copy("k3", "eneida"))

    assert isinstance(answer, Returned)
    assert desk.debts() == []


def test_starting_again_and_again_names_everything_once(desk: DeskStand) -> None:
    desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.begin_checkin((copy("k2", "kobzar"),))
    desk.restart()
    told = desk.told()

    desk.restart()

    assert desk.told() == told
    assert len(desk.debts()) == 2


def test_a_repair_given_out_before_a_power_cut_is_owed_after_it(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida", "E0-A"))
    desk.library.checkout(OLENA, (copy("k2", "eneida", "E0-A", "E0-B"),))

    desk.restart()

    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, "E0-B")]


def test_closed_loans_are_forgotten_after_a_day_and_what_is_owed_is_not(desk: DeskStand) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.give_back(copy("k2", "eneida"))
    (kept,) = desk.library.checkout(OLENA, (copy("k3", "kobzar"),))
    desk.library.settle(facts(kept.orders, GateOutcome.GONE))

    desk.pass_time(timedelta(days=2))

    assert desk.store.look(lambda connection: _count(connection, "loans")) == 1
    assert desk.loans_of(OLENA) == ["kobzar"]
    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, "E0-kobzar")]
    assert desk.told().count(EventType.RETURNED) == 1


def _count(connection: object, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar())  # type: ignore[attr-defined]
