"""The tables of drivers: each has its page, and a wrong word is answered with the right one."""

import dataclasses
from pathlib import Path

import pytest

from drivers.barcode_scanners.serial_scanner import SerialScannerSettings
from drivers.barcode_scanners.usb_keyboard import KeyboardScannerSettings
from drivers.card_readers.pcsc import PcscSettings
from drivers.printers.escpos import EscposSettings
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.printers.to_file import FileSettings
from drivers.registry import BARCODE_SCANNERS, CARD_READERS, PRINTERS, TAG_PADS, DriverChoiceError, open_driver
from drivers.tag_pads.elatec import ElatecSettings
from drivers.tag_pads.feig import FeigSettings
from drivers.tag_pads.threem import ThreeMSettings
from kiosk.settings.devices import (
    ElatecOptions,
    EscposOptions,
    FeigOptions,
    FileOptions,
    KeyboardScannerOptions,
    PcscOptions,
    SerialScannerOptions,
    ThreeMOptions,
)
from kiosk.settings.sections import Section

PAGES = Path(__file__).parents[2] / "docs" / "devices"


@pytest.mark.parametrize("name", [*TAG_PADS, *CARD_READERS, *PRINTERS])
def test_every_driver_has_a_page(name: str) -> None:
    page = PAGES / f"{name}.md"

    assert page.read_text(encoding="utf-8").startswith("# ")


def test_the_page_about_barcode_scanners_names_each_driver() -> None:
    page = (PAGES / "barcode.md").read_text(encoding="utf-8")

    assert [name for name in BARCODE_SCANNERS if f"| `{name}` |" not in page] == []


def test_a_printer_is_opened_by_its_name(tmp_path: Path) -> None:
    printer = open_driver(PRINTERS, "file", {"directory": str(tmp_path / "slips")})

    assert printer.facts().port == str(tmp_path / "slips")


def test_an_escpos_printer_is_opened_with_its_options() -> None:
    simulated = SimulatedEscposPrinter()

    printer = open_driver(PRINTERS, "escpos", {"port": simulated.path, "profile": "POS-5890"})

    assert printer.facts().model == "ESC/POS POS-5890"
    printer.close()
    simulated.unplug()


def test_an_unknown_driver_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DriverChoiceError, match=r"no driver 'escpoz' \(did you mean 'escpos'\?\); .*escpos, file"):
        open_driver(PRINTERS, "escpoz", {})


def test_an_unknown_option_is_answered_with_the_nearest() -> None:
    with pytest.raises(DriverChoiceError, match=r"has no option 'code_pages' \(did you mean 'code_page'\?\)"):
        open_driver(PRINTERS, "escpos", {"port": "/dev/null", "code_pages": "cp1251"})


@pytest.mark.parametrize(("table", "name"), [(TAG_PADS, "feig"), (PRINTERS, "escpos")])
def test_a_port_that_is_left_out_is_asked_for(table: dict[str, object], name: str) -> None:
    with pytest.raises(DriverChoiceError, match="needs the option 'port'"):
        open_driver(table, name, {})  # type: ignore[type-var]  # two tables, one test


def test_a_value_a_driver_cannot_take_is_a_wrong_choice_not_a_lost_device() -> None:
    with pytest.raises(DriverChoiceError, match="card scheme 'runes' is not known"):
        open_driver(CARD_READERS, "pcsc", {"scheme": "runes"})


def test_a_printer_model_nobody_has_is_a_wrong_choice() -> None:
    with pytest.raises(DriverChoiceError, match="driver 'file': printer profile 'TM-T2000' is not known"):
        open_driver(PRINTERS, "file", {"directory": "slips", "profile": "TM-T2000"})


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (FeigOptions, FeigSettings),
        (ThreeMOptions, ThreeMSettings),
        (ElatecOptions, ElatecSettings),
        (PcscOptions, PcscSettings),
        (EscposOptions, EscposSettings),
        (FileOptions, FileSettings),
        (SerialScannerOptions, SerialScannerSettings),
        (KeyboardScannerOptions, KeyboardScannerSettings),
    ],
)
def test_a_config_file_offers_exactly_the_options_the_driver_takes(offered: type[Section], taken: type) -> None:
    assert set(offered.model_fields) == {field.name for field in dataclasses.fields(taken)}
