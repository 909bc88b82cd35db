"""The way to a printer: a device file, a serial port or a network socket, all with the same four methods.

Bytes only; what they mean is `escpos`' business. Nothing here waits for ever: a printer that takes nothing for
`SEND_WITHIN` seconds is lost, whether its cable is out or its paper.
"""

import os
import select
import socket
import stat
from pathlib import Path
from typing import Final, Protocol, Self

from drivers import wire_taps
from drivers.serial_port import SerialPort
from kiosk.devices import DeviceLost

SEND_WITHIN: Final = 1.5
_NETWORK: Final = "tcp://"
_RAW_PRINTING_PORT: Final = 9100  # HP JetDirect; every network receipt printer listens there


class PrinterLine(Protocol):
    """An open way to a printer. Raises: DeviceLost, from every method but `close`."""

    def send(self, frame: bytes) -> None: ...

    def receive(self, timeout: float) -> bytes:
        """Return what has arrived, as soon as anything has; nothing after *timeout* seconds."""
        ...

    def close(self) -> None: ...


def open_line(port: str, baud: int) -> PrinterLine:
    """Open `/dev/usb/lp0`, `/dev/ttyUSB0` or `tcp://192.168.1.50:9100`. *baud* counts for serial ports only.

    A path is opened, never created: a printer that is switched off must not become a file in /dev.
    Raises: DeviceLost.
    """
    if port.startswith(_NETWORK):
        return SocketLine.to(port.removeprefix(_NETWORK))
    if is_terminal(port):
        return SerialPort(port, baud)
    return FileLine(port)


class FileLine:
    """A device file of the printer driver of the system, or a plain file, which never answers."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_APPEND)
        except OSError as err:
            raise DeviceLost(f"cannot open printer {path}: {err.strerror}; {_remedy(err)}") from err
        self.answers = not stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def send(self, frame: bytes) -> None:
        try:
            _write_all(self.path, self._held(), frame)
        except OSError as err:
            raise DeviceLost(f"cannot write to printer {self.path}: {err.strerror}") from err

    def receive(self, timeout: float) -> bytes:
        """Return what has arrived. Printers send empty packets now and then: no end of anything."""
        if not self.answers:
            return b""
        try:
            ready, _, _ = select.select([self._held()], [], [], max(0.0, timeout))
            return os.read(self._held(), 4096) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as err:
            raise DeviceLost(f"cannot read from printer {self.path}: {err.strerror}") from err

    def close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _held(self) -> int:
        if self._descriptor is None:
            raise DeviceLost(f"printer {self.path} has been closed; open it again")
        return self._descriptor


class SocketLine:
    """A raw printing socket."""

    def __init__(self, connected: socket.socket, name: str) -> None:
        self.path = name
        self._socket = connected
        self._socket.setblocking(False)

    @classmethod
    def to(cls, address: str) -> Self:
        """Connect to `host` or `host:port`. Raises: DeviceLost; ValueError for a port that is no number."""
        host, _, port = address.partition(":")
        try:
            connected = socket.create_connection((host, int(port or _RAW_PRINTING_PORT)), timeout=SEND_WITHIN)
        except OSError as err:
            raise DeviceLost(f"printer {address} does not answer ({err}); check its power and network") from err
        return cls(connected, f"{_NETWORK}{address}")

    def send(self, frame: bytes) -> None:
        try:
            _write_all(self.path, self._socket.fileno(), frame)
        except (OSError, ValueError) as err:
            raise DeviceLost(f"cannot write to printer {self.path}: {err}") from err

    def receive(self, timeout: float) -> bytes:
        try:
            ready, _, _ = select.select([self._socket], [], [], max(0.0, timeout))
            if not ready:
                return b""
            if heard := self._socket.recv(4096):
                return heard
        except (OSError, ValueError) as err:
            raise DeviceLost(f"cannot read from printer {self.path}: {err}") from err
        raise DeviceLost(f"printer {self.path} hung up")

    def close(self) -> None:
        self._socket.close()


def _write_all(name: str, descriptor: int, frame: bytes) -> None:
    wire_taps.hear(name, frame, outgoing=True)
    rest = memoryview(frame)
    while rest:
        _, writable, _ = select.select([], [descriptor], [], SEND_WITHIN)
        if not writable:
            raise DeviceLost(f"printer {name} took nothing for {SEND_WITHIN:g} s: paper, cover or cable")
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:  # it changed its mind: select again
            continue


def is_terminal(path: str) -> bool:
    """Say whether a serial port sits behind *path*, without touching its modem lines for anything else."""
    try:
        if not stat.S_ISCHR(Path(path).stat().st_mode):
            return False
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return False  # opening it properly will say what is wrong
    try:
        return os.isatty(descriptor)
    finally:
        os.close(descriptor)


def _remedy(err: OSError) -> str:
    if isinstance(err, PermissionError):
        return "add this account to the group of the device (`ls -l` names it; usually lp)"
    return "is it switched on and plugged in? `kiosk devices list` shows what there is"
