"""Both drivers on simulated scanners: a real pseudo-terminal, and real input events through a pipe."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.barcode_scanners.key_events import EVENT, KeyDecoder, keys_for
from drivers.barcode_scanners.scanner_simulator import (
    SimulatedKeyboardScanner,
    SimulatedScanner,
    SimulatedSerialScanner,
)
from drivers.barcode_scanners.serial_scanner import SerialScanner, SerialScannerSettings
from drivers.barcode_scanners.usb_keyboard import KeyboardScanner, KeyboardScannerSettings
from kiosk.devices import BarcodeScanner, DeviceLost, Scan

Kind = tuple[Callable[[], SimulatedScanner], Callable[[str], BarcodeScanner]]
KINDS: dict[str, Kind] = {
    "serial": (SimulatedSerialScanner, lambda path: SerialScanner(SerialScannerSettings(path, gap=0.02))),
    "keyboard": (SimulatedKeyboardScanner, lambda path: KeyboardScanner(KeyboardScannerSettings(path, gap=0.02))),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def simulated(kind: Kind) -> Iterator[SimulatedScanner]:
    scanner = kind[0]()
    yield scanner
    scanner.unplug()


@pytest.fixture
def scanner(kind: Kind, simulated: SimulatedScanner) -> Iterator[BarcodeScanner]:
    opened = kind[1](simulated.path)
    yield opened
    opened.close()


def test_scans_come_one_by_one_in_their_order(scanner: BarcodeScanner, simulated: SimulatedScanner) -> None:
    simulated.scan("31234000000016")
    simulated.scan("zt-00 A/1")

    assert [scanner.wait(5.0), scanner.wait(5.0)] == [Scan("31234000000016"), Scan("zt-00 A/1")]
    assert scanner.wait(0.0) is None


def test_a_scanner_that_sends_no_end_of_line_is_understood(
    scanner: BarcodeScanner, simulated: SimulatedSerialScanner | SimulatedKeyboardScanner
) -> None:
    simulated.end = "" if isinstance(simulated, SimulatedKeyboardScanner) else b""  # type: ignore[assignment]

    simulated.scan("31234000000016")

    assert scanner.wait(5.0) == Scan("31234000000016")


def test_a_scanner_that_is_unplugged_is_lost_and_works_when_it_is_back(
    kind: Kind, scanner: BarcodeScanner, simulated: SimulatedScanner
) -> None:
    simulated.unplug()
    with pytest.raises(DeviceLost, match=r"hung up|read from"):
        scanner.wait(5.0)
    scanner.close()

    simulated.plug()
    again = kind[1](simulated.path)
    simulated.scan("42")

    assert again.wait(5.0) == Scan("42")
    again.close()


def test_a_scanner_that_is_not_there_is_lost(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(DeviceLost, match="cannot open"):
        kind[1](str(tmp_path / "nothing"))


def test_a_line_that_never_falls_silent_does_not_hold_its_worker() -> None:
    simulated = SimulatedSerialScanner()
    opened = SerialScanner(SerialScannerSettings(simulated.path))
    over = threading.Event()

    def babble() -> None:
        while not over.is_set():
            simulated.send(b"x")
            over.wait(0.01)

    noise = threading.Thread(target=babble)
    noise.start()
    heard = opened.wait(0.3)
    over.set()
    noise.join()
    opened.close()
    simulated.unplug()

    assert heard is None


def test_a_scan_of_which_the_kernel_lost_keys_is_no_scan() -> None:
    simulated = SimulatedKeyboardScanner()
    opened = KeyboardScanner(KeyboardScannerSettings(simulated.path))
    simulated.send(keys_for("3123"))
    simulated.lose_events()
    simulated.send(keys_for("13\r"))
    simulated.scan("42")

    assert opened.wait(5.0) == Scan("42")
    opened.close()
    simulated.unplug()


def test_what_cannot_be_kept_from_the_screen_is_not_listened_to() -> None:
    """A terminal is a device and no input device: nobody could grab it."""
    simulated = SimulatedSerialScanner()

    with pytest.raises(DeviceLost, match="cannot be kept from typing into the screen"):
        KeyboardScanner(KeyboardScannerSettings(simulated.path))
    simulated.unplug()


def test_a_failed_open_leaves_nothing_open() -> None:
    simulated = SimulatedSerialScanner()
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(DeviceLost):
        KeyboardScanner(KeyboardScannerSettings(simulated.path))

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    simulated.unplug()


def test_every_letter_a_barcode_can_hold_is_typed_and_read_back() -> None:
    printable = "".join(map(chr, range(0x20, 0x7F)))

    assert KeyDecoder().feed(keys_for(printable)).decode() == printable


def test_events_cut_anywhere_are_put_together() -> None:
    keys, typed = KeyDecoder(), b""
    for byte in keys_for("Ab-1\r"):
        typed += keys.feed(bytes([byte]))

    assert typed == b"Ab-1\r"


def test_caps_lock_turns_letters_and_a_key_held_down_types_once() -> None:
    caps, a, one = 58, 30, 2
    events = [(caps, 1), (caps, 0), (a, 1), (a, 2), (a, 2), (a, 0), (one, 1)]
    raw = b"".join(EVENT.pack(0, 0, 1, *event) for event in events)

    assert KeyDecoder().feed(raw) == b"A1"
