"""Printed cards and copies without a readable tag: real scanners' bytes, a real ledger, a real pad."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.barcode_scanners.scanner_simulator import SimulatedKeyboardScanner, SimulatedSerialScanner
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import CheckinNote
from kiosk.station.view import NoticeView, PinView, ReturnsView, RowState, SessionView, StackFirstView, Touch
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag

Scanner = SimulatedSerialScanner | SimulatedKeyboardScanner
BOOK = "0012000001"
RULES = {"cards": {"printed": {"prefix": "2", "lengths": [8]}}, "copies": {"ours": {"lengths": [10]}}}
PATIENT = {"tag_wait_s": 0.4, "idle_s": 8.0}


@pytest.fixture
def serial(tmp_path: Path) -> Iterator[SimulatedSerialScanner]:
    scanner = SimulatedSerialScanner(tmp_path / "scanner")
    yield scanner
    scanner.unplug()


def scanning(scanner: Scanner, **more: object) -> dict[str, object]:
    driver = "serial" if isinstance(scanner, SimulatedSerialScanner) else "keyboard"
    return {"driver": driver, driver: {"port": scanner.path}, **RULES, **more}


def opens(stand: Stand) -> None:
    """Wait until scanner and all else are there."""
    stand.opens()
    stand.sees(type(stand.view), lambda view: view.frame.scans)


@pytest.mark.parametrize("make", [SimulatedSerialScanner, SimulatedKeyboardScanner])
def test_a_branch_in_transition_lends_and_takes_back_by_printed_barcodes_alone(
    station: Station, shelf: Shelf, tmp_path: Path, make: type[Scanner]
) -> None:
    olena = shelf.patron("Олена", pin="1234")
    shelf.item(BOOK, title="Тигролови")
    scanner = make(tmp_path / "scanner")
    with station(barcode=scanning(scanner, untagged="serve"), timing=PATIENT) as stand:
        opens(stand)
        scanner.scan(olena.card)
        stand.sees(PinView)
        stand.type_pin("1234")
        stand.sees(SessionView)
        scanner.scan(BOOK)
        row = stand.sees_rows(SessionView, RowState.LENT).rows[0]
        assert (row.title, stand.on_loan()) == ("Тигролови", {BOOK: olena.id})
        stand.end()
        stand.touch(Touch.DONE)

        opens(stand)
        scanner.scan(BOOK)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert stand.debts() == []
        assert stand.open_intents() == []
    scanner.unplug()


def test_a_printed_card_asks_for_a_pin_where_no_other_does_and_without_one_leads_to_staff(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    olena, petro = shelf.patron("Олена", pin="1234"), shelf.patron("Петро")
    with station(barcode=scanning(serial), pin={"needed": "never"}, timing=PATIENT) as stand:
        opens(stand)
        serial.scan(petro.card)
        assert stand.sees(NoticeView).reasons == (Reason(Refusal.NO_PIN),)
        opens(stand)
        serial.scan(olena.card)
        stand.sees(PinView)
        stand.type_pin("1234")

        stand.sees(SessionView)


def test_a_dead_tag_obeys_for_the_copy_whose_barcode_is_scanned(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    """Its data are lost; its gate bit is not: cleared for the loan, armed for the return."""
    olena = shelf.patron("Олена")
    shelf.item(BOOK, title="Тигролови")
    tag = make_tag(BOOK)
    tag.memory[4] ^= 0x01
    with station(barcode=scanning(serial), timing=PATIENT) as stand:
        stand.begin(olena).remove()
        stand.lay(tag)
        row = stand.sees_rows(SessionView, RowState.REFUSED).rows[0]
        assert row.reasons[0].refusal is Refusal.DAMAGED_TAG
        assert "скануйте бібліотечний штрихкод" in stand.page()
        serial.scan(BOOK)
        stand.sees_rows(SessionView, RowState.LENT)
        assert tag.afi == CLEARED
        stand.take_away(tag)
        stand.end()
        stand.touch(Touch.DONE)

        opens(stand)
        stand.lay(tag)
        serial.scan(BOOK)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.touch(Touch.RETURN)
        stand.sees(ReturnsView, lambda view: view.returned == 1)

        assert tag.afi == ARMED
        assert stand.debts() == []


def test_a_tag_that_comes_after_a_loan_by_barcode_is_cleared_under_it(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    olena = shelf.patron("Олена")
    shelf.item(BOOK)
    tag = make_tag(BOOK)
    with station(barcode=scanning(serial, untagged="serve"), timing=PATIENT) as stand:
        stand.begin(olena).remove()
        serial.scan(BOOK)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1 and not view.busy and tag.afi == CLEARED)

        assert stand.on_loan() == {BOOK: olena.id}


def test_a_tagged_copy_returned_by_its_barcode_leaves_a_debt_that_its_tag_pays(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    olena = shelf.patron("Олена")
    shelf.item(BOOK)
    tag = make_tag(BOOK)
    with station(barcode=scanning(serial), timing=PATIENT) as stand:
        stand.begin(olena).remove()
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.take_away(tag)
        stand.end()
        stand.touch(Touch.DONE)

        opens(stand)
        serial.scan(BOOK)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.touch(Touch.RETURN)
        row = stand.sees_rows(ReturnsView, RowState.RETURNED).rows[0]
        assert CheckinNote.GATE_OWED.value in row.notes
        stand.owes(("gate-not-armed", BOOK))
        stand.lay(tag)
        stand.owes()

        assert tag.afi == ARMED


def test_a_scanner_pulled_out_in_mid_visit_ends_nothing_and_scans_when_it_is_back(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    olena = shelf.patron("Олена")
    shelf.item(BOOK)
    with station(barcode=scanning(serial, untagged="serve"), timing=PATIENT) as stand:
        stand.begin(olena).remove()
        serial.send(b"00120")
        serial.unplug()
        stand.sees(SessionView, lambda view: not view.frame.scans)
        serial.plug()
        stand.sees(SessionView, lambda view: view.frame.scans)
        serial.scan(BOOK)

        stand.sees_rows(SessionView, RowState.LENT)


def test_a_publishers_barcode_is_answered_with_where_the_right_one_is(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    shelf.patron("Олена")
    with station(barcode=scanning(serial), timing=PATIENT | {"notice_s": 5.0}) as stand:
        opens(stand)
        serial.scan("9789661234566")
        stand.sees(NoticeView)

        assert "Це штрихкод видавництва" in stand.page()


def test_the_tag_of_another_trade_beside_a_scanned_copy_is_left_alone(
    station: Station, shelf: Shelf, serial: SimulatedSerialScanner
) -> None:
    olena = shelf.patron("Олена")
    shelf.item(BOOK)
    scarf = SimulatedTag.of("E0040112345678AA", b"\x9aWASH 40 NO TUMBLE DRY")
    scarf.dsfid, before = 0x00, scarf.afi
    with station(barcode=scanning(serial, untagged="serve"), timing=PATIENT) as stand:
        stand.begin(olena).remove()
        stand.lay(scarf)
        stand.sees_rows(SessionView, RowState.REFUSED)
        serial.scan(BOOK)
        stand.sees_rows(SessionView, RowState.REFUSED, RowState.LENT)

        assert scarf.afi == before
