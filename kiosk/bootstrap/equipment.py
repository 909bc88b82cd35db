"""From the device sections of the settings to devices that can be opened."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from drivers.registry import (
    BARCODE_SCANNERS,
    CARD_KEYS,
    CARD_READERS,
    PRINTERS,
    TAG_PADS,
    DriverChoiceError,
    Options,
    open_driver,
)
from kiosk.bootstrap.card_keys import card_keys_of
from kiosk.devices import BarcodeScanner, CardReader, ReceiptPrinter, TagPad
from kiosk.settings import Settings
from kiosk.settings.devices import DeviceSection
from kiosk.station.shell import Equipment
from kiosk.tags.afi import GATE_PROFILES

Device = TypeVar("Device", TagPad, CardReader, ReceiptPrinter, BarcodeScanner)


def equipment_of(settings: Settings) -> Equipment:
    """Say how each device of this station is opened. Raises: DriverChoiceError - a driver nobody has."""
    return Equipment(
        open_pad=_opener(TAG_PADS, settings.pad),
        open_card_reader=_opener(CARD_READERS, settings.card_reader, {CARD_KEYS: card_keys_of(settings)}),
        open_printer=None if settings.printer.driver == "none" else _opener(PRINTERS, settings.printer),
        open_scanner=None if settings.barcode.driver == "none" else _opener(BARCODE_SCANNERS, settings.barcode),
        scheme=settings.barcode.scheme(),
        profile=GATE_PROFILES[settings.gate.profile],
    )


def _opener(
    table: Mapping[str, Callable[[Options], Device]], section: DeviceSection, more: Options = MappingProxyType({})
) -> Callable[[], Device]:
    """Make the opener of one device.

    The driver's name is checked now, the device opened when it is called; *more* are options no file holds.
    """
    name, options = section.driver, {**section.options, **more}
    if name not in table:
        raise DriverChoiceError(f"there is no driver {name!r}; there are: {', '.join(table)}")
    return lambda: open_driver(table, name, options)
