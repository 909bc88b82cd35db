"""Frames of the FEIG OBID serial protocol (i-scan and classic-pro). Bytes in, values out; no port, no clock.

    standard request       LEN ADR CODE        BODY...  CRC-lo CRC-hi      LEN counts the whole frame
    standard reply         LEN ADR CODE STATUS BODY...  CRC-lo CRC-hi
    advanced request    02 LEN-hi LEN-lo ADR CODE        BODY...  CRC-lo CRC-hi
    advanced reply      02 LEN-hi LEN-lo ADR CODE STATUS BODY...  CRC-lo CRC-hi

Source: FEIG H20800-16e, chapter "Data transmission"; FEIG H01113-4e for advanced frames. What the bodies
mean is said where they are used: `feig.py` asks, `feig_firmware.py` answers.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from drivers.tag_pads.crc16_mcrf4xx import crc16
from drivers.tag_pads.frame_splitter import FrameSplitter

ANY_ADDRESS = 0xFF
"""A request to this address is accepted by every pad, whatever address it is configured to."""
LONGEST_STANDARD = 255
SHORTEST = 5
PAUSE = 0.012
"""Seconds of silence that end a frame: FEIG allows 12 ms between two characters of one frame."""

_ADVANCED_START = 0x02


class Code(IntEnum):
    """The command codes a pad knows; FEIG H20800-16e and H01113-4e, chapter "Control commands"."""

    BAUD_DETECT = 0x52
    CPU_RESET = 0x63
    SYSTEM_RESET = 0x64
    SOFTWARE_VERSION = 0x65
    PAD_DESCRIPTION = 0x66
    FIELD_RESET = 0x69
    FIELD_SWITCH = 0x6A
    DIAGNOSTIC = 0x6E
    OUTPUT = 0x71
    OUTPUTS = 0x72
    INPUTS = 0x74
    READ_CONFIG = 0x80
    WRITE_CONFIG = 0x81
    SAVE_CONFIG = 0x82
    DEFAULT_CONFIG = 0x83
    LOGIN = 0xA0
    TAG = 0xB0
    CUSTOM = 0xB1


class TagCode(IntEnum):
    """The first body byte of `Code.TAG`; FEIG H01113-4e, chapter 7."""

    INVENTORY = 0x01
    STAY_QUIET = 0x02
    LOCK_BLOCKS = 0x22
    READ_BLOCKS = 0x23
    WRITE_BLOCKS = 0x24
    SELECT = 0x25
    RESET_TO_READY = 0x26
    WRITE_AFI = 0x27
    LOCK_AFI = 0x28
    WRITE_DSFID = 0x29
    LOCK_DSFID = 0x2A
    SYSTEM_DESCRIPTION = 0x2B
    BLOCK_SECURITY = 0x2C


class CustomCode(IntEnum):
    """The byte after the manufacturer in `Code.CUSTOM` for NXP tags; FEIG H60301-3e, section 8.3."""

    SET_EAS = 0xA2
    RESET_EAS = 0xA3
    LOCK_EAS = 0xA4
    EAS_ALARM = 0xA5


class FrameError(Exception):
    """These bytes are no FEIG frame: too short, of the wrong length, or with a wrong CRC."""


def _seal(inner: bytes, *, advanced: bool) -> bytes:
    length = len(inner) + (5 if advanced else 3)
    if not advanced and length > LONGEST_STANDARD:
        raise FrameError(f"{length} bytes do not fit a standard frame (255 at most): send it as an advanced frame")
    head = bytes([_ADVANCED_START, *length.to_bytes(2, "big")]) if advanced else bytes([length])
    frame = head + inner
    return frame + crc16(frame).to_bytes(2, "little")


def _unseal(raw: bytes, *, at_least: int) -> tuple[bytes, bool]:
    if announced_length(raw) != len(raw):
        raise FrameError(f"length does not fit: {raw.hex(' ')}")
    if crc16(raw[:-2]) != int.from_bytes(raw[-2:], "little"):
        raise FrameError(f"wrong CRC: {raw.hex(' ')}")
    advanced = raw[0] == _ADVANCED_START
    inner = raw[3:-2] if advanced else raw[1:-2]
    if len(inner) < at_least:
        raise FrameError(f"too short: {raw.hex(' ')}")
    return inner, advanced


def announced_length(raw: bytes) -> int | None:
    """Say how long the frame beginning here claims to be: None while unknown, 0 when no frame begins like this."""
    if not raw:
        return None
    if raw[0] != _ADVANCED_START:
        return raw[0] if raw[0] >= SHORTEST else 0
    if len(raw) < 3:
        return None
    length = int.from_bytes(raw[1:3], "big")
    return length if length >= SHORTEST + 2 else 0


def is_whole(raw: bytes) -> bool:
    """Say whether these bytes are exactly one frame with a right CRC."""
    return announced_length(raw) == len(raw) and crc16(raw[:-2]) == int.from_bytes(raw[-2:], "little")


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asks of a pad."""

    code: int
    body: bytes = b""
    address: int = ANY_ADDRESS
    advanced: bool = False

    def to_bytes(self) -> bytes:
        return _seal(bytes([self.address, self.code]) + self.body, advanced=self.advanced)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises: FrameError."""
        inner, advanced = _unseal(raw, at_least=2)
        return cls(code=inner[1], body=inner[2:], address=inner[0], advanced=advanced)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a pad answers; what *status* means is said in `feig_status.py`."""

    code: int
    status: int
    body: bytes = b""
    address: int = 0x00
    advanced: bool = False

    def to_bytes(self) -> bytes:
        return _seal(bytes([self.address, self.code, self.status]) + self.body, advanced=self.advanced)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises: FrameError."""
        inner, advanced = _unseal(raw, at_least=3)
        return cls(code=inner[1], status=inner[2], body=inner[3:], address=inner[0], advanced=advanced)


def frame_splitter() -> FrameSplitter:
    """Cut what a port delivers into FEIG frames."""
    return FrameSplitter(announced_length, is_whole)
