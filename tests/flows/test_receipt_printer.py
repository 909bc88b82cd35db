"""Receipts on a printer that works, has no paper, runs out in mid-slip, goes away and comes back."""

import json

import httpx
import pytest

from kiosk.devices import PaperState
from kiosk.station.view import DoneView, ReceiptState, ReceiptWay, SessionView, Touch, WelcomeView
from tests.stand import CLEARED, Shelf, Stand, Station, make_tag

LONG_GOODBYE = {"done_s": 8.0, "idle_s": 9.0}


def borrow(stand: Stand, shelf: Shelf) -> DoneView:
    """Let Olena borrow one book and touch "done"."""
    stand.begin(shelf.patrons[0]).remove()
    stand.lay(make_tag("0012000001"))
    stand.sees(SessionView, lambda view: view.lent == 1)
    return stand.end()


@pytest.fixture
def olena(shelf: Shelf) -> Shelf:
    shelf.patron("Олена")
    shelf.item("0012000001", title="Тигролови")
    return shelf


def test_a_receipt_nobody_wants_is_not_printed(station: Station, olena: Shelf) -> None:
    with station(printer=True, timing=LONG_GOODBYE) as stand:
        done = borrow(stand, olena)
        stand.touch(Touch.NO_RECEIPT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.DECLINED)
        stand.touch(Touch.DONE)
        stand.sees(WelcomeView)

        assert done.receipt is ReceiptState.OFFERED
        assert stand.slips() == []


def test_a_branch_that_always_prints_asks_nobody(station: Station, olena: Shelf) -> None:
    with station(printer=True, station={"receipt": "always"}, timing=LONG_GOODBYE) as stand:
        borrow(stand, olena)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)

        assert len(stand.slips()) == 1
        assert "Тигролови" in stand.slips()[0]


def test_without_paper_the_loan_stands_and_a_new_roll_brings_the_receipt(station: Station, olena: Shelf) -> None:
    with station(printer=True, timing=LONG_GOODBYE) as stand:
        borrow(stand, olena)
        assert stand.printer is not None
        stand.printer.firmware.paper = PaperState.OUT
        stand.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.FAILED)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert [tag.afi for tag in stand.pad.laid()] == [CLEARED]
        assert stand.slips() == []

        stand.printer.refill()

        assert "Тигролови" in stand.receipt()
        assert len(stand.slips()) == 1


def test_paper_that_ends_in_mid_slip_leaves_no_half_receipt_for_the_next_roll(station: Station, olena: Shelf) -> None:
    with station(printer=True, timing=LONG_GOODBYE) as stand:
        borrow(stand, olena)
        assert stand.printer is not None
        stand.printer.firmware.runs_out_after = 40
        stand.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.FAILED)
        stand.printer.refill()
        stand.receipt()

        half, whole = stand.slips()  # cut off first: it is no business of the next patron
        assert "Тигролови" not in half
        assert whole.count("Тигролови") == 1


def test_a_printer_unplugged_before_the_receipt_says_so_and_prints_it_when_it_is_back(
    station: Station, olena: Shelf
) -> None:
    with station(printer=True, timing=LONG_GOODBYE) as stand:
        borrow(stand, olena)
        assert stand.printer is not None
        stand.printer.unplug()
        stand.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.FAILED, timeout=4)

        assert stand.on_loan() == {"0012000001": "Олена"}

        stand.printer.plug()
        stand.sees(DoneView, lambda view: view.frame.prints)

        assert "Тигролови" in stand.receipt()


def test_a_printer_that_hangs_does_not_hold_the_goodbye_for_ever(station: Station, olena: Shelf) -> None:
    with station(printer=True, timing={"done_s": 1, "finish_s": 1}, escpos={"print_within": 3}) as stand:
        borrow(stand, olena)
        assert stand.printer is not None
        stand.printer.firmware.stuck = True
        stand.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTING)
        stand.sees(WelcomeView)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert stand.deaths == []


def test_a_station_switched_on_without_its_printer_lends_offers_no_paper_and_finds_it_later(
    station: Station, olena: Shelf
) -> None:
    with station(printer=True, timing=LONG_GOODBYE) as stand:
        stand.switch_off()
        assert stand.printer is not None
        stand.printer.unplug()
        stand.switch_on()
        stand.sees(WelcomeView, lambda view: view.frame.lends and not view.frame.prints)
        card = stand.tap(olena.patrons[0])
        stand.sees(SessionView)
        stand.lay(make_tag("0012000001"))
        stand.sees(SessionView, lambda view: view.lent == 1)
        done = stand.end()
        card.remove()
        stand.printer.plug()
        stand.sees(DoneView, lambda view: view.frame.prints)

        assert done.ways == (ReceiptWay.QR,)
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_one_touch_leaves_the_wish_for_a_mail_in_the_journal_and_no_address_anywhere(
    station: Station, shelf: Shelf
) -> None:
    shelf.patron("Олена", mail=True)
    shelf.item("0012000001", title="Тигролови")
    with station(printer=False, timing=LONG_GOODBYE) as stand:
        offered = borrow(stand, shelf)
        stand.touch(Touch.MAIL)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.MAILED)

        ((payload,),) = stand.ask("SELECT payload FROM journal WHERE type = 'receipt-wanted'")
        wanted = json.loads(payload)
        assert offered.ways == (ReceiptWay.EMAIL, ReceiptWay.QR)
        assert (wanted["patron"], wanted["language"]) == ("Олена", "uk")
        assert [item for item, _ in wanted["lent"]] == ["0012000001"]
        assert "Тигролови" not in payload


def test_one_touch_shows_a_code_this_very_station_proves_on_its_own_page(station: Station, olena: Shelf) -> None:
    with station(printer=False, timing=LONG_GOODBYE) as stand:
        borrow(stand, olena)
        stand.touch(Touch.SHOW_QR)
        done = stand.sees(DoneView, lambda view: view.receipt is ReceiptState.SHOWN)

        page = httpx.get(f"{stand.kiosk.web.url}r/{done.code}", headers={"Accept-Language": "uk"})
        assert page.status_code == 200
        assert "Квитанція справжня" in page.text
        assert "Тигролови" in page.text
        assert "Олена" not in page.text
