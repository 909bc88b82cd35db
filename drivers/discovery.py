"""What is plugged in: serial ports, printer files, card readers, and which protocol answers on a port.

For the technician's commands. It opens what it probes, so it is not for a port a station is using.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from drivers.barcode_scanners.usb_keyboard import KeyboardScanner, KeyboardScannerSettings
from drivers.card_readers.pcsc_calls import PcscError, connected_to_service, list_card_readers
from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.printer_lines import is_terminal, open_line
from drivers.registry import TAG_PADS, open_driver
from drivers.serial_port import is_pseudo_terminal
from drivers.tag_pads.protocols import PAD_PROTOCOLS
from kiosk.devices import DeviceError, DeviceFacts, DeviceLost

SCANNER_MAKERS: Final = frozenset({0x05E0, 0x0C2E, 0x05F9, 0x1EAB, 0x0536, 0x065A})
"""USB vendors whose serial ports are barcode scanners: Symbol (Zebra), Metrologic and Hand Held (Honeywell), PSC
(Datalogic), Newland, Opticon."""
PRINTER_BAUDS: Final = (115200, 38400, 19200, 9600)
_DEVICES: Final = Path("/dev")


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A port of this computer. `usb` is `vendor:product serial-number`, `names` the links udev made to it."""

    path: str
    kind: str
    description: str = ""
    usb: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """A device that answered on a port: which driver is for it, the options that worked, what it says."""

    driver: str
    options: dict[str, object]
    facts: DeviceFacts

    @property
    def section(self) -> str:
        """Name the section of the settings this device belongs to."""
        return {"escpos": "printer", "keyboard": "barcode"}.get(self.driver, "pad")


def find_ports() -> tuple[FoundPort, ...]:
    """List serial ports, USB printers and what plays a keyboard, by path. Opens none of them.

    A barcode scanner that plays a keyboard cannot be told from a keyboard but by its name.
    """
    serial_ports = (_described(port) for port in comports())
    printers = (FoundPort(str(path), "printer", names=_names_of(path)) for path in _DEVICES.glob("usb/lp*"))
    keyboards = (
        FoundPort(str(path), "keyboard", names=(str(path.resolve()), *_names_of(path)))
        for path in _DEVICES.glob("input/by-id/*-event-kbd")
    )
    return tuple(sorted((*serial_ports, *printers, *keyboards), key=lambda port: port.path))


def find_card_readers() -> tuple[str, ...]:
    """Name the card readers of the PC/SC service. Raises: DeviceLost - no service, or not for this account."""
    try:
        with connected_to_service() as context:
            return tuple(list_card_readers(context))
    except PcscError as err:
        raise DeviceLost(f"PC/SC: {err}; is pcscd running, and may this account use it?") from err


def probe(port: str) -> Answering | None:
    """Find out what sits on *port*; None when nothing known answers. Takes seconds.

    Printers are asked first: what a printer is asked in real time does no harm to a pad, but a printer would
    print what a pad is asked. Raises: DeviceLost - the port itself cannot be opened.
    """
    if is_input_device(port):
        return _ask_keyboard(port)
    open_line(port, PRINTER_BAUDS[0]).close()
    for driver, options in _ways_to_ask(port):
        with suppress(DeviceError):
            return _ask_printer(port, options) if driver == "escpos" else _ask_pad(driver, port, options)
    return None


def is_input_device(port: str) -> bool:
    """Say whether *port* is a device of /dev/input: something that types."""
    return Path(port).resolve().parent == _DEVICES / "input"


def _ask_keyboard(port: str) -> Answering:
    scanner = KeyboardScanner(KeyboardScannerSettings(port))
    try:
        return Answering("keyboard", {"port": port}, scanner.facts())
    finally:
        scanner.close()


def _ways_to_ask(port: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name the drivers to try and the options of each."""
    if not is_terminal(port):
        yield "escpos", {}
        return
    bauds = PRINTER_BAUDS[:1] if is_pseudo_terminal(port) else PRINTER_BAUDS  # a simulated device has no speed
    yield from (("escpos", {"baud": baud}) for baud in bauds)
    yield from ((name, way) for name, protocol in PAD_PROTOCOLS.items() for way in protocol.ways)


def _ask_printer(port: str, options: Mapping[str, Any]) -> Answering:
    printer = EscposPrinter(EscposSettings(port, **options))
    printer.close()
    return Answering("escpos", {"port": port, **options}, printer.facts())


def _ask_pad(driver: str, port: str, way: Mapping[str, Any]) -> Answering:
    options = {"port": port, **way}
    pad = open_driver(TAG_PADS, driver, options)
    pad.close()
    return Answering(driver, options, pad.facts())


def _described(port: ListPortInfo) -> FoundPort:
    usb = "" if port.vid is None else f"{port.vid:04x}:{port.pid:04x} {port.serial_number or ''}".rstrip()
    description = "" if port.description == "n/a" else port.description
    kind = "scanner" if port.vid in SCANNER_MAKERS else "serial"
    return FoundPort(port.device, kind, description, usb, _names_of(Path(port.device)))


def _names_of(device: Path) -> tuple[str, ...]:
    """Find the names the udev rules of a station give to a device: /dev/littera-pad, /dev/littera-scanner."""
    return tuple(str(link) for link in sorted(_DEVICES.glob("littera-*")) if link.resolve() == device.resolve())
