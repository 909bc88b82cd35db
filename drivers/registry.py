"""Every driver by its name, and how to open it from the options of a config file. Four tables, no magic.

A driver's module is imported when the driver is opened, so that a station carries only what it uses. Each
name has a page in `docs/devices`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final, TypeVar

from drivers.tag_pads.protocols import PAD_PROTOCOLS, PadProtocol
from kiosk.devices import BarcodeScanner, CardReader, ReceiptPrinter, TagPad

Options = Mapping[str, Any]
"""Options of one driver by name: the fields of its settings class."""

CARD_KEYS: Final = "keys"
"""The one option no file holds: who can use the keys of cards, a `CardKeys`."""

_Device = TypeVar("_Device", TagPad, CardReader, ReceiptPrinter, BarcodeScanner)
_Settings = TypeVar("_Settings")


class DriverChoiceError(ValueError):
    """A driver or an option nobody has, or a value it cannot take; the message names what there is."""


def open_driver(table: Mapping[str, Callable[[Options], _Device]], name: str, options: Options) -> _Device:
    """Open the device *name* of one of the tables. Raises: DriverChoiceError; DeviceLost."""
    if name not in table:
        raise DriverChoiceError(f"there is no driver {name!r}{_hint(name, table)}; there are: {', '.join(table)}")
    try:
        return table[name](options)
    except DriverChoiceError:
        raise
    except ValueError as err:
        raise DriverChoiceError(f"driver {name!r}: {err}") from err


def _opens_pad(name: str, protocol: PadProtocol) -> Callable[[Options], TagPad]:
    return lambda options: protocol.open(_filled(name, protocol.settings_class, options))


def _open_pcsc(options: Options) -> CardReader:
    from drivers.card_readers.pcsc import PcscCardReader, PcscSettings  # noqa: PLC0415 - only where it is used

    own = {name: value for name, value in options.items() if name != CARD_KEYS}
    return PcscCardReader(_filled("pcsc", PcscSettings, own), options.get(CARD_KEYS))


def _open_escpos(options: Options) -> ReceiptPrinter:
    from drivers.printers.escpos import EscposPrinter, EscposSettings  # noqa: PLC0415 - only where it is used

    return EscposPrinter(_filled("escpos", EscposSettings, options))


def _open_file(options: Options) -> ReceiptPrinter:
    from drivers.printers.to_file import FilePrinter, FileSettings  # noqa: PLC0415 - only where it is used

    return FilePrinter(_filled("file", FileSettings, options))


def _open_serial_scanner(options: Options) -> BarcodeScanner:
    from drivers.barcode_scanners.serial_scanner import (  # noqa: PLC0415 - only where it is used
        SerialScanner,
        SerialScannerSettings,
    )

    return SerialScanner(_filled("serial", SerialScannerSettings, options))


def _open_keyboard_scanner(options: Options) -> BarcodeScanner:
    from drivers.barcode_scanners.usb_keyboard import (  # noqa: PLC0415 - only where it is used
        KeyboardScanner,
        KeyboardScannerSettings,
    )

    return KeyboardScanner(_filled("keyboard", KeyboardScannerSettings, options))


TAG_PADS: Final[Mapping[str, Callable[[Options], TagPad]]] = MappingProxyType(
    {name: _opens_pad(name, protocol) for name, protocol in PAD_PROTOCOLS.items()}
)
CARD_READERS: Final[Mapping[str, Callable[[Options], CardReader]]] = MappingProxyType({"pcsc": _open_pcsc})
PRINTERS: Final[Mapping[str, Callable[[Options], ReceiptPrinter]]] = MappingProxyType(
    {"escpos": _open_escpos, "file": _open_file}
)
BARCODE_SCANNERS: Final[Mapping[str, Callable[[Options], BarcodeScanner]]] = MappingProxyType(
    {"serial": _open_serial_scanner, "keyboard": _open_keyboard_scanner}
)


def _filled(driver: str, settings: Callable[..., _Settings], options: Options) -> _Settings:
    """Make the settings of *driver*, a dataclass. Raises: DriverChoiceError, naming the option that is wrong."""
    known = {field.name: field for field in fields(settings)}  # type: ignore[arg-type]  # every settings class is one
    for name in options:
        if name not in known:
            raise DriverChoiceError(
                f"driver {driver!r} has no option {name!r}{_hint(name, known)}; it has: {', '.join(known)}"
            )
    for name, field in known.items():
        if name not in options and field.default is MISSING and field.default_factory is MISSING:
            raise DriverChoiceError(f"driver {driver!r} needs the option {name!r}")
    return settings(**options)


def _hint(word: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
