"""What may be asked of a catalogue, and what it answers: the same at a station and at the centre."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Query:
    """Words as people type them, and conditions; None asks for nothing in particular.

    `age` is an age limit as its facet names it: `6+`. `available` asks for copies that could be taken now.
    """

    text: str = ""
    branch: str | None = None
    available: bool | None = None
    language: str | None = None
    age: str | None = None
    material: str | None = None
    local_history: bool | None = None
    contemporary_ukrainian: bool | None = None
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Copies of a title at one branch: how many, how many free now, and where they stand."""

    branch: str
    copies: int
    free: int
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    name: str
    author: str
    year: int | None = None
    language: str = ""
    cover: str = ""
    age_from: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of titles, best first; how many there are in all; facets with counts, over the best 5000.

    `corrected` is what was looked for instead, where the words as typed are nowhere.
    """

    titles: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    corrected: str | None = None
