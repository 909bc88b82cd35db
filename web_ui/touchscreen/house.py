"""What the screens ask about the house: hours, news, the catalogue. Answered beside the visit, in the web's threads.

Nothing here knows a patron, so nothing of it can stand on a screen of nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from kiosk.catalogue.port import Found, Hit, Query


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as people find it."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Open until `until`, or closed until `opens` (None: nobody knows). `off` are the next days off."""

    now: datetime
    until: datetime | None = None
    opens: datetime | None = None
    off: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """A title on a shelf of the welcome screen. `cover` names a picture that is here; "" for a drawn one.

    `why` are a few words by language.
    """

    id: str
    name: str
    author: str = ""
    cover: str = ""
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: `words` is its name; `at` a local moment; the rest by language."""

    words: Mapping[str, str]
    at: datetime | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    whom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    words: Mapping[str, str]
    titles: tuple[Title, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """What the house has to say now."""

    hours: Hours
    notices: tuple[Mapping[str, str], ...] = ()
    events: tuple[Event, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    arrivals: tuple[Title, ...] = ()


class House(Protocol):
    """Safe to ask from many threads. What cannot be read is answered with nothing: a welcome screen has no errors."""

    branch: str

    def today(self) -> Today: ...

    def find(self, query: Query) -> Found: ...

    def title(self, name: str) -> Hit | None: ...

    def place(self, branch: str) -> Branch: ...

    def cover(self, name: str) -> bytes | None: ...

    def pictured(self, names: Collection[str]) -> frozenset[str]:
        """Say which of these covers are here; the others are asked for meanwhile."""
        ...


def spoken(words: Mapping[str, Any], lang: str) -> str:
    """Say *words* in *lang*; where they are not, in another language they are in."""
    return str(words.get(lang) or next((said for said in words.values() if said), ""))
