"""Covers for titles that have no picture: type on a ground, the same title always alike."""

from dataclasses import dataclass
from zlib import crc32

TONES = 8
_SIZES = ((6, "xl"), (9, "l"), (12, "m"))


@dataclass(frozen=True, slots=True)
class Look:
    """Which ground a cover has, and how large its words may be."""

    tone: int
    size: str


def look_of(title: str, name: str) -> Look:
    """Choose the ground by the title's number, the size by its longest word and its length."""
    longest = max((len(word) for word in name.split()), default=0)
    weight = max(longest, len(name) // 4)
    size = next((size for most, size in _SIZES if weight <= most), "s")
    return Look(crc32(title.encode()) % TONES, size)
