"""What becomes of a receipt the printer was asked for: every way it ends is told."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from kiosk.devices import DeviceFacts, DeviceLost, DeviceRefused, PaperState, Slip
from kiosk.station.chores import print_receipt
from kiosk.station.effects import PrintReceipt
from kiosk.station.events import Event, PaperSeen, ReceiptFailed, ReceiptPrinted
from kiosk.station.printing import Press
from kiosk.station.shell import PaperWatch
from web_ui.texts import Texts

RECEIPT = PrintReceipt(visit=7, language="uk", books=())


@dataclass
class Printer:
    """Prints, or ends as it is told to."""

    trouble: Exception | None = None
    how: PaperState = PaperState.GOOD

    def facts(self) -> DeviceFacts:
        return DeviceFacts("printer", "1", "here")

    def paper(self) -> PaperState:
        return self.how

    def print(self, slip: Slip) -> None:
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None: ...


@pytest.fixture
def press() -> Press:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    return Press("Центральна", "hall", "r", lambda: noon, Texts.load(only=("uk",)), lambda _, reason: reason.refusal)


def test_a_receipt_that_is_out_is_told_as_printed(press: Press) -> None:
    assert list(print_receipt(RECEIPT, press).run(Printer())) == [ReceiptPrinted(7)]


def test_a_receipt_the_printer_refuses_is_told_with_what_the_printer_said(press: Press) -> None:
    printer = Printer(DeviceRefused("no paper: put in a new roll"))

    assert list(print_receipt(RECEIPT, press).run(printer)) == [ReceiptFailed(7, "no paper: put in a new roll")]


def test_a_printer_lost_in_mid_slip_fails_the_receipt_before_it_is_opened_again(press: Press) -> None:
    told: list[Event] = []

    with pytest.raises(DeviceLost, match="unplugged"):
        told.extend(print_receipt(RECEIPT, press).run(Printer(DeviceLost("unplugged"))))

    assert told == [ReceiptFailed(7, "unplugged")]


def test_a_printer_that_cannot_print_is_told_once_and_again_when_it_can() -> None:
    watch, printer = PaperWatch(), Printer()
    told = []
    for how in (PaperState.GOOD, PaperState.COVER_OPEN, PaperState.OUT, PaperState.JAMMED, PaperState.LOW):
        printer.how = how
        told += watch(printer)

    assert told == [PaperSeen(out=True), PaperSeen(out=False)]
    assert watch.last is PaperState.LOW
