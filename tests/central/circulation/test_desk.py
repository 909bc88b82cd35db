"""The librarian's desk: the same rules as a station, counted apart from it."""

import pytest

from kiosk.central.circulation import LentAtDesk, NotLentAtDesk, TakenBackAtDesk, lend, take_back
from kiosk.central.tables import holds, items, loans, patrons, tallies
from kiosk.circulation.model import CardNumber, ItemId, LoanId, Reason, Refusal
from kiosk.library.port import Words
from kiosk.wire.messages import Kind
from tests.central.circulation.stand import Network
from tests.library.desk_stand import CENTRAL, MUSIC, NOON, OLENA, TARAS, TODAY, hold, item, loan, ready, timedelta

ENEIDA, CARD = ItemId("eneida"), CardNumber("card-olena")


def lend_at_desk(network: Network, card: CardNumber = CARD, copy: ItemId = ENEIDA):
    return lend(network.centre, network.policies, CENTRAL, "halyna", card, copy)


def take_back_at_desk(network: Network, branch=CENTRAL):
    return take_back(network.centre, network.policies, branch, "halyna", ENEIDA)


def test_a_book_goes_over_the_desk_and_comes_back_over_it(network):
    network.know(copies=(item("eneida"),))

    lent, again, back = lend_at_desk(network), lend_at_desk(network), take_back_at_desk(network)

    assert lent == LentAtDesk(lent.loan, Words("Eneida", "Author"), TODAY + timedelta(days=14))
    assert (again.loan, again.again) == (lent.loan, True)
    assert back == TakenBackAtDesk(Words("Eneida", "Author"))
    assert (network.row(loans)["state"], network.row(loans)["channel"]) == ("returned", "desk")
    assert network.counted() == {("loan", "central", "desk"): 1, ("return", "central", "desk"): 1}
    assert network.row(tallies, what="loan")["detail"] == "new-acquisition"
    assert (network.told(Kind.LOAN), network.told(Kind.ITEM)) == ({lent.loan}, {"eneida"})


def test_a_book_set_aside_for_its_patron_ends_the_hold_and_leaves_with_nobody_else(network):
    network.know(copies=(item("eneida"),), waiting=(ready(OLENA, "eneida"),))

    refused = lend_at_desk(network, CardNumber("card-taras"))
    lend_at_desk(network)

    assert refused == NotLentAtDesk(Words("Eneida", "Author"), (Reason(Refusal.HELD_FOR_ANOTHER),))
    assert network.row(holds)["closed_why"] == "fulfilled"
    assert network.row(loans)["fulfils"] == network.row(holds)["id"]


@pytest.mark.parametrize(
    ("card", "copy", "refusal"),
    [("card-olena", "unheard", Refusal.ITEM_UNKNOWN), ("card-nobody", "eneida", Refusal.CARD_UNKNOWN)],
)
def test_what_nobody_knows_is_not_lent(network, card, copy, refusal):
    network.know(copies=(item("eneida"),))

    answer = lend_at_desk(network, CardNumber(card), ItemId(copy))

    assert [reason.refusal for reason in answer.reasons] == [refusal]
    assert network.rows(loans) == []


def test_a_late_book_costs_what_the_rules_say_and_only_once(network):
    network.know(copies=(item("eneida"),), out=(loan(OLENA, "eneida", due=TODAY - timedelta(days=4)),))

    first, second = take_back_at_desk(network), take_back_at_desk(network)

    assert (first.late_days, first.fee) == (4, 2)
    assert (second.not_on_loan, second.fee) == (True, 0)
    assert network.row(patrons, id=OLENA)["fees"] == 2
    assert network.told(Kind.PATRON) == {OLENA}
    assert network.row(loans, id=LoanId("l-eneida"))["closed_branch"] == CENTRAL


def test_a_book_somebody_waits_for_elsewhere_travels_and_lies_ready_where_it_arrives(network):
    network.know(copies=(item("eneida"),), waiting=(hold(TARAS, "eneida", pickup=MUSIC),))

    sent, arrived = take_back_at_desk(network), take_back_at_desk(network, MUSIC)

    assert (sent.destination, sent.held_for) == (MUSIC, "h-p-taras-t-eneida")
    assert (arrived.destination, arrived.held_for) == (None, "h-p-taras-t-eneida")
    assert network.row(holds)["ready_at"] == NOON
    assert network.row(items) | {"status": "available", "location": MUSIC} == network.row(items)


def test_a_copy_in_no_list_is_taken_back_all_the_same(network):
    network.know(out=(loan(OLENA, "eneida"),))

    assert take_back_at_desk(network) == TakenBackAtDesk(None)
    assert network.row(loans)["state"] == "returned"
