"""Holds: joining the queue, leaving it, a copy that goes to the next, and a shelf that does not wait for ever."""

import pytest

from kiosk.central.circulation import (
    HoldCancelled,
    HoldPlaced,
    HoldRefused,
    NoSuchBranch,
    NoSuchHold,
    account,
    cancel_hold,
    expire_holds,
    place_hold,
)
from kiosk.central.tables import debts, holds, items, tallies
from kiosk.circulation.model import BranchId, HoldStatus, Reason, Refusal, TitleId
from kiosk.wire.messages import Kind
from tests.central.circulation.stand import Network
from tests.library.desk_stand import CENTRAL, MUSIC, NOON, OLENA, SOFIIA, TARAS, hold, item, loan, ready, timedelta

ENEIDA = TitleId("t-eneida")


def know_a_lent_book(network: Network) -> None:
    network.know(copies=(item("eneida"),), out=(loan(SOFIIA, "eneida"),))


def place(network: Network, who, key: str = "once", pickup=CENTRAL):
    return place_hold(network.centre, network.policies, who, ENEIDA, pickup, key)


def test_who_comes_first_is_first_in_the_queue_and_stations_hear_of_it(network):
    know_a_lent_book(network)

    first, second = place(network, OLENA), place(network, TARAS)

    assert (first.place, second.place) == (1, 2)
    assert network.told(Kind.HOLD) == {first.hold, second.hold}
    assert network.counted() == {("hold", "central", "catalogue"): 2}


def test_a_wish_repeated_by_a_double_click_is_one_hold(network):
    know_a_lent_book(network)
    first = place(network, OLENA)

    assert place(network, OLENA) == first
    assert place(network, OLENA, key="another") == HoldRefused((Reason(Refusal.ALREADY_HELD),))
    assert len(network.rows(holds)) == 1


def test_a_clock_that_is_behind_puts_nobody_before_those_who_came_earlier(network):
    know_a_lent_book(network)
    place(network, TARAS)
    network.pass_time(timedelta(hours=-1))

    assert place(network, OLENA).place == 2
    assert [row["patron"] for row in sorted(network.rows(holds), key=lambda row: row["placed_at"])] == [TARAS, OLENA]


@pytest.mark.parametrize(
    ("out", "pickup", "refusal"),
    [
        ((), CENTRAL, Refusal.HOLD_NOT_NEEDED),
        ((loan(OLENA, "eneida"),), CENTRAL, Refusal.ALREADY_YOURS),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(network, out, pickup, refusal):
    network.know(copies=(item("eneida"),), out=out)

    answer = place(network, OLENA, pickup=pickup)

    assert isinstance(answer, HoldRefused)
    assert [reason.refusal for reason in answer.reasons] == [refusal]
    assert network.row(tallies, what="refusal")["detail"] == refusal.value


def test_a_free_copy_elsewhere_may_be_asked_for(network):
    network.know(copies=(item("eneida"),))

    assert isinstance(place(network, OLENA, pickup=MUSIC), HoldPlaced)


def test_a_title_nobody_knows_and_a_branch_nobody_knows(network):
    with pytest.raises(NoSuchBranch):
        place(network, OLENA, pickup=BranchId("moon"))

    assert place(network, OLENA) == HoldRefused((Reason(Refusal.ITEM_UNKNOWN),))


def test_a_place_given_up_moves_the_others_forward(network):
    know_a_lent_book(network)
    first, _ = place(network, OLENA), place(network, TARAS)

    cancelled = cancel_hold(network.centre, network.policies, OLENA, first.hold)
    again = cancel_hold(network.centre, network.policies, OLENA, first.hold)

    assert cancelled == again == HoldCancelled()
    assert network.row(holds, id=first.hold)["closed_why"] == "cancelled"
    shown = account(network.centre, network.policies, TARAS)
    assert [line.place for line in shown.holds] == [1]


def test_nobody_cancels_the_hold_of_another(network):
    know_a_lent_book(network)
    theirs = place(network, TARAS)

    assert cancel_hold(network.centre, network.policies, OLENA, theirs.hold) == NoSuchHold()
    assert cancel_hold(network.centre, network.policies, OLENA, "h-nothing") == NoSuchHold()


def test_a_copy_no_longer_wanted_goes_to_who_waits_next_and_staff_are_told(network):
    network.know(copies=(item("eneida"),), waiting=(ready(OLENA, "eneida"), hold(TARAS, "eneida", pickup=MUSIC)))

    answer = cancel_hold(network.centre, network.policies, OLENA, "h-p-olena-t-eneida")

    assert answer == HoldCancelled(moved_to="h-p-taras-t-eneida")
    moved = network.row(holds, id="h-p-taras-t-eneida")
    assert (moved["status"], moved["item"], moved["ready_at"]) == ("ready", "eneida", None)
    assert network.row(items, id="eneida")["status"] == "in-transit"
    assert network.told(Kind.HOLD) == {"h-p-olena-t-eneida", "h-p-taras-t-eneida"}
    assert network.told(Kind.ITEM) == {"eneida"}
    debt = network.row(debts)
    assert (debt["item"], debt["branch"], debt["evidence"]["destination"]) == ("eneida", CENTRAL, MUSIC)


def test_a_copy_nobody_waits_for_any_more_goes_back_to_its_shelf(network):
    network.know(copies=(item("eneida"),), waiting=(ready(OLENA, "eneida"),))

    cancel_hold(network.centre, network.policies, OLENA, "h-p-olena-t-eneida")

    assert network.row(items, id="eneida")["status"] == "available"
    assert isinstance(place(network, TARAS), HoldRefused)


def test_a_copy_not_fetched_in_time_serves_the_next_and_says_until_when(network):
    network.know(copies=(item("eneida"),), waiting=(ready(OLENA, "eneida"), hold(TARAS, "eneida")))
    (line,) = account(network.centre, network.policies, OLENA).holds

    network.pass_time(timedelta(days=7))
    in_time = expire_holds(network.centre, network.policies)
    network.pass_time(timedelta(days=1))
    late = expire_holds(network.centre, network.policies)

    assert (line.status, line.until) == (HoldStatus.READY, (NOON + timedelta(days=7)).date())
    assert (in_time, late) == (0, 1)
    assert network.row(holds, patron=OLENA)["closed_why"] == "expired"
    assert network.row(holds, patron=TARAS)["status"] == "ready"
    assert expire_holds(network.centre, network.policies) == 0
