"""A self-check terminal of the simplest kind: it writes bytes and reads to CR, and believes nothing."""

import socket
import ssl
from datetime import datetime
from types import TracebackType
from typing import Self

from kiosk.library.sip2.checksums import checksum_of
from kiosk.library.sip2.codec import Dialect, Received, decode
from kiosk.sip2_simulator.manner import manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.koha_shelf import koha_shelf

NOW = "20261123    120000"
UUID = "e0ab2d2f-0b9e-4d65-9c0b-2f5ad9f2f4a1"


def noon() -> datetime:
    return datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001


def running(name: str = "standard", **more: object) -> SimulatedSystem:
    """The library of the transcript with another manner, on a free port."""
    return SimulatedSystem(koha_shelf(), manner(name), clock=noon, **more)


def numbered(body: str, sequence: int) -> bytes:
    raw = f"{body}AY{sequence}AZ".encode()
    return raw + checksum_of(raw).encode() + b"\r"


def checkout(item: str, card: str = "P0002", *, policy: str = "N", more: str = "") -> str:
    return f"11{policy}N{NOW}{NOW}AOCPL|AA{card}|AB{item}|AC|AD2222|{more}"


def checkin(item: str, *, at: str = "CPL", more: str = "") -> str:
    return f"09N{NOW}{NOW}AP{at}|AOCPL|AB{item}|AC|{more}"


def information(card: str = "P0002", pin: str = "2222", summary: str = "  Y       ") -> str:
    return f"63000{NOW}{summary}AOCPL|AA{card}|AD{pin}|AC|"


class Terminal:
    """One connection. Every message it says is numbered, unless *numbering* is off."""

    def __init__(self, system: SimulatedSystem, *, numbering: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", system.port), timeout=5)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.numbering = numbering
        self.sequence = 0
        self.rest = b""
        self.dialect = Dialect()

    def say(self, body: str) -> None:
        if self.numbering:
            self.socket.sendall(numbered(body, self.sequence))
            self.sequence = (self.sequence + 1) % 10
        else:
            self.socket.sendall(body.encode() + b"\r")

    def line(self) -> bytes:
        """The next line, without CR and LF. Raises: ConnectionError when the other side has gone."""
        while b"\r" not in self.rest:
            chunk = self.socket.recv(4096)
            if not chunk:
                raise ConnectionError(self.rest)
            self.rest += chunk
        line, _, self.rest = self.rest.partition(b"\r")
        return line.strip(b"\n")

    def ask(self, body: str) -> Received:
        self.say(body)
        return decode(self.line(), self.dialect)

    def silent(self, seconds: float = 0.1) -> bool:
        """Whether no line comes for a while."""
        self.socket.settimeout(seconds)
        try:
            while b"\r" not in self.rest:
                self.rest += self.socket.recv(4096)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(5)
        return False

    def log_in(self, user: str = "kiosk", password: str = "secret") -> Self:
        assert self.ask(f"9300CN{user}|CO{password}|CP{UUID}|").message["ok"] == "1"
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
