"""Printers and barcode scanners keep their contracts too: every driver over its own simulated device."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.barcode_scanners.scanner_simulator import SimulatedKeyboardScanner, SimulatedSerialScanner
from drivers.barcode_scanners.serial_scanner import SerialScanner, SerialScannerSettings
from drivers.barcode_scanners.usb_keyboard import KeyboardScanner, KeyboardScannerSettings
from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.printers.to_file import FilePrinter, FileSettings
from kiosk.conformance import printer_checks, scanner_checks
from kiosk.conformance.bench import DeviceBench
from kiosk.conformance.running import Check, Outcome, run
from kiosk.devices import PaperState, Scan


class PrinterHands:
    """Looks at a simulated printer: one more slip hangs out whenever one was to come."""

    def __init__(self, printer: SimulatedEscposPrinter) -> None:
        self._printer = printer
        self._seen = 0

    def saw(self, _what: str) -> bool:
        before, self._seen = self._seen, len(self._printer.firmware.slips)
        return self._seen == before + 1

    def take_paper(self) -> bool:
        self._printer.firmware.paper = PaperState.OUT
        return True

    def put_paper(self) -> bool:
        self._printer.refill()
        return True

    def pull_plug(self) -> bool:
        self._printer.unplug()
        return True

    def put_plug(self) -> bool:
        self._printer.plug()
        return True


class FolderHands:
    """Looks into the folder slips are written to. A folder has no plug and no paper."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def saw(self, _what: str) -> bool:
        return any(self._folder.iterdir())

    def nobody(self) -> bool:
        return False

    take_paper = put_paper = pull_plug = put_plug = nobody


class ScannerHands:
    def __init__(self, scanner: Any) -> None:
        self._scanner = scanner
        self._scanned = 0

    def scan(self) -> str:
        self._scanned += 1
        self._scanner.scan(text := f"001200000{self._scanned}")
        return text

    def pull_plug(self) -> bool:
        self._scanner.unplug()
        return True

    def put_plug(self) -> bool:
        self._scanner.plug()
        return True


@pytest.fixture(params=["escpos", "file"])
def printer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeviceBench]:
    if request.param == "file":
        bench = DeviceBench(
            lambda: FilePrinter(FileSettings(str(tmp_path / "slips"))),
            FolderHands(tmp_path / "slips"),
            printer_checks.touch,
        )
        yield bench
        bench.close()
        return
    simulated = SimulatedEscposPrinter(link=tmp_path / "printer")
    settings = EscposSettings(str(tmp_path / "printer"))
    bench = DeviceBench(lambda: EscposPrinter(settings), PrinterHands(simulated), printer_checks.touch)
    yield bench
    bench.close()
    simulated.unplug()


SCANNERS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "serial": (SimulatedSerialScanner, lambda port: SerialScanner(SerialScannerSettings(port))),
    "keyboard": (SimulatedKeyboardScanner, lambda port: KeyboardScanner(KeyboardScannerSettings(port))),
}


@pytest.fixture(params=list(SCANNERS))
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeviceBench]:
    simulated_class, open_on = SCANNERS[request.param]
    simulated = simulated_class(tmp_path / "scanner")
    bench = DeviceBench(lambda: open_on(str(tmp_path / "scanner")), ScannerHands(simulated), scanner_checks.touch)
    yield bench
    bench.close()
    simulated.unplug()


@pytest.mark.parametrize("check", printer_checks.PRINTER_CHECKS, ids=lambda check: check.name)
def test_a_printer_keeps_its_contract(printer: DeviceBench, check: Check):
    (result,) = run([check], printer)

    skipped = isinstance(printer.hands, FolderHands) and check.name in {"refuses_without_paper", "unplugged_is_lost"}
    assert (result.outcome, result.says if result.outcome is Outcome.UNMET else "") == (
        Outcome.SKIPPED if skipped else Outcome.MET,
        "",
    )


@pytest.mark.parametrize("check", scanner_checks.SCANNER_CHECKS, ids=lambda check: check.name)
def test_a_scanner_keeps_its_contract(scanner: DeviceBench, check: Check):
    (result,) = run([check], scanner)

    assert (result.outcome, result.says if result.outcome is Outcome.UNMET else "") == (Outcome.MET, "")


class Chatty:
    """A scanner that hears what nobody scanned, and garbles what somebody did."""

    def facts(self) -> Any:
        return SCANNERS

    def wait(self, timeout: float) -> Scan:
        return Scan("0012 \r")

    def close(self) -> None:
        """Nothing is held open."""


class Scribe:
    def scan(self) -> str:
        return "0012"

    def pull_plug(self) -> bool:
        return True

    put_plug = pull_plug


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("silence_is_nothing", "something was heard"),
        ("scans_arrive", "white space"),
        ("unplugged_is_lost", "as if it were there"),
    ],
)
def test_a_scanner_that_breaks_its_promises_is_found_out(name: str, says: str):
    checks = {check.name: check for check in scanner_checks.SCANNER_CHECKS}
    bench = DeviceBench(Chatty, Scribe(), scanner_checks.touch)

    (result,) = run([checks[name]], bench)

    assert result.outcome is Outcome.UNMET
    assert says in result.says
