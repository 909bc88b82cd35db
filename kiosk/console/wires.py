"""What passes on the wires, for the technician's eyes: the latest lines, without what could name a person.

Tags of books are not personal and are shown; a card laid on the pad and the text of a slip are.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

KEPT = 300
Listen = Callable[[str, Callable[[bytes, bool], None]], Callable[[], None]]
Write = Callable[[bytes, bool], str]
"""Writes a frame as it may be shown: in hex, and what could name a person hidden. Is told whether it went out."""


@dataclass(frozen=True, slots=True)
class WireLine:
    """One frame as it is shown."""

    number: int
    device: str
    outgoing: bool
    text: str


class Wires:
    """Hears ports and keeps the last lines. Listens only while somebody looks: see `open`."""

    def __init__(self, listen: Listen, ports: Mapping[str, tuple[str, Write]]) -> None:
        """*ports* says by device where it is, and how its frames are written."""
        self._listen = listen
        self._ports = ports
        self._bell = threading.Condition()
        self._lines: deque[WireLine] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._lookers = 0
        self._stops: list[Callable[[], None]] = []

    def open(self) -> Callable[[], None]:
        """Begin to look; the answer ends it."""
        with self._bell:
            self._lookers += 1
            if self._lookers == 1:
                self._stops = [
                    self._listen(port, self._ear(device, write)) for device, (port, write) in self._ports.items()
                ]

        def close() -> None:
            with self._bell:
                self._lookers -= 1
                if not self._lookers:
                    for stop in self._stops:
                        stop()

        return close

    def after(self, number: int, wait: float) -> tuple[WireLine, ...]:
        """Wait up to so many seconds for lines newer than *number*."""
        with self._bell:
            self._bell.wait_for(lambda: bool(self._lines) and self._lines[-1].number > number, wait)
            return tuple(line for line in self._lines if line.number > number)

    def _ear(self, device: str, write: Write) -> Callable[[bytes, bool], None]:
        def hear(frame: bytes, outgoing: bool) -> None:
            with self._bell:
                self._lines.append(WireLine(next(self._numbers), device, outgoing, write(frame, outgoing)))
                self._bell.notify_all()

        return hear
