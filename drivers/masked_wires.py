"""How frames are written for a technician's eyes: hex, without what could name a person.

Tags of books name nobody and are shown. A patron's card laid on the pad, and the text of a slip, are not.
"""

from collections.abc import Callable
from typing import Final

from drivers.tag_pads.feig_frames import Code, FrameError, Reply, Request, TagCode

MASK: Final = "··"
_ISO15693: Final = 0x03
_RECORD: Final = 10
_LONGEST_STATUS: Final = 8
"""Bytes a printer is asked its status with; whatever is longer is a slip."""


class FeigWriter:
    """Writes the frames of one FEIG pad. Remembers the last request: only with it an answer can be understood."""

    def __init__(self) -> None:
        self._inventory = False

    def __call__(self, frame: bytes, outgoing: bool) -> str:
        if outgoing:
            self._inventory = _asks_who_is_there(frame)
        hidden = _cards_in(frame) if self._inventory and not outgoing else range(0)
        return " ".join(MASK if at in hidden else f"{byte:02x}" for at, byte in enumerate(frame))


def pad_writer(driver: str) -> Callable[[bytes, bool], str]:
    """Make what writes the frames of one pad. Only a FEIG pad tells of cards: others see books' tags alone."""
    return FeigWriter() if driver == "feig" else write_plainly


def write_plainly(frame: bytes, _outgoing: bool) -> str:
    """Write what holds nobody's name: a line of hex digits as it stands, other bytes as hex digits."""
    line = frame.strip()
    return line.decode() if line.isalnum() and line.isascii() else frame.hex(" ")


def write_printer(frame: bytes, outgoing: bool) -> str:
    """Write what passes on a printer's wire: questions and answers whole, of a slip only how long it is."""
    return frame.hex(" ") if not outgoing or len(frame) <= _LONGEST_STATUS else f"{MASK} {len(frame)} {MASK}"


def _asks_who_is_there(frame: bytes) -> bool:
    try:
        request = Request.from_bytes(frame)
    except FrameError:
        return True  # nobody knows: rather hide too much
    return request.code == Code.TAG and request.body[:1] == bytes([TagCode.INVENTORY])


def _cards_in(frame: bytes) -> range:
    """Find where records of anything but ISO 15693 begin: from there to the end all is hidden."""
    try:
        reply = Reply.from_bytes(frame)
    except FrameError:
        return range(len(frame))
    at = len(frame) - 2 - len(reply.body) + 1
    while at < len(frame) - 2 and frame[at] == _ISO15693:
        at += _RECORD
    return range(at, len(frame) - 2)
