"""What a step found, in words for whoever sets a station up."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    FITS = "fits"
    LOOK = "look"  # works, and somebody should know
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the system, and what to do about it. Names no patron."""

    level: Level
    about: str
    words: str
    advice: str = ""


def fits(about: str, words: str) -> Finding:
    """Say what is as it should be."""
    return Finding(Level.FITS, about, words)


def look(about: str, words: str, advice: str = "") -> Finding:
    """Say what works otherwise than one would think."""
    return Finding(Level.LOOK, about, words, advice)


def failed(about: str, words: str, advice: str = "") -> Finding:
    """Say what does not work."""
    return Finding(Level.FAILED, about, words, advice)
