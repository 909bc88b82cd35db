"""From letters as they trickle in to whole scans. No port: bytes are handed in, or asked for with a timeout.

A scanner sends what it saw and then, as it is set up, CR, LF, both, a tab, or nothing at all:

    [STX] [prefix] [AIM identifier] TEXT [suffix] [CR|LF|TAB|ETX]

The AIM identifier (ISO/IEC 15424) is `]`, a letter for the kind of barcode and a modifier: `]C0` Code 128, `]A0`
Code 39, `]F0` Codabar, `]E0` EAN.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.devices import Scan

log = logging.getLogger(__name__)

LONGEST: Final = 128
"""Letters of the longest scan taken: what a printed card or copy needs, many times over."""
_ENDS: Final = frozenset(b"\r\n\t\x03")
_STX: Final = 0x02
_AIM: Final = re.compile(r"\]([A-Za-z][0-9A-Za-z])(?=.)")


@dataclass(frozen=True, slots=True)
class Trim:
    """What the scanner is set up to send around every text, beyond an AIM identifier."""

    prefix: str = ""
    suffix: str = ""

    def scan(self, text: str) -> Scan | None:
        """Make a scan of a whole *text*; None when nothing is left of it."""
        text = text.removeprefix(self.prefix).removesuffix(self.suffix).strip()
        aim = _AIM.match(text)
        if aim is not None:
            text = text[aim.end() :].removeprefix(self.prefix)
        return Scan(text, "" if aim is None else aim.group(1)) if text else None


class ScanSplitter:
    """Collects bytes and gives whole scans. One that holds no text (a wrong baud rate, noise) is dropped whole."""

    def __init__(self, trim: Trim, name: str) -> None:
        self._trim = trim
        self._name = name
        self._held = bytearray()

    @property
    def begun(self) -> bool:
        """Whether the beginning of a scan is held."""
        return bool(self._held)

    def feed(self, chunk: bytes) -> list[Scan]:
        """Take what came; return the scans it ended."""
        scans = []
        for byte in chunk:
            if byte in _ENDS:
                scans += self.end()
            elif byte != _STX and len(self._held) <= LONGEST:
                self._held.append(byte)
        return scans

    def end(self) -> list[Scan]:
        """End the scan that is held: nothing followed in time, or its last letter came."""
        held, self._held = bytes(self._held), bytearray()
        if not held:
            return []
        if len(held) > LONGEST or any(not 0x20 <= byte < 0x7F for byte in held):
            log.warning("%s: %d bytes are no barcode: check `baud` and the scanner's set-up", self._name, len(held))
            return []
        scan = self._trim.scan(held.decode("ascii"))
        return [] if scan is None else [scan]


class Patience:
    """Waits for whole scans: one ends with its last letter, or with *gap* seconds of silence after what came."""

    def __init__(self, splitter: ScanSplitter, gap: float) -> None:
        self._splitter = splitter
        self._gap = gap
        self._heard_at = 0.0
        self._scans: list[Scan] = []

    def next_scan(self, receive: Callable[[float], bytes], timeout: float) -> Scan | None:
        """Wait up to *timeout* seconds; what has begun by then goes on in the next call."""
        deadline = time.monotonic() + timeout
        while not self._scans:
            now = time.monotonic()
            if self._splitter.begun and now - self._heard_at >= self._gap:
                self._scans += self._splitter.end()
            elif now >= deadline:
                return None
            else:
                wait = min(deadline, self._heard_at + self._gap if self._splitter.begun else deadline) - now
                if chunk := receive(max(wait, 0.0)):
                    self._heard_at = time.monotonic()
                    self._scans += self._splitter.feed(chunk)
        return self._scans.pop(0)
