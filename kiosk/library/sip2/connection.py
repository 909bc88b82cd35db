"""One socket to a library system: opened with or without TLS, written in one go, read message by message to a deadline.

Straight and blocking, used by one thread. Deadlines are readings of `time.monotonic`. Whatever goes wrong is NoAnswer;
the socket is closed then, because what still comes out of it could be taken for the answer to something else.
"""

import queue
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from kiosk.library.sip2.framing import MessageSplitter, TooLong

Heard = Callable[[bytes], None]


class NoAnswer(Exception):
    """The system did not answer, or not in SIP2. The words say how, without names and numbers."""


class TooSlow(NoAnswer):
    """The line is open and nothing came in time: the system may be busy with the request."""


class Unreachable(NoAnswer):
    """No line to the system can be had at all."""


class NotSent(NoAnswer):
    """The line was gone before the request was written: nobody has seen it."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Encryption: whom to trust (None for the usual CAs) and, where the server asks, who the station is."""

    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    server_name: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a system listens."""

    host: str
    port: int
    tls: Tls | None = None


class Connection:
    """A line to a library system. Every method raises NoAnswer once the line is of no use, and closes it."""

    def __init__(self, line: socket.socket, terminator: bytes = b"\r", heard: Heard | None = None) -> None:
        self._line = line
        self._heard = heard
        self._splitter = MessageSplitter(terminator)
        self._whole: deque[bytes] = deque()

    @classmethod
    def open(cls, endpoint: Endpoint, terminator: bytes, deadline: float, heard: Heard | None = None) -> Self:
        """Connect, and agree on encryption; *heard* is told of every byte that comes.

        A failed try leaves nothing open. Raises: Unreachable.
        """
        line = _connected(endpoint, deadline)
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if endpoint.tls is not None:
                line.settimeout(_left(deadline))
                line = _encrypted(line, endpoint.host, endpoint.tls)
        except OSError as err:
            line.close()
            raise Unreachable(_tls_words(err)) from err
        return cls(line, terminator, heard)

    def send(self, raw: bytes, deadline: float) -> None:
        """Write a message in one go."""
        try:
            self._line.settimeout(_left(deadline))
            self._line.sendall(raw)
        except OSError as err:
            self._fail("it broke the connection off", err)

    def receive(self, deadline: float) -> bytes:
        """Give the next message, without its terminator."""
        while not self._whole:
            self._read(deadline)
        return self._whole.popleft()

    def prompt(self, words: tuple[bytes, ...], deadline: float) -> bytes:
        """Read until one of *words* (small letters) is in what has come, or a whole line has; give all of it."""
        while not self._whole and not any(word in self._splitter.rest.lower() for word in words):
            self._read(deadline)
        seen = b"\r".join((*self._whole, self._splitter.rest))
        self._whole.clear()
        self._splitter.clear()
        return seen

    def greeting(self, seconds: float) -> bytes:
        """Give what comes within *seconds* without a question, b"" when nothing does; the line stays as it is."""
        self._line.settimeout(seconds)
        with suppress(TimeoutError, ssl.SSLWantReadError):
            self._take(self._line.recv(65536))
        return self._splitter.rest

    def drain(self) -> int:
        """Throw away what nobody asked for and say how many messages it was. Raises: NotSent - the line has ended."""
        try:
            self._line.settimeout(0)
            while self._take(self._line.recv(65536)):
                pass
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        except (OSError, TooLong) as err:
            self.close()
            raise NotSent("it had closed the connection") from err
        else:
            self.close()
            raise NotSent("it had closed the connection")
        thrown, self._whole = len(self._whole), deque()
        self._splitter.clear()
        return thrown

    def close(self) -> None:
        """Let go. Never raises; may be called twice."""
        self._line.close()

    def _read(self, deadline: float) -> None:
        try:
            self._line.settimeout(_left(deadline))
            more = self._take(self._line.recv(65536))
        except TimeoutError as err:
            self.close()
            raise TooSlow("it did not answer in time") from err
        except TooLong as err:
            self._fail("what it sends is not SIP2", err)
        except OSError as err:
            self._fail("it broke the connection off", err)
        else:
            if not more:
                self._fail("it closed the connection", None)

    def _take(self, chunk: bytes) -> bool:
        if chunk and self._heard is not None:
            self._heard(chunk)
        self._whole.extend(self._splitter.feed(chunk))
        return bool(chunk)

    def _fail(self, words: str, err: Exception | None) -> None:
        self.close()
        raise NoAnswer(words) from err


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connected(endpoint: Endpoint, deadline: float) -> socket.socket:
    trouble: Exception | None = None
    for family, kind, protocol, _, address in _resolved(endpoint, deadline):
        line: socket.socket | None = None
        try:
            line = socket.socket(family, kind, protocol)  # a computer may have no IPv6
            line.settimeout(_left(deadline))
            line.connect(address)
        except OSError as err:
            if line is not None:
                line.close()
            trouble = err
        else:
            return line
    words = "nobody listens there" if isinstance(trouble, ConnectionRefusedError) else "it cannot be reached"
    raise Unreachable(f"{endpoint.host}:{endpoint.port}: {words}") from trouble


_Addresses = Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]]


def _resolved(endpoint: Endpoint, deadline: float) -> _Addresses:
    """Look the name up, for no longer than there is time: the system's resolver has a patience of its own."""
    answers: queue.Queue[_Addresses | Exception] = queue.Queue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as err:
            answers.put(err)

    threading.Thread(target=look_up, name="name of the library system", daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty as err:
        raise Unreachable(f"the name {endpoint.host} is not found in time") from err
    if isinstance(found, Exception):
        raise Unreachable(f"the name {endpoint.host} is not known") from found
    return found


def _encrypted(line: socket.socket, host: str, tls: Tls) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=tls.ca_file)
    if tls.certificate_file is not None:
        context.load_cert_chain(tls.certificate_file, tls.key_file, password="")  # never asks at a terminal
    return context.wrap_socket(line, server_hostname=tls.server_name or host)


def _tls_words(err: OSError) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {err.verify_message}"
    if isinstance(err, FileNotFoundError):
        return f"a file of library.sip2.tls is missing: {err.filename}"
    if isinstance(err, TimeoutError):
        return "it did not agree on encryption in time"
    return "no encrypted connection can be made with it"
