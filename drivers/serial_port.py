"""A serial port as the drivers use it: send, receive what is there, drain, close. Frames are the drivers'
business.

Whatever goes wrong with the port is `DeviceLost`: a cable pulled out raises OSError, SerialException or
termios.error (which is no OSError) depending on the moment.
"""

import logging
import os
import select
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import serial

from kiosk.devices import DeviceLost

log = logging.getLogger(__name__)

PARITIES: Final = MappingProxyType({"N": serial.PARITY_NONE, "E": serial.PARITY_EVEN, "O": serial.PARITY_ODD})
_PSEUDO_TERMINALS = range(136, 144)  # major device numbers of Linux; Documentation/admin-guide/devices.txt
_SEND_WITHIN = 2.0


def is_pseudo_terminal(path: str) -> bool:
    """Say whether a simulated device sits behind *path*, not a wire."""
    return os.major(Path(path).stat().st_rdev) in _PSEUDO_TERMINALS


class SerialPort:
    """An open port, ours alone, 8 data bits and 1 stop bit. Raises: DeviceLost, from every method but `close`."""

    def __init__(self, path: str, baud: int, parity: str = "N") -> None:
        self.path = path
        self.baud = baud
        with self._turning_errors("open"):
            self._serial = self._open(parity)

    def send(self, frame: bytes) -> None:
        with self._turning_errors("write to"):
            self._serial.write(frame)

    def receive(self, timeout: float) -> bytes:
        """Return what has arrived, as soon as anything has; nothing after *timeout* seconds."""
        with self._turning_errors("read from"):
            descriptor = self._serial.fileno()
            ready, _, _ = select.select([descriptor], [], [], max(0.0, timeout))
            if not ready:
                return b""
            if chunk := os.read(descriptor, 4096):
                return chunk
        raise DeviceLost(f"{self.path} hung up: check the cable and the device's power")

    def drain(self) -> bytes:
        """Throw away what has arrived; return it for the log."""
        drained = b""
        while chunk := self.receive(0.0):
            drained += chunk
        return drained

    def close(self) -> None:
        """Let go of the port. Never raises; may be called twice."""
        try:
            self._serial.close()
        except (OSError, termios.error):
            log.debug("%s was gone before it was closed", self.path)

    def _open(self, parity: str) -> serial.Serial:
        try:
            return self._open_with(PARITIES[parity])
        except (OSError, termios.error):
            if parity == "N" or not is_pseudo_terminal(self.path):
                raise
        log.info("%s is a pseudo-terminal and knows no parity: opened without", self.path)
        return self._open_with(PARITIES["N"])

    def _open_with(self, parity: str) -> serial.Serial:
        return serial.Serial(self.path, self.baud, parity=parity, timeout=0, write_timeout=_SEND_WITHIN, exclusive=True)

    @contextmanager
    def _turning_errors(self, attempt: str) -> Iterator[None]:
        try:
            yield
        except (OSError, termios.error, ValueError) as err:  # ValueError: a baud rate the port cannot do
            raise DeviceLost(f"cannot {attempt} {self.path}: {err}; check the cable and `port`") from err
