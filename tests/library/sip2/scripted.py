"""A server on a real socket that says what a test wrote down, in pieces or not, and closes when it is told to.

A script is a list of answers, one per request, for each connection in turn. An answer is bytes; CLOSE ends the
connection, SILENT says nothing, a tuple is sent piece by piece, a function makes the answer of the request's bytes.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.library.sip2.connection import Endpoint, Tls
from kiosk.library.sip2.profile import Profile, load_profile
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from kiosk.library.sip2.system import Sip2System

CLOSE, SILENT = b"<close>", b"<silent>"
SIGNED_IN = b"941\r"
STATUS = b"98YYYYNN10000520261123    0315022.00AOCPL|BXYYYYYYYYYYYNYYYY|\r"
BEGIN = (SIGNED_IN, STATUS)
KYIV = ZoneInfo("Europe/Kyiv")
HERE = Names("CPL", "CPL")
KIOSK = Login("kiosk1", "kioskpw", "KIOSK-1")
NOW = datetime(2026, 11, 23, 3, 15, 38, tzinfo=KYIV)

STATIONS: list[Sip2System] = []
"""What a test has made and `conftest.py` closes."""

Answer = bytes | tuple[bytes, ...] | Callable[[bytes], bytes]


@dataclass
class ScriptedServer:
    scripts: list[tuple[Answer, ...]]
    context: ssl.SSLContext | None = None
    greeting: bytes = b""
    heard: list[bytes] = field(default_factory=list)
    """Every request of every connection."""
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._open: list[socket.socket] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with_shutdown(self._listener)
        self.hang_up()
        self._thread.join(5)
        self.hang_up()  # a connection that was taken in the meantime

    def hang_up(self) -> None:
        """Close every connection there is."""
        for line in self._open:
            with_shutdown(line)

    def _serve(self) -> None:
        for script in self.scripts:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            try:
                if self.context is not None:
                    line = self.context.wrap_socket(line, server_side=True)
                    self._open.append(line)
                self._talk(line, script)
            except OSError:
                continue

    def _talk(self, line: socket.socket, script: tuple[Answer, ...]) -> None:
        if self.greeting:
            line.sendall(self.greeting)
        rest = b""
        for answer in script:
            while b"\r" not in rest:
                chunk = line.recv(4096)
                if not chunk:
                    return
                rest += chunk
            request, _, rest = rest.partition(b"\r")
            self.heard.append(request)
            if answer == CLOSE:
                with_shutdown(line)
                return
            if answer == SILENT:
                continue
            for piece in answer if isinstance(answer, tuple) else (answer,):
                line.sendall(piece(request) if callable(piece) else piece)
        while line.recv(4096):
            pass


def with_shutdown(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        line.close()


@contextmanager
def server(*scripts: tuple[Answer, ...], greeting: bytes = b"") -> Iterator[ScriptedServer]:
    one = ScriptedServer(list(scripts), greeting=greeting)
    one.start()
    try:
        yield one
    finally:
        one.stop()


def manner(name: str = "generic", **overrides: object) -> Profile:
    """A profile, unless said otherwise without numbers."""
    return load_profile(name, {"error_detection": "off", "answer_s": 3.0, "connect_s": 3.0, **overrides})


def system_at(
    port: int,
    profile: Profile,
    tls: Tls | None = None,
    names: Names = HERE,
    host: str = "127.0.0.1",
    login: Login = KIOSK,
) -> Sip2System:
    STATIONS.append(Sip2System.at(Endpoint(host, port, tls), profile, login, names, lambda: NOW))
    return STATIONS[-1]
