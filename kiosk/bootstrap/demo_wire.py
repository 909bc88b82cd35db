"""A cable between a station of the demo and the centre or a library system: a TCP relay that really can be pulled out.

Pulled out, every connection breaks and none can be made; nobody at either end knows of it.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

BUFFER = 65536
LOOPBACK = "127.0.0.1"


class NetworkCable:
    """Carries bytes to *far_port* on this computer. Use as a context manager; `plug` and `pull` from any thread."""

    def __init__(self, far_port: int) -> None:
        self._far_port = far_port
        self.on_bytes: Callable[[bytes, bool], None] = lambda _said, _outgoing: None
        """Is told of whatever goes by, and whether it comes from the near end."""
        self._hand = threading.RLock()
        self._ends: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self._port = 0
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pull()

    @property
    def port(self) -> int:
        """Where the near end is, on this computer."""
        return self._port

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def plugged(self) -> bool:
        with self._hand:
            return self._door is not None

    def plug(self) -> None:
        """Put it in; it is reached at the same address as before. Raises: OSError when somebody has taken that."""
        with self._hand:
            if self._door is not None:
                return
            self._door = socket.create_server((LOOPBACK, self._port))
            self._port = int(self._door.getsockname()[1])
            threading.Thread(target=self._welcome, args=(self._door,), name="cable", daemon=True).start()

    def pull(self) -> None:
        """Pull it out: whatever was under way breaks off."""
        with self._hand:
            if self._door is None:
                return
            door, self._door = self._door, None
            for one in (door, *self._ends):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            door.close()
            self._ends.clear()

    def _welcome(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection((LOOPBACK, self._far_port))
            except OSError:
                near.close()
                continue
            with self._hand:
                if self._door is not door:
                    near.close()
                    far.close()
                    return
                self._ends |= {near, far}
            for one, other, outgoing in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(one, other, outgoing), name="cable", daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, outgoing: bool) -> None:
        """Carry one direction until its end; then the other side is told that there is no more."""
        with suppress(OSError):
            while said := source.recv(BUFFER):
                self.on_bytes(said, outgoing)
                sink.sendall(said)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._hand:
            self._ends.discard(source)
            if sink not in self._ends:  # both directions are over, or the cable was pulled
                source.close()
                sink.close()
