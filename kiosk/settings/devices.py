"""The device sections: which driver serves each device, and the options of every driver there is.

A section names its driver and keeps one table of options per driver, so that a demo that puts another driver
in does not inherit options that driver has never heard of. Nothing here opens a device.
"""

from typing import Annotated, Literal

from pydantic import Field

from kiosk.settings.sections import Seconds, Section, Word

Baud = Literal[4800, 9600, 19200, 38400, 57600, 115200]


class DeviceSection(Section):
    """A device and its driver."""

    driver: str

    @property
    def options(self) -> dict[str, object]:
        """Hand out the options of the driver that is chosen, as its constructor's keywords."""
        table = getattr(self, self.driver.replace("-", "_"), None)
        return table.model_dump() if isinstance(table, Section) else {}


class FeigOptions(Section):
    """A FEIG OBID pad on a serial port."""

    port: Word = "/dev/littera-pad"
    """The serial port; the udev rule gives it this name wherever it is plugged in."""
    baud: Baud = 38400
    """Speed of the line; 38400 is what these pads leave the factory with."""
    parity: Literal["even", "none", "odd"] = "even"
    """Parity of the line; "even" is the factory's. A simulated pad needs "none"."""
    timeout_s: Seconds = 1.0
    """How long an answer may take, in seconds, before the pad counts as lost."""


class SimulatedPadOptions(Section):
    """A FEIG pad made of software, for the demo and the tests."""

    seed: int = 1
    """Start of its random numbers, so that a story can be told again."""


class PadSection(DeviceSection):
    """The RFID pad books lie on."""

    driver: Literal["feig", "simulated"]
    """Which driver: `feig` or `simulated`."""
    feig: FeigOptions = FeigOptions()
    """Options of the `feig` driver."""
    simulated: SimulatedPadOptions = SimulatedPadOptions()
    """Options of the `simulated` driver."""


class PcscOptions(Section):
    """Card readers behind the PC/SC service."""

    slots: Annotated[tuple[Word, ...], Field(min_length=1)] = ("ACS ACR1252",)
    """Beginnings of the names of the card readers to watch, as `pcsc_scan` lists them."""
    ignore: tuple[Word, ...] = ("SAM",)
    """Card readers whose name holds one of these words are left alone."""
    schemes: Annotated[tuple[Word, ...], Field(min_length=1)] = ("number-file", "uid")
    """What is read of a card, in the order it is tried."""
    socket: str = ""
    """Socket of the PC/SC service; empty for the system's own."""
    silence_s: Seconds = 10.0
    """How long the PC/SC service may be silent, in seconds, before it counts as lost."""


class CardReaderSection(DeviceSection):
    """The card reader patrons tap their e-card on."""

    driver: Literal["pcsc", "simulated"]
    """Which driver: `pcsc` or `simulated`."""
    pcsc: PcscOptions = PcscOptions()
    """Options of the `pcsc` driver."""


class EscposOptions(Section):
    """An ESC/POS receipt printer, by USB device file or over the network."""

    device: str = "/dev/littera-printer"
    """The device file; the udev rule gives it this name. Ignored when `host` is set."""
    host: str = ""
    """Address of a network printer; empty for the device file."""
    port: Annotated[int, Field(ge=1, le=65535)] = 9100
    """Port of a network printer."""
    columns: Annotated[int, Field(ge=24, le=64)] = 42
    """Letters in a line: 42 or 48 on 80 mm paper, 32 on 58 mm."""
    letters: Literal["raster", "cp866", "cp1251"] = "raster"
    """How Ukrainian letters get on the paper: drawn (`raster`), or by a code page of the printer."""
    timeout_s: Seconds = 3.0
    """How long an answer may take, in seconds, before the printer counts as lost."""


class FileOptions(Section):
    """Slips as text files, for the demo and for looking at them."""

    folder: Word = "slips"
    """Folder the slips are written to."""
    columns: Annotated[int, Field(ge=24, le=64)] = 42
    """Letters in a line."""


class PrinterSection(DeviceSection):
    """The receipt printer."""

    driver: Literal["escpos", "file", "none"]
    """Which driver: `escpos`, `file`, or `none` for a station without a printer."""
    escpos: EscposOptions = EscposOptions()
    """Options of the `escpos` driver."""
    file: FileOptions = FileOptions()
    """Options of the `file` driver."""
