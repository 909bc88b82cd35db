"""An ear at the station's stream of screens: hears which screen came when, as a browser would. For measuring."""

import http.client
import socket
import threading
import time
from typing import Self
from urllib.parse import urlsplit


class ScreenEar:
    """Listens to `/events` of a station. Screens are kept with the time their last byte arrived (perf_counter)."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=30)
        self._bell = threading.Condition()
        self._heard: list[tuple[int, float]] = []
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)

    def __enter__(self) -> Self:
        self._connection.request("GET", "/events")
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answer = self._connection.getresponse()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()
        self._thread.join(5)

    def seen_at(self, version: int, timeout: float = 10.0) -> float:
        """Say when a screen of at least *version* was heard. Raises: TimeoutError."""
        with self._bell:
            if not self._bell.wait_for(lambda: self._after(version) is not None, timeout):
                raise TimeoutError(f"screen {version} did not come within {timeout} s")
            when = self._after(version)
            assert when is not None
            return when

    def _after(self, version: int) -> float | None:
        return next((when for number, when in self._heard if number >= version), None)

    def _listen(self) -> None:
        number: int | None = None
        is_screen = True
        while line := self._read_line():
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"event: "):
                is_screen = False
            elif line == b"\n":
                if number is not None and is_screen:
                    with self._bell:
                        self._heard.append((number, time.perf_counter()))
                        self._bell.notify_all()
                number, is_screen = None, True

    def _read_line(self) -> bytes:
        try:
            return self._answer.readline()
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            return b""  # closed while waiting
