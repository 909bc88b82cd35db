"""ISO 2709 files as single records: cut at their terminators, so that one broken record never takes others along.

A record says its own length first, and in real files that length is wrong now and then; the terminator is believed.
Source: ISO 2709:2008, sections 4.2 (label), 4.6 (record separator, 1D hexadecimal).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

TERMINATOR = b"\x1d"
LARGEST = 1_000_000
"""Bytes of one record; ISO 2709 knows 99 999, and systems overrun it."""
_PIECE = 1 << 16
_BETWEEN = b"\r\n\x00\x1a\xef\xbb\xbf "


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record's bytes with their terminator; `cut_short` where the file ends, or goes on too long, without one."""

    number: int
    offset: int
    content: bytes
    cut_short: bool = False


def raw_records(file: BinaryIO, start: int = 0, numbered_from: int = 1) -> Iterator[RawRecord]:
    """Go through the records of *file* from byte *start* on; line ends, NULs and marks between them are passed over."""
    file.seek(start)
    held, offset, number = b"", start, numbered_from
    while True:
        piece = file.read(_PIECE)
        held += piece
        while (end := held.find(TERMINATOR)) >= 0:
            content = held[: end + 1]
            stripped = content.lstrip(_BETWEEN)
            yield RawRecord(number, offset + len(content) - len(stripped), stripped)
            number, offset, held = number + 1, offset + end + 1, held[end + 1 :]
        if len(held) > LARGEST:
            yield RawRecord(number, offset, held, cut_short=True)
            number, offset, held = number + 1, offset + len(held), b""
        if not piece:
            rest = held.lstrip(_BETWEEN)
            if rest:
                yield RawRecord(number, offset + len(held) - len(rest), rest, cut_short=True)
            return
