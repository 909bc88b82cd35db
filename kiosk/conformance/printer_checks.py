"""The contract of `kiosk.devices.ReceiptPrinter` as checks. They take half a metre of paper."""

from typing import Final, Protocol

from kiosk.conformance.bench import DeviceBench, Impossible, PlugHands, must, must_refuse
from kiosk.conformance.device_checks import DEVICE_CHECKS, says_what_it_is
from kiosk.conformance.running import check
from kiosk.devices import DeviceRefused, LineStyle, PaperState, ReceiptPrinter, Slip, SlipLine


class PrinterHands(PlugHands, Protocol):
    """Whoever looks at the printer and opens it. Each returns False when that cannot be done."""

    def saw(self, what: str) -> bool:
        """Say whether *what* came out, whole and cut off."""
        ...

    def take_paper(self) -> bool: ...

    def put_paper(self) -> bool: ...


PrinterBench = DeviceBench[ReceiptPrinter, PrinterHands]


def slip(number: int) -> Slip:
    """Make a slip that can be told from the others: letters of both alphabets, a large line, a code."""
    words = f"Перевірка {number} · Sprawdzenie · Test"
    code = SlipLine(f"LITTERA {number}", LineStyle.CODE, centred=True)
    return Slip((SlipLine(words), SlipLine(f"№ {number}", LineStyle.LARGE, centred=True), code), title=words)


def touch(printer: ReceiptPrinter) -> None:
    """Ask how the paper is; a printer that never answers is only known by printing."""
    if printer.paper() is PaperState.UNKNOWN:
        printer.print(slip(0))


def _tells_its_paper(bench: PrinterBench) -> str:
    state = bench.device.paper()
    if state is PaperState.UNKNOWN:
        raise Impossible("this printer never says how it is")
    must(state is not PaperState.OUT, "it says it is out of paper: put a roll in, close the cover")
    return state.value


def _prints_and_cuts(bench: PrinterBench) -> None:
    bench.device.print(slip(1))
    must(bench.hands.saw("one slip with № 1, Ukrainian letters and a code, cut off"), "the slip did not come out so")


def _refuses_without_paper(bench: PrinterBench) -> None:
    if bench.device.paper() is PaperState.UNKNOWN:
        raise Impossible("this printer never says how it is")
    if not bench.hands.take_paper():
        raise Impossible("nobody took the paper out")
    try:
        state = bench.device.paper()
        must(state is PaperState.OUT, f"without paper it says its paper is {state.value}")
        must_refuse(DeviceRefused, "printing without paper", lambda: bench.device.print(slip(2)))
    finally:
        back = bench.hands.put_paper()
    if not back:
        raise Impossible("nobody put paper in")
    bench.device.print(slip(3))
    must(bench.hands.saw("one slip with № 3, and none with № 2"), "what was refused came out all the same")


PRINTER_CHECKS: Final = (
    check(says_what_it_is, "it says what it is", "a technician cannot see from afar which printer stands there"),
    check(_tells_its_paper, "it says how its paper is", "nobody would hear of an empty roll before a patron does"),
    check(_prints_and_cuts, "a slip comes out whole, in every alphabet, and is cut", "patrons would get half receipts"),
    check(
        _refuses_without_paper,
        "without paper it refuses, and prints nothing of it later",
        "a patron would get the receipt of the one before",
    ),
    *DEVICE_CHECKS,
)
