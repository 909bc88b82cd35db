"""A simulated printer on a pseudo-terminal or on the network, and a slip with every Ukrainian letter that differs."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from drivers.printers.escpos_firmware import EscposFirmware
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from kiosk.devices import LineStyle, Slip, SlipLine


@pytest.fixture
def simulated() -> Iterator[SimulatedEscposPrinter]:
    printer = SimulatedEscposPrinter()
    yield printer
    printer.unplug()


class NetworkPrinter:
    """A printer on a loopback socket: answers one driver at a time, as network printers do."""

    def __init__(self) -> None:
        self.firmware = EscposFirmware()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        self._leaving.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._leaving.is_set():
            if select.select([self._listener], [], [], 0.05)[0]:
                connected, _ = self._listener.accept()
                with connected, suppress(ConnectionError):
                    self._talk(connected)

    def _talk(self, connected: socket.socket) -> None:
        while not self._leaving.is_set():
            if select.select([connected], [], [], 0.05)[0]:
                chunk = connected.recv(4096)
                if not chunk:
                    return
                connected.sendall(self.firmware.take(chunk))


@pytest.fixture
def networked() -> Iterator[NetworkPrinter]:
    printer = NetworkPrinter()
    yield printer
    printer.unplug()


@pytest.fixture
def slip() -> Slip:
    return Slip(
        (
            SlipLine("ЛітТера", LineStyle.LARGE, centred=True),
            SlipLine("Видано: 2 прим.", LineStyle.STRONG),
            SlipLine("Їжак і ґедзь: єдність п’яти"),
            SlipLine("повернути до 30.03.2026", LineStyle.QUIET),
        ),
        title="C1-000123",
    )
