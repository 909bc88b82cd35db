"""What an ESC/POS printer says of itself: the status bytes, and what they mean to a receipt. No port, no clock.

Three kinds of answer arrive on the same line, and can be told apart by bits 4 and 1
(Epson, ESC/POS Command Reference: "DLE EOT (real-time request)", "GS r", "GS a"):

    DLE EOT n    0 x x 1 x x 1 0    at once, even with the buffer full or the paper out
    GS r 1       0 x x 0 p p n n    in its turn: when everything sent before has been printed
    GS a (ASB)   0 x x 1 x x 0 0    unasked, whenever something changes, and three more bytes with bit 4 clear:
                 0 x x 0 x x x x    taken for answers to GS r, they would make a slip that never came out a printed one

XON and XOFF (0 0 0 1 0 0 x 1) of a serial line are none of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from types import MappingProxyType
from typing import Final

from kiosk.devices import PaperState

_REAL_TIME_REQUEST: Final = b"\x10\x04"
SEND_WHEN_PRINTED: Final = b"\x1dr\x01"
"""GS r 1: the printer answers it once all that was sent before is on paper."""
FORGET_AND_RECOVER: Final = b"\x10\x05\x02"
"""DLE ENQ 2: drop what is buffered, so that half a receipt does not come out before the next patron."""


TELL_NOTHING_UNASKED: Final = b"\x1da\x00"
"""GS a 0: no automatic status; some printers have it switched on by a memory switch."""


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


REMEDIES: Final[Mapping[PaperState, str]] = MappingProxyType({
    PaperState.COVER_OPEN: "the cover is open: close it",
    PaperState.OUT: "no paper: put in a new roll",
    PaperState.JAMMED: "the cutter is jammed: switch off, clear it, switch on",
    PaperState.FAULT: "it reports a fault of its own: switch off and on, or call service",
    PaperState.HOT: "the print head is too hot: it goes on by itself",
})  # fmt: skip


def is_real_time(byte: int) -> bool:
    """Say whether *byte* answers a DLE EOT."""
    return byte & 0b1001_0011 == 0b0001_0010


def is_printed(byte: int) -> bool:
    """Say whether *byte* answers a GS r; inside an automatic status the same bits mean something else."""
    return byte & 0b1001_0000 == 0


class Heard(Enum):
    """What a byte from the printer is, beyond the answers to DLE EOT."""

    PRINTED = auto()
    UNASKED = auto()


class AnswerSorter:
    """Sorts what arrives, however it is cut: automatic status is told apart from answers, and left out."""

    def __init__(self) -> None:
        self._of_status = 0

    def feed(self, heard: Iterable[int]) -> Iterator[int | Heard]:
        """Go through the bytes: an answer to DLE EOT as it is, `PRINTED` for one to GS r, `UNASKED` for a status."""
        for byte in heard:
            if byte & 0b1001_0011 == 0b0001_0000:
                self._of_status = 3
            elif is_real_time(byte):
                self._of_status = 0
                yield byte
            elif is_printed(byte) and self._of_status:
                self._of_status -= 1
                if not self._of_status:
                    yield Heard.UNASKED
            elif is_printed(byte):
                yield Heard.PRINTED


@dataclass(frozen=True, slots=True)
class Condition:
    """The three answers that matter, as they came."""

    offline: int
    error: int
    paper_sensor: int

    @property
    def state(self) -> PaperState:
        """Say in one word how the printer is: what keeps it from printing before how much paper there is."""
        if self.offline & _COVER_OPEN:
            return PaperState.COVER_OPEN
        if self.paper is PaperState.OUT:
            return PaperState.OUT
        marks = ((_CUTTER, PaperState.JAMMED), (_UNRECOVERABLE, PaperState.FAULT), (_OVERHEATED, PaperState.HOT))
        return next((state for mark, state in marks if self.error & mark), self.paper)

    @property
    def paper(self) -> PaperState:
        if self.paper_sensor & _END or self.offline & _STOPPED_BY_PAPER:
            return PaperState.OUT
        return PaperState.LOW if self.paper_sensor & _NEAR_END else PaperState.GOOD

    @property
    def trouble(self) -> str | None:
        """Say what keeps it from printing and what to do; None when nothing does."""
        return REMEDIES.get(self.state)
