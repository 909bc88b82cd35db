"""What must hold of a printer whichever way it is plugged in: USB, serial, network."""

import threading
import time
from collections.abc import Callable

import pytest

from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_paper import Painted, Printed
from drivers.printers.escpos_simulator import SimulatedNetworkPrinter, SimulatedPrinter
from kiosk.devices import DeviceLost, DeviceRefused, PaperState, Slip, SlipLine

Driven = Callable[..., EscposPrinter]


@pytest.mark.parametrize("code_page", ["cp1251", ""])
def test_a_slip_comes_out_as_letters_or_as_pictures(
    driven: Driven, printer: SimulatedPrinter, slip: Slip, code_page: str
) -> None:
    driven(code_page=code_page).print(slip)

    (printed,) = printer.firmware.slips
    assert {type(line) for line in printed} == {Printed if code_page else Painted}
    assert len(printed) == 4


@pytest.mark.parametrize("state", [PaperState.LOW, PaperState.OUT])
def test_the_paper_is_told(driven: Driven, printer: SimulatedPrinter, state: PaperState) -> None:
    one = driven()
    printer.firmware.paper = state

    assert one.paper() is state
    printer.refill()
    assert one.paper() is PaperState.GOOD


@pytest.mark.parametrize("fault", [PaperState.JAMMED, PaperState.FAULT, PaperState.HOT])
def test_a_fault_is_told_and_refused_with_what_to_do(
    driven: Driven, printer: SimulatedPrinter, slip: Slip, fault: PaperState
) -> None:
    one = driven()
    printer.firmware.fault = fault

    assert one.paper() is fault
    with pytest.raises(DeviceRefused, match=r"cutter|service|too hot"):
        one.print(slip)
    assert printer.firmware.slips == ()


def test_a_cover_opened_in_mid_slip_is_a_refusal_and_no_half_slip_follows(
    driven: Driven, printer: SimulatedPrinter, slip: Slip
) -> None:
    one = driven(code_page="cp1251")
    printer.firmware.opens_after = 60

    with pytest.raises(DeviceRefused, match="the cover is open"):
        one.print(slip)
    assert one.paper() is PaperState.COVER_OPEN
    hanging_out = printer.firmware.hanging_out
    printer.refill()
    one.paper()

    assert printer.firmware.hanging_out == hanging_out
    one.print(slip)
    assert len(printer.firmware.slips) == 2  # the half one was cut off first


def test_paper_that_ends_in_mid_slip_is_a_refusal_and_the_next_slip_is_whole(
    driven: Driven, printer: SimulatedPrinter, slip: Slip
) -> None:
    one = driven(code_page="cp1251")
    printer.firmware.runs_out_after = 60

    with pytest.raises(DeviceRefused, match="no paper"):
        one.print(slip)
    printer.refill()
    one.print(slip)

    half, whole = printer.firmware.slips  # the half is cut off: it is no business of the next patron
    assert len(half) < 4
    assert [line.text for line in whole if isinstance(line, Printed)][:2] == ["ЛітТера", "Видано: 2 прим."]


def test_a_plug_pulled_in_mid_slip_is_a_loss_and_the_printer_prints_again_when_it_is_back(
    driven: Driven, printer: SimulatedPrinter, slip: Slip
) -> None:
    one = driven(code_page="cp1251")
    printer.firmware.stuck = True
    pulled = threading.Timer(0.15, printer.unplug)
    pulled.start()

    with pytest.raises(DeviceLost):
        one.print(slip)
    pulled.join()
    one.close()
    printer.firmware.stuck = False
    printer.plug()
    driven(code_page="cp1251").print(slip)

    assert len(printer.firmware.slips) == 1


def test_status_told_unasked_makes_no_slip_a_printed_one(driven: Driven, printer: SimulatedPrinter, slip: Slip) -> None:
    """Its last three bytes look like the answer that a slip is on paper."""
    one = driven(print_within=0.5)
    printer.firmware.stuck = True
    chatter = threading.Timer(0.1, printer.announce)
    chatter.start()

    with pytest.raises(DeviceLost, match="did not finish a slip"):
        one.print(slip)
    chatter.join()


def test_status_told_unasked_between_answers_disturbs_none(driven: Driven, printer: SimulatedPrinter) -> None:
    one = driven()
    printer.firmware.paper = PaperState.LOW
    for _ in range(3):
        printer.announce()

    assert one.paper() is PaperState.LOW


def test_a_network_cable_pulled_in_mid_slip_is_a_loss_though_nobody_hangs_up(
    networked: SimulatedNetworkPrinter, slip: Slip
) -> None:
    one = EscposPrinter(EscposSettings(networked.path, code_page="cp1251"))
    networked.pull_cable()
    with pytest.raises(DeviceLost, match="does not answer"):
        one.print(slip)
    one.close()
    networked.put_cable_back()

    until = time.monotonic() + 10
    while True:
        try:
            again = EscposPrinter(EscposSettings(networked.path, code_page="cp1251"))
            break
        except DeviceLost:
            assert time.monotonic() < until
    again.print(Slip((SlipLine("після кабелю"),)))
    again.close()

    assert networked.firmware.slips == ((Printed("після кабелю"),),)
