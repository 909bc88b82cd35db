"""Simulated printers on every kind of line, and a slip with every Ukrainian letter that differs."""

from collections.abc import Callable, Iterator

import pytest

from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_simulator import SimulatedEscposPrinter, SimulatedNetworkPrinter, SimulatedPrinter
from drivers.printers.printer_lines import FileLine, PrinterLine, open_line
from kiosk.devices import LineStyle, Slip, SlipLine

Dial = Callable[[str, int], PrinterLine]
LINES: dict[str, tuple[Callable[[], SimulatedPrinter], Dial]] = {
    "serial": (SimulatedEscposPrinter, open_line),
    "usb": (SimulatedEscposPrinter, lambda path, _baud: FileLine(path)),  # as a device file that both takes and answers
    "network": (SimulatedNetworkPrinter, open_line),
}


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def printer(line: str) -> Iterator[SimulatedPrinter]:
    """A simulated printer on each kind of line, one after the other."""
    printer = LINES[line][0]()
    yield printer
    printer.unplug()


@pytest.fixture
def driven(line: str, printer: SimulatedPrinter) -> Iterator[Callable[..., EscposPrinter]]:
    """Open the real driver on it; closed at the end."""
    opened: list[EscposPrinter] = []

    def open_with(**options: object) -> EscposPrinter:
        settings = EscposSettings(printer.path, **options)  # type: ignore[arg-type]  # named options
        opened.append(EscposPrinter(settings, LINES[line][1]))
        return opened[-1]

    yield open_with
    for one in opened:
        one.close()


@pytest.fixture
def simulated() -> Iterator[SimulatedEscposPrinter]:
    printer = SimulatedEscposPrinter()
    yield printer
    printer.unplug()


@pytest.fixture
def networked() -> Iterator[SimulatedNetworkPrinter]:
    printer = SimulatedNetworkPrinter()
    yield printer
    printer.unplug()


@pytest.fixture
def slip() -> Slip:
    return Slip(
        (
            SlipLine("ЛітТера", LineStyle.LARGE, centred=True),
            SlipLine("Видано: 2 прим.", LineStyle.STRONG),
            SlipLine("Їжак і ґедзь: єдність п’яти"),
            SlipLine("повернути до 30.03.2026", LineStyle.QUIET),
        ),
        title="C1-000123",
    )
