"""A USB barcode scanner that plays a keyboard, taken over so that nothing it types reaches a page.

It is read from its own file in /dev/input and grabbed (EVIOCGRAB): while this driver holds it, no other program gets
its keys, the browser included. Driver `keyboard`; docs/devices/barcode.md.
"""

import fcntl
import os
import select
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from drivers.barcode_scanners.key_events import KeyDecoder
from drivers.barcode_scanners.scan_text import Patience, ScanSplitter, Trim
from kiosk.devices import DeviceFacts, DeviceLost, Scan

_EVIOCGRAB: Final = 0x40044590  # _IOW('E', 0x90, int); Linux, include/uapi/linux/input.h
_NAME_LENGTH: Final = 256
_EVIOCGNAME: Final = 0x80000000 | _NAME_LENGTH << 16 | ord("E") << 8 | 0x06  # _IOC(_IOC_READ, 'E', 0x06, length)


@dataclass(frozen=True, slots=True)
class KeyboardScannerSettings:
    """Options of the driver.

    port      `/dev/littera-scanner`, `/dev/input/by-id/usb-...-event-kbd`
    prefix    what the scanner is set up to type before every text, beyond an AIM identifier
    suffix    and after it, before Enter
    gap       seconds of silence that end a scan where the scanner types no Enter
    """

    port: str
    prefix: str = ""
    suffix: str = ""
    gap: float = 0.15


class KeyboardScanner:
    """A scanner in /dev/input, this program's alone. Raises: DeviceLost."""

    def __init__(self, settings: KeyboardScannerSettings) -> None:
        self._settings = settings
        splitter = ScanSplitter(Trim(settings.prefix, settings.suffix), settings.port)
        self._patience = Patience(splitter, settings.gap)
        self._keys = KeyDecoder()
        try:
            self._descriptor: int | None = os.open(settings.port, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as err:
            raise DeviceLost(f"cannot open scanner {settings.port}: {err.strerror}; {_remedy(err)}") from err
        try:
            self._grab()
        except BaseException:
            self.close()
            raise

    def facts(self) -> DeviceFacts:
        name = bytearray(_NAME_LENGTH)
        with suppress(OSError):
            fcntl.ioctl(self._held(), _EVIOCGNAME, name)
        told = name.split(b"\0", 1)[0].decode("utf-8", errors="replace")
        return DeviceFacts(told or "barcode scanner", "", self._settings.port)

    def wait(self, timeout: float) -> Scan | None:
        """Wait up to *timeout* seconds for the next scan. Raises: DeviceLost - it was unplugged."""
        return self._patience.next_scan(self._receive, timeout)

    def close(self) -> None:
        """Let go: the keys go to whoever is there again. Never raises; may be called twice."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _grab(self) -> None:
        """Keep the keys from everybody else. A pipe, which a simulated scanner writes to, types nowhere anyway."""
        if stat.S_ISFIFO(os.fstat(self._held()).st_mode):
            return
        try:
            fcntl.ioctl(self._held(), _EVIOCGRAB, 1)
        except OSError as err:
            raise DeviceLost(
                f"scanner {self._settings.port} cannot be kept from typing into the screen ({err.strerror}): "
                "is it a device of /dev/input, and does no other program hold it?"
            ) from err

    def _receive(self, timeout: float) -> bytes:
        try:
            ready, _, _ = select.select([self._held()], [], [], timeout)
            if not ready:
                return b""
            if chunk := os.read(self._held(), 4096):
                return self._keys.feed(chunk)
        except BlockingIOError:
            return b""
        except OSError as err:
            raise DeviceLost(f"scanner {self._settings.port}: {err.strerror}; check its cable") from err
        raise DeviceLost(f"scanner {self._settings.port} hung up: check its cable")

    def _held(self) -> int:
        if self._descriptor is None:
            raise DeviceLost(f"scanner {self._settings.port} has been closed; open it again")
        return self._descriptor


def _remedy(err: OSError) -> str:
    if isinstance(err, PermissionError):
        return "add this account to the group of the device (`ls -lL` names it; usually input)"
    return "is it plugged in? `kiosk devices list` shows what there is"
