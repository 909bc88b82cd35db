"""Simulated ESC/POS printers: one on a pseudo-terminal, one on the network. The real driver prints on them, byte for
byte.

What they make of the bytes is `escpos_firmware`'s business; here are the cables and the plugs. They make no noise and
take no time.
"""

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.printers.escpos_firmware import EscposFirmware
from drivers.tag_pads.simulated_port import SimulatedPort

_IDLE = 0.2


class SimulatedPrinter(Protocol):
    """What can be done to a printer in the room: its knobs, its plug, its paper."""

    firmware: EscposFirmware

    @property
    def path(self) -> str:
        """The port for the driver to open. Raises: RuntimeError while it is unplugged."""
        ...

    def plug(self) -> None:
        """Plug it in; nothing when it is."""
        ...

    def unplug(self) -> None:
        """Pull the plug: the driver's side hangs up, what was buffered is lost. Nothing when it is out."""
        ...

    def refill(self) -> None:
        """Put in paper and close the cover: it goes on with what is buffered."""
        ...

    def announce(self) -> None:
        """Say unasked how it is, as printers with automatic status do."""
        ...


class SimulatedEscposPrinter:
    """A printer that is plugged in at once, at *link* or wherever `path` says."""

    def __init__(self, link: Path | None = None) -> None:
        self.firmware = EscposFirmware()
        self._link = link
        self._port: SimulatedPort | None = None
        self._thread: threading.Thread | None = None
        self.plug()

    @property
    def path(self) -> str:
        if self._port is None:
            raise RuntimeError("the simulated printer is unplugged")
        return str(self._link or self._port.path)

    def plug(self) -> None:
        if self._port is None:
            self._port = port = SimulatedPort(self._link)
            self._thread = threading.Thread(target=self._serve, args=(port,), name="simulated printer", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        if self._port is None or self._thread is None:
            return
        port, self._port = self._port, None
        port.wake()
        self._thread.join()
        port.close()
        self.firmware.switch_off()

    def refill(self) -> None:
        self._say(self.firmware.refill())

    def announce(self) -> None:
        self._say(self.firmware.automatic_status())

    def _say(self, answer: bytes) -> None:
        if self._port is not None:
            self._port.send(answer)

    def _serve(self, port: SimulatedPort) -> None:
        while self._port is port:
            with suppress(OSError):
                if answer := self.firmware.take(port.receive(_IDLE)):
                    port.send(answer)


class SimulatedNetworkPrinter:
    """A printer on a loopback socket. It listens to one connection at a time, as network printers do.

    `pull_cable` is not `unplug`: nothing hangs up, and nothing arrives any more, until the cable is put back.
    """

    def __init__(self, port: int = 0) -> None:
        self.firmware = EscposFirmware()
        self._number = port
        self._listener: socket.socket | None = None
        self._connected: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._cable = threading.Event()
        self._cable.set()
        self.plug()

    @property
    def path(self) -> str:
        if self._listener is None:
            raise RuntimeError("the simulated printer is unplugged")
        return f"tcp://127.0.0.1:{self._number}"

    def plug(self) -> None:
        if self._listener is None:
            self._listener = listener = socket.create_server(("127.0.0.1", self._number))
            self._number = listener.getsockname()[1]
            self._thread = threading.Thread(target=self._serve, args=(listener,), name="network printer", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        if self._listener is None or self._thread is None:
            return
        listener, self._listener = self._listener, None
        self._cable.set()
        self._thread.join()
        listener.close()
        self.firmware.switch_off()

    def pull_cable(self) -> None:
        """Let nothing through any more, in either direction; nobody is told."""
        self._cable.clear()

    def put_cable_back(self) -> None:
        """Let everything through again. What was sent meanwhile is lost, and so is the connection it was sent on."""
        with suppress(OSError):
            if self._connected is not None:
                while self._connected.recv(4096, socket.MSG_DONTWAIT):
                    pass
        self._cable.set()

    def refill(self) -> None:
        self._say(self.firmware.refill())

    def announce(self) -> None:
        self._say(self.firmware.automatic_status())

    def _say(self, answer: bytes) -> None:
        if self._connected is not None and self._cable.is_set():
            with suppress(OSError):
                self._connected.sendall(answer)

    def _serve(self, listener: socket.socket) -> None:
        while self._listener is listener:
            if self._cable.is_set() and select.select([listener], [], [], _IDLE / 4)[0]:
                connected, _ = listener.accept()
                with connected, suppress(OSError):
                    self._connected = connected
                    self._talk(listener, connected)
                self._connected = None
            else:
                self._cable.wait(_IDLE)

    def _talk(self, listener: socket.socket, connected: socket.socket) -> None:
        while self._listener is listener:
            if not self._cable.wait(_IDLE) or not select.select([connected], [], [], _IDLE / 4)[0]:
                continue
            chunk = connected.recv(4096)
            if not chunk:
                return
            if answer := self.firmware.take(chunk):
                connected.sendall(answer)
