"""What of a title is indexed: its own words, what stands around it, and a Latin skeleton of the first."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.catalogue.folding import isbn13, issn, latin_words, words


@dataclass(frozen=True, slots=True)
class Indexed:
    """Folded text of one title, words parted by blanks: `main` counts for more than `rest`."""

    main: str
    rest: str
    latin: str


def indexed(  # noqa: PLR0913 - what a record is found by
    name: str,
    author: str,
    *,
    authors: Iterable[str] = (),
    series: str = "",
    subjects: Iterable[str] = (),
    isbns: Iterable[str] = (),
    issn_: str = "",
    publisher: str = "",
) -> Indexed:
    """Make the text a title is found by."""
    people = dict.fromkeys((author, *authors))
    main = words(" ".join((name, *people)))
    numbers = [number.lower() for text in isbns if (number := isbn13(text) or text.strip())]
    serial = issn(issn_)
    numbers += [] if serial is None else [serial.lower()]
    rest = words(" ".join((series, *subjects, publisher))) + numbers
    return Indexed(" ".join(main), " ".join(dict.fromkeys(rest)), " ".join(latin_words(" ".join((name, *people)))))
