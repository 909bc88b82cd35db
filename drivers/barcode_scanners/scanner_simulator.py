"""Simulated barcode scanners: one on a pseudo-terminal, one that plays a keyboard through a pipe. The real drivers
read them, byte for byte.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.barcode_scanners.key_events import EV_SYN, EVENT, SYN_DROPPED, keys_for
from drivers.tag_pads.simulated_port import SimulatedPort


class SimulatedScanner(Protocol):
    """What can be done with a scanner in the hand: scan, pull the plug, put it back."""

    @property
    def path(self) -> str:
        """The port for the driver to open. Raises: RuntimeError while it is unplugged."""
        ...

    def scan(self, text: str) -> None:
        """Scan a barcode. Nothing happens while it is unplugged."""
        ...

    def plug(self) -> None: ...

    def unplug(self) -> None: ...


class SimulatedSerialScanner:
    """A scanner on a pseudo-terminal. *end* is what it is set up to send after every text."""

    def __init__(self, link: Path | None = None, end: bytes = b"\r", chunk: int = 0) -> None:
        self.end = end
        self.chunk = chunk
        self._link = link
        self._port: SimulatedPort | None = None
        self.plug()

    @property
    def path(self) -> str:
        if self._port is None:
            raise RuntimeError("the simulated scanner is unplugged")
        return str(self._link or self._port.path)

    def scan(self, text: str) -> None:
        self.send(text.encode("utf-8") + self.end)

    def send(self, raw: bytes) -> None:
        """Send bytes as they are: noise, halves."""
        if self._port is not None:
            self._port.send(raw, chunk=self.chunk)

    def plug(self) -> None:
        if self._port is None:
            self._port = SimulatedPort(self._link)

    def unplug(self) -> None:
        if self._port is not None:
            port, self._port = self._port, None
            port.close()


class SimulatedKeyboardScanner:
    """A scanner that types, into a pipe. *end* is what it types after every text."""

    def __init__(self, link: Path | None = None, end: str = "\r") -> None:
        self.end = end
        self._link = link
        self._pipe = Path()
        self._descriptor: int | None = None
        self.plug()

    @property
    def path(self) -> str:
        if self._descriptor is None:
            raise RuntimeError("the simulated scanner is unplugged")
        return str(self._pipe)

    def scan(self, text: str) -> None:
        self.send(keys_for(text + self.end))

    def lose_events(self) -> None:
        """The kernel's queue ran over: what was typed meanwhile is lost."""
        self.send(EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0))

    def send(self, raw: bytes) -> None:
        if self._descriptor is not None:
            with suppress(BlockingIOError):  # nobody listens and the pipe is full: lost, as on a cable
                os.write(self._descriptor, raw)

    def plug(self) -> None:
        if self._descriptor is None:
            self._pipe = self._link or Path(tempfile.mkdtemp(prefix="scanner-")) / "event0"
            self._pipe.unlink(missing_ok=True)
            os.mkfifo(self._pipe, 0o600)
            self._descriptor = os.open(self._pipe, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)
            self._pipe.unlink(missing_ok=True)
            if self._link is None:
                self._pipe.parent.rmdir()
