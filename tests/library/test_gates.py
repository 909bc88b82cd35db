"""What becomes of gate orders: ledger and bits agree, or a debt names the difference."""

import pytest

from kiosk.circulation.model import ItemId, Refusal
from kiosk.devices import TagUid
from kiosk.library.port import (
    GateFact,
    GateOrder,
    GateOutcome,
    Lent,
    NotLent,
    OrderId,
    SettleResult,
    Whereabouts,
)
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from tests.library.desk_stand import OLENA, DeskStand, copy, facts, ready

TAG = TagUid("E0-eneida")
REFUSES = [GateOutcome.LOCKED, GateOutcome.UNCONFIRMED]


def results(settled: tuple[object, ...]) -> list[SettleResult]:
    return [one.result for one in settled]  # type: ignore[attr-defined]


def test_a_bit_read_back_as_ordered_settles_its_order_with_time_and_place(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    settled = desk.library.settle((GateFact(lent.orders[0], GateOutcome.DONE, afi=0xC2),))

    assert results(settled) == [SettleResult.DONE]
    last = desk.journal()[-1]
    assert last.type is EventType.GATE_SET
    assert (last.facts()["tag"], last.facts()["afi"], last.facts()["armed"]) == (TAG, 0xC2, False)
    desk.restart()
    assert desk.debts() == []


def test_settling_the_same_fact_again_changes_nothing(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders))
    told = desk.told()

    settled = desk.library.settle((*facts(lent.orders), *facts(lent.orders, GateOutcome.GONE)))

    assert results(settled) == [SettleResult.DONE, SettleResult.DONE]
    assert desk.told() == told


def test_a_tag_that_left_leaves_the_loan_and_a_debt_once(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    settled = desk.library.settle(facts(lent.orders, GateOutcome.GONE) * 2)

    assert results(settled) == [SettleResult.OWED, SettleResult.OWED]
    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, TAG)]
    assert desk.told() == [EventType.LENT, EventType.DEBT_OPENED]


def test_a_tag_that_comes_back_and_obeys_settles_the_debt(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.GONE))

    settled = desk.library.settle(facts(lent.orders))

    assert results(settled) == [SettleResult.DONE]
    assert desk.debts() == []


@pytest.mark.parametrize("outcome", REFUSES)
def test_a_tag_that_refuses_takes_the_loan_back_and_is_owed_armed(desk: DeskStand, outcome: GateOutcome) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    settled = desk.library.settle(facts(lent.orders, outcome))

    assert results(settled) == [SettleResult.VOIDED]
    assert desk.loans_of(OLENA) == []
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, TAG)]
    assert desk.told() == [EventType.LENT, EventType.LOAN_VOIDED]


def test_one_locked_tag_of_a_set_takes_the_loan_back_and_every_tag_is_owed_armed(desk: DeskStand) -> None:
    laid = copy("k1", "opera", "E0-A", "E0-B")
    (lent,) = desk.library.checkout(OLENA, (laid,))
    first, second = lent.orders

    settled = desk.library.settle((GateFact(first, GateOutcome.DONE), GateFact(second, GateOutcome.LOCKED)))

    assert results(settled) == [SettleResult.DONE, SettleResult.VOIDED]
    assert desk.loans_of(OLENA) == []
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, "E0-A"), (DebtKind.GATE_NOT_ARMED, "E0-B")]
    (seen,) = desk.library.recognise((copy("k2", "opera", "E0-A", "E0-B"),))
    assert (seen.whereabouts, [order.armed for order in seen.orders]) == (Whereabouts.IN_STOCK, [True, True])


def test_a_tag_cleared_after_its_loan_was_taken_back_is_still_owed_armed(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "opera", "E0-A", "E0-B"),))
    first, second = lent.orders
    desk.library.settle((GateFact(first, GateOutcome.LOCKED),))

    settled = desk.library.settle((GateFact(second, GateOutcome.DONE),) * 2)

    assert results(settled) == [SettleResult.VOIDED, SettleResult.VOIDED]
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, "E0-A"), (DebtKind.GATE_NOT_ARMED, "E0-B")]


def test_arming_what_a_voided_loan_left_settles_its_debts(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.LOCKED))
    (seen,) = desk.library.recognise((copy("k2", "eneida"),))

    settled = desk.library.settle(facts(seen.orders))

    assert results(settled) == [SettleResult.DONE]
    assert desk.debts() == []


def test_a_voided_loan_gives_back_the_hold_it_ended(desk: DeskStand) -> None:
    desk.know(holds=(ready(OLENA, "eneida"),))
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    desk.library.settle(facts(lent.orders, GateOutcome.LOCKED))

    assert [hold.patron for hold in desk.queue("eneida")] == [OLENA]


def test_a_request_whose_loan_was_taken_back_is_answered_as_not_lent(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.LOCKED))

    (again,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))

    assert isinstance(again, NotLent)
    assert [reason.refusal for reason in again.reasons] == [Refusal.TAG_STUCK]
    assert desk.loans_of(OLENA) == []


def test_a_copy_whose_loan_was_taken_back_may_be_lent_again(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.UNCONFIRMED))

    (again,) = desk.library.checkout(OLENA, (copy("k2", "eneida"),))

    assert isinstance(again, Lent)
    assert desk.debts() == []
    assert [order.armed for order in again.orders] == [False]


@pytest.mark.parametrize("outcome", REFUSES)
def test_a_bit_owed_since_earlier_that_refuses_leaves_loan_and_debt_as_they_are(
    desk: DeskStand, outcome: GateOutcome
) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.library.settle(facts(lent.orders, GateOutcome.GONE))
    told = desk.told()

    settled = desk.library.settle(facts(lent.orders, outcome))

    assert results(settled) == [SettleResult.OWED]
    assert desk.loans_of(OLENA) == ["eneida"]
    assert desk.debts() == [(DebtKind.GATE_NOT_CLEARED, TAG)]
    assert desk.told() == told


def test_a_clearing_told_of_after_the_copy_came_back_is_owed_armed(desk: DeskStand) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k1", "eneida"),))
    desk.give_back(copy("k2", "eneida"))

    settled = desk.library.settle(facts(lent.orders))

    assert results(settled) == [SettleResult.OWED]
    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, TAG)]


def test_an_order_nobody_here_remembers_is_a_fact_all_the_same(desk: DeskStand) -> None:
    stranger = GateOrder(OrderId("from-an-old-disk"), TAG, ItemId("eneida"), armed=False)

    settled = desk.library.settle((GateFact(stranger, GateOutcome.DONE),) * 2)

    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, TAG)]
    assert settled[0].result is SettleResult.OWED
