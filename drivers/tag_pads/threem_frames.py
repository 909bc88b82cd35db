"""Frames of the 3M Model 210 and 810 pads. Bytes in, values out; no port, no clock.

    request   D6 LEN-hi LEN-lo CMD      FIELDS...  CRC-hi CRC-lo      LEN counts what follows it
    reply     D6 LEN-hi LEN-lo CMD ERR  FIELDS...  CRC-hi CRC-lo

A session begins with the same frames after D5, which no manual names: command 04, field 00 11.

Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0 (2009), sections 2 to 6; the D5 frames from recordings of
a Model 810. What the fields mean is said where they are used: `threem.py` asks, `threem_firmware.py` answers.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from drivers.tag_pads.frame_splitter import FrameSplitter
from kiosk.tags.crc import crc16 as tag_crc16

START = 0xD6
SESSION_START = 0xD5
PAUSE = 0.02
"""Seconds of silence that end a frame: the pads are USB devices, whose adapters hold bytes back for 16 ms."""
LONGEST = 4096
_HEAD, _CHECK = 3, 2
_SHORTEST = _HEAD + 1 + _CHECK


class Command(IntEnum):
    """The command codes; 3M Model 210 specification, section 7."""

    QUIET = 0x01
    READ_BLOCKS = 0x02
    CHECK_EAS = 0x03
    WRITE_BLOCKS = 0x04
    WRITE_BLOCK = 0x05
    LOCK_AFI = 0x06
    WRITE_AND_LOCK_BLOCK = 0x07
    LOCK_BLOCK = 0x08
    WRITE_AFI = 0x09
    GET_AFI = 0x0A
    WRITE_DSFID = 0x0B
    CONTROL_EAS = 0x0C
    TAG_INFO = 0x0D
    LOCK_DSFID = 0x0E
    GET_DSFID = 0x0F
    VERSION = 0x11
    EXTENDED_INFO = 0x13  # undocumented; 3M's own program asks it at its start
    PASS_THROUGH = 0x14
    INVENTORY = 0xFE


SESSION_COMMAND = 0x04
SESSION_FIELDS = b"\x00\x11"


class FrameError(Exception):
    """These bytes are no 3M frame: too short, of the wrong length, or with a wrong CRC."""


def crc16(frame: bytes) -> int:
    """Compute the frame check: polynomial 0x1021, preset and final xor 0xFFFF; `123456789` gives 0xD64E.

    It covers everything after the start byte; 3M Model 210 specification, appendix C.
    """
    return tag_crc16(frame) ^ 0xFFFF


def _seal(start: int, inner: bytes) -> bytes:
    checked = (len(inner) + _CHECK).to_bytes(2, "big") + inner
    return bytes([start]) + checked + crc16(checked).to_bytes(2, "big")


def _unseal(raw: bytes, *, at_least: int) -> tuple[int, bytes]:
    if announced_length(raw) != len(raw):
        raise FrameError(f"length does not fit: {raw.hex(' ')}")
    if not is_whole(raw):
        raise FrameError(f"wrong CRC: {raw.hex(' ')}")
    inner = raw[_HEAD:-_CHECK]
    if len(inner) < at_least:
        raise FrameError(f"too short: {raw.hex(' ')}")
    return raw[0], inner


def announced_length(raw: bytes) -> int | None:
    """Say how long the frame beginning here claims to be: None while unknown, 0 when no frame begins like this."""
    if not raw:
        return None
    if raw[0] not in {START, SESSION_START}:
        return 0
    if len(raw) < _HEAD:
        return None
    length = _HEAD + int.from_bytes(raw[1:_HEAD], "big")
    return length if _SHORTEST <= length <= LONGEST else 0


def is_whole(raw: bytes) -> bool:
    """Say whether these bytes are exactly one frame with a right CRC."""
    return announced_length(raw) == len(raw) and crc16(raw[1:-_CHECK]) == int.from_bytes(raw[-_CHECK:], "big")


def frame_splitter() -> FrameSplitter:
    """Cut what a port delivers into 3M frames."""
    return FrameSplitter(announced_length, is_whole)


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asks of a pad."""

    command: int
    fields: bytes = b""
    start: int = START

    def to_bytes(self) -> bytes:
        return _seal(self.start, bytes([self.command]) + self.fields)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises: FrameError."""
        start, inner = _unseal(raw, at_least=1)
        return cls(inner[0], inner[1:], start)


SESSION = Request(SESSION_COMMAND, SESSION_FIELDS, SESSION_START)
"""What every host begins with; the answer holds the version of the firmware."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a pad answers; what *error* means is said in `threem_errors.py`."""

    command: int
    error: int
    fields: bytes = b""
    start: int = START

    def to_bytes(self) -> bytes:
        return _seal(self.start, bytes([self.command, self.error]) + self.fields)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises: FrameError."""
        start, inner = _unseal(raw, at_least=2)
        return cls(inner[0], inner[1], inner[2:], start)
