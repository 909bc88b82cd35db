"""A line as bad as the seed wants it: it cuts, stalls, loses answers, and sends old requests once more, later.

A TCP proxy between a station and the centre. With `quiet()` it carries everything faithfully.
"""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BUFFER = 65536


class BadWire:
    """Carries bytes to *port* on this computer. Every connection draws its own fate."""

    def __init__(self, port: int, seed: int) -> None:
        self.target = port
        self.fates: dict[str, int] = {}
        self._chance = random.Random(seed)
        self._faulty = True
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._welcome, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def quiet(self) -> None:
        self._faulty = False

    def close(self) -> None:
        self._door.close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _welcome(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            fate = self._draw()
            self.fates[fate] = self.fates.get(fate, 0) + 1
            threading.Thread(target=self._carry, args=(near, fate, self._chance.random()), daemon=True).start()

    def _draw(self) -> str:
        if not self._faulty:
            return "faithful"
        fates = ("faithful", "refuse", "lose request", "lose answer", "cut answer", "stall", "echo")
        return self._chance.choices(fates, weights=(40, 8, 10, 16, 12, 6, 8))[0]

    def _carry(self, near: socket.socket, fate: str, luck: float) -> None:
        """One connection: one request and its answer, with whatever its fate does to them."""
        try:
            with near:
                self._open.add(near)
                if fate == "refuse":
                    return
                with socket.create_connection(("127.0.0.1", self.target), timeout=10) as far:
                    self._exchange(near, far, fate, luck)
        except OSError:
            pass
        finally:
            self._open.discard(near)

    def _exchange(self, near: socket.socket, far: socket.socket, fate: str, luck: float) -> None:
        requests = 0
        while True:
            asked = _message(near)
            if not asked:
                return
            requests += 1
            struck = fate != "faithful" and luck * 3 < requests  # some fates strike a later request
            if struck and fate == "lose request":
                far.sendall(asked[: int(len(asked) * luck)])
                return
            if struck and fate == "stall":
                time.sleep(0.05)
            far.sendall(asked)
            answer = _message(far)
            if not answer or (struck and fate == "lose answer"):
                return
            if struck and fate == "cut answer":
                near.sendall(answer[: int(len(answer) * luck)])
                return
            near.sendall(answer)
            if struck and fate == "echo":
                threading.Timer(0.02, self._once_more, (asked,)).start()

    def _once_more(self, asked: bytes) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.target), timeout=10) as far:
            far.sendall(asked)
            far.recv(BUFFER)


def _message(source: socket.socket) -> bytes:
    """Read one HTTP message by its Content-Length; b"" when the other side hung up."""
    said = b""
    while b"\r\n\r\n" not in said:
        more = source.recv(BUFFER)
        if not more:
            return b""
        said += more
    head, _, body = said.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = source.recv(BUFFER)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def bad_wire(port: int, seed: int) -> Iterator[BadWire]:
    wire = BadWire(port, seed)
    try:
        yield wire
    finally:
        wire.close()
