"""The simulated library's own rules, behind the door."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.demo_network import load_demo
from kiosk.sip2_simulator.demo_shelf import demo_shelf
from kiosk.sip2_simulator.holdings import Terms
from kiosk.sip2_simulator.lending import LoanWish
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.outcomes import Errand, No
from kiosk.sip2_simulator.queueing import HoldWish
from tests.sip2_simulator.koha_shelf import CPL, MPL, koha_shelf
from tests.sip2_simulator.terminal import noon


@pytest.fixture
def library() -> SimulatedLibrary:
    return SimulatedLibrary(koha_shelf(), noon)


@pytest.mark.parametrize(
    ("card", "item", "refusal"),
    [
        ("NOBODY", "LIB000041", No.PATRON_UNKNOWN),
        ("P0002", "NOTHING", No.ITEM_UNKNOWN),
        ("P0003", "LIB000041", No.PATRON_BLOCKED),
        ("P0004", "LIB000041", No.PATRON_BLOCKED),
        ("P0005", "LIB000041", No.PATRON_BLOCKED),
        ("P0001", "LIB000061", No.ON_LOAN_TO_ANOTHER),
        ("P0001", "LIB000060", No.RESERVED),
        ("P0001", "LIB000200", No.NOT_FOR_LOAN),
        ("P0001", "LIB000198", No.WITHDRAWN),
        ("P0001", "LIB000048", No.FEE_FIRST),
    ],
)
def test_a_loan_is_refused(library: SimulatedLibrary, card: str, item: str, refusal: No) -> None:
    assert library.checkout(LoanWish(card, item)).refusal is refusal
    assert library.deeds == ()


def test_a_hold_follows_the_copy_to_its_shelf_and_ends_with_the_loan(library: SimulatedLibrary) -> None:
    assert library.place_hold(HoldWish("P0001", "LIB000041", pickup="MPL")).position == 1
    back = library.checkin("LIB000041", "CPL")
    assert back is not None
    assert (back.errand, back.destination, back.hold and back.hold.card) == (Errand.HOLD_ELSEWHERE, MPL, "P0001")
    assert library.seen("LIB000041").travels_to == MPL
    arrived = library.checkin("LIB000041", "MPL")
    assert arrived is not None
    assert arrived.errand is Errand.HOLD_HERE
    assert library.checkout(LoanWish("P0002", "LIB000041")).refusal is No.RESERVED
    assert library.checkout(LoanWish("P0001", "LIB000041")).refusal is None
    assert library.standing("P0001").ready == ()


def test_a_hold_is_changed_and_cancelled(library: SimulatedLibrary) -> None:
    library.place_hold(HoldWish("P0001", "LIB000041", pickup="CPL"))
    assert library.change_hold(HoldWish("P0001", "LIB000041", pickup="MPL")).refusal is None
    assert library.standing("P0001").waiting[0].pickup == MPL
    assert library.cancel_hold(HoldWish("P0001", "LIB000041"), of_titles=False).refusal is No.NO_SUCH_HOLD
    assert library.cancel_hold(HoldWish("P0001", "LIB000041")).refusal is None
    assert library.cancel_hold(HoldWish("P0001", "LIB000041")).refusal is No.NO_SUCH_HOLD


def test_payments_pay_the_oldest_fee_first_and_never_too_much(library: SimulatedLibrary) -> None:
    assert library.pay("P0005", Decimal(20)) is No.TOO_MUCH_PAID
    assert library.pay("P0005", Decimal("2.50")) is None
    assert library.standing("P0005").balance == Decimal("10.00")
    assert library.pay("P0005", Decimal(1), number="99") is No.NO_SUCH_FEE
    assert library.pay("P0005", Decimal(10), number="1") is None
    assert library.standing("P0005").fees == ()


def test_a_late_copy_costs_what_the_terms_say() -> None:
    terms = {"PT": Terms(fee_per_day_late=Decimal("0.10"))}
    library = SimulatedLibrary(replace(koha_shelf(), terms=terms), noon)
    library.checkin("LIB000050", CPL, noon())
    assert library.standing("P0009").balance == Decimal("0.10") * (noon().date() - date(2026, 9, 1)).days


def test_an_undone_loan_costs_nothing(library: SimulatedLibrary) -> None:
    library.checkout(LoanWish("P0001", "LIB000048", fee_accepted=True))
    assert library.standing("P0001").balance == Decimal("1.50")
    library.undo_loan("LIB000048")
    assert (library.standing("P0001").balance, library.loan("LIB000048")) == (Decimal(0), None)


def test_one_copy_is_lent_once_however_many_ask_at_once(library: SimulatedLibrary) -> None:
    cards = ["P0001", "P0002", "P0006", "P0009", "P0010", "P0013", "P0014", "P0015"]
    wishes = [LoanWish(card, f"LIB{number:06d}") for card in cards for number in range(101, 107)]
    threads = [threading.Thread(target=library.checkout, args=(wish,)) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lent = [deed.item for deed in library.deeds if deed.what == "lend"]
    assert sorted(lent) == [f"LIB{number:06d}" for number in range(101, 107)]


def test_the_demo_is_a_library_too() -> None:
    network = load_demo(Path(__file__).parents[2] / "config", date(2026, 11, 23))
    library = SimulatedLibrary(demo_shelf(network), noon)
    for person in network.patrons:
        standing = library.standing(person.patron.card)
        assert standing is not None
        own = [loan for loan in network.loans if loan.patron == person.patron.id]
        assert len(standing.loans) == len(own)
        assert standing.balance == person.patron.fees
    assert any(library.seen(loan.item).loan.due.date() == loan.due for loan in network.loans)
    assert library.now() + timedelta(0) == noon()
