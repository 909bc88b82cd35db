"""A record as it comes from another system, in our words: what both formats and every file can say."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CopyRecord:
    """A copy a record describes; "" where it does not say."""

    barcode: str
    branch: str = ""
    shelf: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """A title. `id` is stable from import to import: the other system's own number, else made of what it is."""

    id: str
    name: str
    author: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    language: str = "uk"
    age_from: int = 0
    responsibility: str = ""
    publisher: str = ""
    place: str = ""
    series: str = ""
    subjects: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    issn: str = ""
    material: str = "book"
    extent: str = ""
    annotation: str = ""
    udc: tuple[str, ...] = ()
    copies: tuple[CopyRecord, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not taken: its number in the file, where it begins, what it calls itself, why, what to do."""

    number: int
    offset: int
    id: str
    why: str
    do: str
