"""The contract of `kiosk.devices.BarcodeScanner` as checks."""

from typing import Final, Protocol

from kiosk.conformance.bench import DeviceBench, Impossible, PlugHands, Unmet, must
from kiosk.conformance.device_checks import DEVICE_CHECKS, says_what_it_is, seconds
from kiosk.conformance.running import check
from kiosk.devices import BarcodeScanner

SCANNED_WITHIN: Final = 5.0
"""Seconds a scan may take to arrive after the hand has done it."""
_SILENCE: Final = 0.3
_LATE: Final = 2.0


class ScannerHands(PlugHands, Protocol):
    """Whoever holds the scanner."""

    def scan(self) -> str | None:
        """Scan one barcode; return its text, "" where nobody knows it, None when that cannot be done."""
        ...


ScannerBench = DeviceBench[BarcodeScanner, ScannerHands]


def touch(scanner: BarcodeScanner) -> object:
    """Listen for a moment: a scanner that is gone says so."""
    return scanner.wait(0.05)


def _silence_is_nothing(bench: ScannerBench) -> None:
    lasted = seconds(bench, lambda: _heard_nothing(bench))
    must(lasted < _SILENCE + _LATE, f"asked to wait {_SILENCE} s, it came back after {lasted:.1f} s")


def _heard_nothing(bench: ScannerBench) -> None:
    must(bench.device.wait(_SILENCE) is None, "nothing was scanned and something was heard")


def _scans_arrive(bench: ScannerBench) -> None:
    scanner = bench.device
    for _ in range(2):
        said = bench.hands.scan()
        if said is None:
            raise Impossible("nobody scanned")
        heard = scanner.wait(SCANNED_WITHIN)
        if heard is None:
            raise Unmet(f"a barcode was scanned and nothing came within {SCANNED_WITHIN:g} s")
        must(heard.text == heard.text.strip() != "", "what came has white space around it, or is empty")
        must(said in {"", heard.text}, f"{said!r} was scanned and {heard.text!r} came")


SCANNER_CHECKS: Final = (
    check(says_what_it_is, "it says what it is", "a technician cannot see from afar what is plugged in"),
    check(_silence_is_nothing, "while nothing is scanned nothing is heard", "visits would begin by themselves"),
    check(_scans_arrive, "a barcode scanned arrives once and whole", "another copy would be lent"),
    *DEVICE_CHECKS,
)
