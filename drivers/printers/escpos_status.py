"""What an ESC/POS printer says of itself: the status bytes, and what they mean to a receipt. No port, no clock.

Two kinds of answer arrive on the same line, and can be told apart by bit 4
(Epson, ESC/POS Command Reference: "DLE EOT (real-time request)", "GS r"):

    DLE EOT n    0 x x 1 x x 1 0    at once, even with the buffer full or the paper out
    GS r 1       0 x x 0 p p n n    in its turn: when everything sent before has been printed
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kiosk.devices import PaperState

_REAL_TIME_REQUEST: Final = b"\x10\x04"
SEND_WHEN_PRINTED: Final = b"\x1dr\x01"
"""GS r 1: the printer answers it once all that was sent before is on paper."""
FORGET_AND_RECOVER: Final = b"\x10\x05\x02"
"""DLE ENQ 2: drop what is buffered, so that half a receipt does not come out before the next patron."""


class Question(IntEnum):
    """The n of DLE EOT n."""

    OFFLINE = 2
    ERROR = 3
    PAPER = 4

    @property
    def request(self) -> bytes:
        return _REAL_TIME_REQUEST + bytes([self])


_COVER_OPEN, _STOPPED_BY_PAPER = 0x04, 0x20  # DLE EOT 2
_CUTTER, _UNRECOVERABLE, _OVERHEATED = 0x08, 0x20, 0x40  # DLE EOT 3
_NEAR_END, _END = 0x0C, 0x60  # DLE EOT 4


def is_real_time(byte: int) -> bool:
    """Say whether *byte* answers a DLE EOT."""
    return byte & 0b1001_0011 == 0b0001_0010


def is_printed(byte: int) -> bool:
    """Say whether *byte* answers a GS r."""
    return byte & 0b1001_0000 == 0


@dataclass(frozen=True, slots=True)
class Condition:
    """The three answers that matter, as they came."""

    offline: int
    error: int
    paper_sensor: int

    @property
    def paper(self) -> PaperState:
        if self.paper_sensor & _END or self.offline & _STOPPED_BY_PAPER:
            return PaperState.OUT
        return PaperState.LOW if self.paper_sensor & _NEAR_END else PaperState.GOOD

    @property
    def trouble(self) -> str | None:
        """Say what keeps it from printing and what to do; None when nothing does."""
        if self.offline & _COVER_OPEN:
            return "the cover is open: close it"
        if self.paper is PaperState.OUT:
            return "no paper: put in a new roll"
        if self.error & _CUTTER:
            return "the cutter is jammed: switch off, clear it, switch on"
        if self.error & _UNRECOVERABLE:
            return "it reports a fault of its own: switch off and on, or call service"
        if self.error & _OVERHEATED:
            return "the print head is too hot: it goes on by itself"
        return None
