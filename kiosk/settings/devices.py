"""The device sections: which driver serves each device, and the options of every driver there is.

A section names its driver and keeps one table of options per driver, so that a demo that puts another driver
in does not inherit options that driver has never heard of. Nothing here opens a device.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from drivers.tag_pads.names import driver_named
from kiosk.barcodes import BarcodeRule, BarcodeScheme, CheckDigit, Meaning
from kiosk.ecard.schemes import SCHEMES
from kiosk.settings.sections import Seconds, Section, Word, one_of
from kiosk.station.setup import Untagged

Columns = Annotated[int, Field(ge=16, le=96)]


def _known_scheme(name: str) -> str:
    return one_of(SCHEMES, name)


def _pad_driver(name: object) -> object:
    """Take what people call a pad: "3m" is the driver `threem`."""
    return driver_named(name) if isinstance(name, str) else name


class DeviceSection(Section):
    """A device and its driver."""

    driver: str

    @property
    def options(self) -> dict[str, object]:
        """Hand out the options of the chosen driver, by the names the driver gives them."""
        table = getattr(self, self.driver, None)
        return table.model_dump() if isinstance(table, Section) else {}


class FeigOptions(Section):
    """A FEIG OBID pad on a serial port."""

    port: Word = "/dev/littera-pad"
    """The serial port; the udev rule gives it this name wherever it is plugged in."""
    baud: Literal[4800, 9600, 19200, 38400, 57600, 115200] = 38400
    """Speed of the line; 38400 is what these pads leave the factory with."""
    parity: Literal["N", "E", "O"] = "E"
    """Parity of the line: `E` even (the factory's), `N` none, `O` odd."""
    address: Annotated[int, Field(ge=0, le=255)] = 255
    """Address of the pad on a shared line; 255 speaks to whichever is there."""


class ThreeMOptions(Section):
    """A 3M (Bibliotheca) Model 210 or 810 pad on a USB serial port."""

    port: Word = "/dev/littera-pad"
    """The serial port; the udev rule gives it this name wherever it is plugged in."""


class ElatecOptions(Section):
    """An Elatec TWN4 with the Simple Protocol: one book at a time."""

    port: Word = "/dev/littera-pad"
    """The serial port; the udev rule gives it this name wherever it is plugged in."""
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 9600
    """Speed of a serial line; over USB it does not matter."""
    crc: bool = False
    """Whether the device's firmware puts a check on every line; it leaves the factory without."""


class PadSection(DeviceSection):
    """The RFID pad books lie on."""

    driver: Annotated[Literal["feig", "threem", "elatec"], BeforeValidator(_pad_driver)]
    """Which driver: `feig`, `threem` or `elatec`."""
    feig: FeigOptions = FeigOptions()
    """Options of the `feig` driver."""
    threem: ThreeMOptions = ThreeMOptions()
    """Options of the `threem` driver."""
    elatec: ElatecOptions = ElatecOptions()
    """Options of the `elatec` driver."""


class PcscOptions(Section):
    """Card readers behind the PC/SC service."""

    names: tuple[Word, ...] = ()
    """Beginnings of the names of the card readers to use, as the service lists them; none means every one."""
    ignore: tuple[Word, ...] = (" SAM",)
    """Card readers with such a word in their name are left alone: a security module never leaves its slot."""
    scheme: Annotated[str, AfterValidator(_known_scheme)] = "number"
    """What a card is asked: to be `proven` (see `card_keys`), its `number` in our application, or its `uid`."""
    socket: str = ""
    """Socket of the PC/SC service; empty for the system's own."""
    settle: Seconds = 1.5
    """The same card back within so many seconds is the same tap; a lift is told after it."""
    silence: Seconds = 10.0
    """Seconds the PC/SC service may be silent before it counts as lost."""
    grace: Seconds = 0.5
    """Seconds a service or a card reader may be gone before it is told."""
    open_within: Seconds = 3.0
    """Seconds the service may take to come up when it is opened."""


class CardReaderSection(DeviceSection):
    """The card reader patrons tap their e-card on."""

    driver: Literal["pcsc"]
    """Which driver: `pcsc`."""
    pcsc: PcscOptions = PcscOptions()
    """Options of the `pcsc` driver."""


class EscposOptions(Section):
    """An ESC/POS receipt printer: by USB, serial line or network."""

    port: Word = "/dev/littera-printer"
    """A device file (the udev rule gives a USB printer this name), or `tcp://192.168.1.50:9100`."""
    profile: Word = "TM-T20II"
    """The printer's model in python-escpos' list; TM-T20II is 80 mm wide, POS-5890 58 mm."""
    code_page: str = ""
    """`cp1251`, `cp1125`, ...: faster than pictures of letters; `auto`: the best the profile has; empty paints all."""
    code_page_number: Annotated[int, Field(ge=0, le=255)] | None = None
    """The page's number in this printer, where the list has it wrong."""
    raster: bool = False
    """Whether every line is painted, whatever the code page."""
    font: str = ""
    """A TrueType file for painted lines; empty for the one that comes with the driver."""
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    """Speed of a serial printer."""
    status: bool = True
    """Whether paper and cover are asked for; false for a printer that never answers."""
    print_within: Seconds = 7.0
    """Seconds a slip may take before the printer counts as lost."""


class FileOptions(Section):
    """Slips as files in a folder, for the demo and for looking at them."""

    directory: Word = "slips"
    """Where the slips go; made when it is missing."""
    columns: Columns = 42
    """Letters on a line."""
    profile: Word = "TM-T20II"
    """As of the `escpos` driver, for the printer's bytes beside the text."""
    code_page: str = "cp1251"
    """Likewise."""


class PrinterSection(DeviceSection):
    """The receipt printer."""

    driver: Literal["escpos", "file", "none"]
    """Which driver: `escpos`, `file`, or `none` for a station without a printer."""
    escpos: EscposOptions = EscposOptions()
    """Options of the `escpos` driver."""
    file: FileOptions = FileOptions()
    """Options of the `file` driver."""


class BarcodeRuleSection(Section):
    """Which barcodes are of one kind."""

    prefix: str = ""
    """How they begin."""
    lengths: tuple[Annotated[int, Field(ge=1, le=128)], ...] = ()
    """How many letters they may have, check digit and all: `[14]`; an empty list means any number."""
    check: CheckDigit = CheckDigit.NONE
    """The check digit at their end: `codabar` (mod 10, as libraries use it), `ean`, `code39` (mod 43) or `none`."""
    strip: bool = False
    """Whether the prefix is no part of the number itself."""

    def rule(self, meaning: Meaning) -> BarcodeRule:
        return BarcodeRule(meaning, self.prefix, self.lengths, self.check, self.strip)


class SerialScannerOptions(Section):
    """A barcode scanner on a serial port, real or of a USB plug ("USB-COM", CDC-ACM)."""

    port: Word = "/dev/littera-scanner"
    """The serial port; the udev rule gives it this name wherever it is plugged in."""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    """Speed of the line; a USB scanner takes any."""
    parity: Literal["N", "E", "O"] = "N"
    """Parity of the line: `N` none, `E` even, `O` odd."""
    prefix: str = ""
    """What the scanner sends before every text, beyond an AIM identifier."""
    suffix: str = ""
    """What it sends after every text, before the end of the line."""
    gap: Seconds = 0.15
    """Seconds of silence that end a scan where the scanner sends no end of line."""


class KeyboardScannerOptions(Section):
    """A USB barcode scanner that plays a keyboard; it is grabbed, so that nothing it types reaches the screen."""

    port: Word = "/dev/littera-scanner"
    """Its file in /dev/input; the udev rule gives it this name wherever it is plugged in."""
    prefix: str = ""
    """What the scanner types before every text, beyond an AIM identifier."""
    suffix: str = ""
    """What it types after every text, before Enter."""
    gap: Seconds = 0.15
    """Seconds of silence that end a scan where the scanner types no Enter."""


class BarcodeSection(DeviceSection):
    """The barcode scanner, and what printed barcodes mean here."""

    driver: Literal["serial", "keyboard", "none"] = "none"
    """Which driver: `serial`, `keyboard`, or `none` for a station without a scanner."""
    untagged: Untagged = Untagged.TO_STAFF
    """A copy of which the pad sees no tag: `serve` it (a branch in transition), or `to-staff`: staff lend it, and a
    returned one is handed to them."""
    cards: dict[Word, BarcodeRuleSection] = Field(default_factory=dict)
    """Which barcodes are printed cards of patrons: a table per kind, under a name of your own; none means no cards."""
    copies: dict[Word, BarcodeRuleSection] = Field(default_factory=dict)
    """Which are copies, likewise; none means every barcode that is no card and no publisher's ISBN."""
    serial: SerialScannerOptions = SerialScannerOptions()
    """Options of the `serial` driver."""
    keyboard: KeyboardScannerOptions = KeyboardScannerOptions()
    """Options of the `keyboard` driver."""

    def scheme(self) -> BarcodeScheme:
        """Make the rules in the order they are tried: cards first."""
        cards = (rule.rule(Meaning.CARD) for rule in self.cards.values())
        copies = (rule.rule(Meaning.COPY) for rule in self.copies.values())
        return BarcodeScheme((*cards, *copies))
