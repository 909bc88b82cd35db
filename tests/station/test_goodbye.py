"""How the receipt is taken along: in one touch, by the ways that work here and now, and keeping nobody waiting."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.circulation.model import PatronId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import Identified
from kiosk.receipts.token import Moved, StationKey, prove, raw_public
from kiosk.station import events as on
from kiosk.station.setup import ReceiptHabit, Setup
from kiosk.station.view import DoneView, ReceiptState, ReceiptWay, SessionView, Touch, WelcomeView
from tests.fakes import FakeLibrary, FakeTag
from tests.station.world import KEY, World

OLENA = Identified(PatronId("olena"), "Олена", "Коваль", child=False, pin_needed=False, mail=True)
TARAS = Identified(PatronId("taras"), "Тарас", "Бойко", child=False, pin_needed=False)
MARKO = Identified(PatronId("marko"), "Марко", "Лис", child=True, pin_needed=False, mail=True)
EVERY = Setup(run="r", seals=True)


def world_of(setup: Setup = EVERY) -> World:
    patrons = {"olena": OLENA, "taras": TARAS, "marko": MARKO}
    return World(FakeLibrary(patrons=patrons), setup)


def borrow(world: World, who: str = "olena") -> DoneView:
    world.tell(on.CardPresented("slot", CardIdentity("uid", who)))
    world.lay(FakeTag(TagUid("E000000000000001"), "1"))
    world.touch(Touch.DONE)
    return done(world)


def done(world: World) -> DoneView:
    assert isinstance(world.view, DoneView)
    return world.view


def test_every_way_that_works_is_offered_in_the_order_of_the_settings() -> None:
    assert borrow(world_of()).ways == (ReceiptWay.PAPER, ReceiptWay.EMAIL, ReceiptWay.QR)

    turned = replace(EVERY, receipts=(ReceiptWay.QR, ReceiptWay.PAPER))
    assert borrow(world_of(turned)).ways == (ReceiptWay.QR, ReceiptWay.PAPER)


def test_a_patron_without_an_address_is_offered_no_mail() -> None:
    assert borrow(world_of(), "taras").ways == (ReceiptWay.PAPER, ReceiptWay.QR)


def test_a_station_without_a_key_offers_no_code() -> None:
    assert borrow(world_of(Setup(run="r"))).ways == (ReceiptWay.PAPER, ReceiptWay.EMAIL)


def test_a_printer_without_paper_is_not_offered_until_it_has_a_new_roll() -> None:
    world = world_of()
    world.tell(on.PaperSeen(out=True))
    without = borrow(world).ways
    world.tell(on.PaperSeen(out=False))

    assert without == (ReceiptWay.EMAIL, ReceiptWay.QR)
    assert done(world).ways == (ReceiptWay.PAPER, ReceiptWay.EMAIL, ReceiptWay.QR)


def test_where_no_way_works_nothing_is_asked() -> None:
    world = world_of(replace(EVERY, receipts=(ReceiptWay.EMAIL,)))

    assert borrow(world, "taras").receipt is ReceiptState.NONE


def test_a_branch_that_gives_no_receipts_offers_none_of_any_kind() -> None:
    ended = borrow(world_of(replace(EVERY, receipt=ReceiptHabit.NEVER)))

    assert (ended.receipt, ended.ways) == (ReceiptState.NONE, ())


def test_a_branch_that_always_prints_offers_the_other_ways_when_there_is_no_paper() -> None:
    world = world_of(replace(EVERY, receipt=ReceiptHabit.ALWAYS))
    world.tell(on.PaperSeen(out=True))

    assert borrow(world).ways == (ReceiptWay.EMAIL, ReceiptWay.QR)
    assert world.printed == []


def test_one_touch_shows_a_code_that_proves_the_visit_and_names_nobody() -> None:
    world = world_of()
    borrow(world)

    world.touch(Touch.SHOW_QR)

    here = StationKey("central.hall", raw_public(KEY))
    proven = prove(done(world).code, {here.id: here})
    assert done(world).receipt is ReceiptState.SHOWN
    assert proven.stub.items == {Moved.LENT: ("1",)}
    assert proven.stub.number == f"abcdef-{world.state.visit}"


def test_a_code_stays_long_enough_to_take_a_telephone_out_and_then_goes() -> None:
    world = world_of()
    borrow(world)
    world.touch(Touch.SHOW_QR)
    world.tell(on.CardLifted("slot"))

    world.pass_time(EVERY.timing.qr - 1)
    shown = done(world).code
    world.pass_time(2)

    assert shown
    assert isinstance(world.view, WelcomeView)


def test_one_touch_asks_the_ledger_for_a_mail_that_says_what_moved_and_holds_no_address() -> None:
    world = world_of()
    borrow(world)

    world.touch(Touch.MAIL)

    (wanted,) = world.library.wanted
    assert done(world).receipt is ReceiptState.MAILED
    assert (wanted.patron, wanted.language) == ("olena", "uk")
    assert [item for item, _ in wanted.lent] == ["1"]
    assert "@" not in repr(wanted)


def test_a_mail_to_a_childs_address_says_nothing_of_fees() -> None:
    world = world_of()
    borrow(world, "marko")
    world.touch(Touch.MAIL)

    (wanted,) = world.library.wanted
    assert all((late, fee) == (0, Decimal(0)) for _, late, fee in wanted.returned)


def test_a_mail_the_ledger_cannot_keep_leaves_the_other_ways() -> None:
    world = world_of()
    borrow(world)
    world.library.silent = True

    world.touch(Touch.MAIL)

    assert done(world).receipt is ReceiptState.NOT_MAILED
    assert ReceiptWay.QR in done(world).ways


def test_what_was_taken_along_once_is_not_offered_again() -> None:
    world = world_of()
    borrow(world)
    world.touch(Touch.PRINT)
    world.touch(Touch.MAIL)

    assert done(world).ways == ()
    assert world.library.wanted == []


@pytest.mark.parametrize("way", [Touch.PRINT, Touch.MAIL, Touch.SHOW_QR])
def test_no_receipt_keeps_the_next_patron_waiting(way: Touch) -> None:
    world = world_of()
    borrow(world)
    world.tell(on.CardLifted("slot"))
    world.lift()
    world.hold = True
    world.touch(way)

    world.hold = False
    world.tell(on.CardPresented("slot", CardIdentity("uid", "taras")))

    assert isinstance(world.view, SessionView)


def test_a_touch_for_a_way_that_does_not_work_means_nothing() -> None:
    world = world_of(Setup(run="r", receipts=(ReceiptWay.PAPER,)))
    borrow(world)

    world.touch(Touch.SHOW_QR)
    world.touch(Touch.MAIL)

    assert done(world).receipt is ReceiptState.OFFERED
    assert world.library.wanted == []
