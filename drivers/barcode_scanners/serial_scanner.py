"""A barcode scanner on a serial port: RS-232, or USB as a virtual one (CDC-ACM, "USB-COM" in its manual).

It speaks when something is scanned and at no other time, so nothing can be asked of it: a port that opens is all
that is known until then. Driver `serial`; docs/devices/barcode.md says how scanners are set up.
"""

from dataclasses import dataclass

from drivers.barcode_scanners.scan_text import Patience, ScanSplitter, Trim
from drivers.serial_port import SerialPort
from kiosk.devices import DeviceFacts, Scan


@dataclass(frozen=True, slots=True)
class SerialScannerSettings:
    """Options of the driver.

    port      `/dev/ttyACM0`, `/dev/littera-scanner`
    baud      of the line; USB scanners take any
    parity    `N`, `E` or `O`
    prefix    what the scanner is set up to send before every text, beyond an AIM identifier
    suffix    and after it, before CR or LF
    gap       seconds of silence that end a scan where the scanner sends no end of line
    """

    port: str
    baud: int = 9600
    parity: str = "N"
    prefix: str = ""
    suffix: str = ""
    gap: float = 0.15


class SerialScanner:
    """A scanner on a serial port. Raises: DeviceLost."""

    def __init__(self, settings: SerialScannerSettings) -> None:
        self._settings = settings
        splitter = ScanSplitter(Trim(settings.prefix, settings.suffix), settings.port)
        self._patience = Patience(splitter, settings.gap)
        self._port = SerialPort(settings.port, settings.baud, settings.parity)

    def facts(self) -> DeviceFacts:
        return DeviceFacts("barcode scanner", "", self._settings.port)

    def wait(self, timeout: float) -> Scan | None:
        """Wait up to *timeout* seconds for the next scan. Raises: DeviceLost - the port hung up."""
        return self._patience.next_scan(self._port.receive, timeout)

    def close(self) -> None:
        """Let go of the port. Never raises; may be called twice."""
        self._port.close()
