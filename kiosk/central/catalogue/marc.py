"""What MARC 21 and UNIMARC records say, in our words. Fields by the standards; nothing about files or tables.

Sources: MARC 21 Format for Bibliographic Data (Library of Congress); UNIMARC Manual, Bibliographic Format, 3rd ed.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from pymarc import Field, Record

from kiosk.catalogue.folding import fold, isbn13
from kiosk.central.catalogue.decoding import is_unimarc
from kiosk.central.catalogue.mapping import HoldingsFields, Mapping
from kiosk.central.catalogue.record import CopyRecord, TitleRecord

_LANGUAGES = {
    "ukr": "uk", "eng": "en", "rus": "ru", "pol": "pl", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr",
    "spa": "es", "ita": "it", "cze": "cs", "ces": "cs", "bel": "be", "bul": "bg", "lat": "la", "jpn": "ja",
}  # fmt: skip
"""ISO 639-2 as both formats have it, to what screens speak of; others stay as they are."""
_YEAR = re.compile(r"(1[4-9]\d\d|20\d\d)")
_TRAILING = " /:;,=.\t"
_AGE = re.compile(r"(?<!\d)(\d{1,2})\s*\+")
_MATERIALS = {"a": "book", "c": "score", "d": "score", "e": "map", "f": "map", "g": "film", "i": "audio", "j": "music",
              "k": "picture", "m": "electronic", "o": "game", "r": "game", "t": "book"}  # fmt: skip
"""Leader position 6, the same letters in both formats where it matters here."""


class NoTitle(Exception):
    """A record without what makes it one; the message says what is missing."""


def title_of(record: Record, mapping: Mapping) -> TitleRecord:
    """Read a record of either format. Raises: NoTitle."""
    return _unimarc(record, mapping) if is_unimarc(record) else _marc21(record, mapping)


def _marc21(record: Record, mapping: Mapping) -> TitleRecord:
    main = _first(record, "245")
    name = _joined(main, "a", "b", "n", "p") or _text(_first(record, "130"), "a")
    if not name:
        raise NoTitle("it has no title: field 245 is missing or empty")
    people = [_text(field, "a") for field in record.get_fields("100", "110", "111", "700", "710")]
    isbns = [_text(field, "a") for field in record.get_fields("020")]
    notes = [_text(field, "a") for field in record.get_fields("521", "500")]
    publishing = record.get_fields("260", "264")
    return TitleRecord(
        id=_id(record, name, people, isbns),
        name=name,
        author=_first_of(people),
        authors=_unique(people),
        year=_year([_text(field, "c") for field in publishing], _control(record, "008")[7:11]),
        language=_language(
            [_control(record, "008")[35:38], *(_text(field, "a") for field in record.get_fields("041"))]
        ),
        age_from=_age(notes, young=_control(record, "008")[22:23] in ("a", "b", "j")),
        responsibility=_text(main, "c"),
        publisher=_first_of(_text(field, "b") for field in publishing),
        place=_first_of(_text(field, "a") for field in publishing),
        series=_first_of(_joined(field, "a", "v") for field in record.get_fields("490", "830", "440")),
        subjects=_unique(_joined(field, "a", "x", "y", "z") for field in _six_hundreds(record)),
        isbns=_unique(_isbn(one) for one in isbns),
        issn=_first_of(_text(field, "a") for field in record.get_fields("022")),
        material=_material(record),
        extent=_joined(_first(record, "300"), "a", "c"),
        annotation=_first_of(_text(field, "a") for field in record.get_fields("520")),
        udc=_unique(_text(field, "a") for field in record.get_fields("080")),
        copies=tuple(_copies(record, mapping.holdings["marc21"])),
    )


def _unimarc(record: Record, mapping: Mapping) -> TitleRecord:
    main = _first(record, "200")
    name = _joined(main, "a", "e", "h", "i")
    if not name:
        raise NoTitle("it has no title: field 200 is missing or empty")
    people = [_person(field) for field in record.get_fields("700", "701", "702", "710", "711")]
    people = [person for person in people if person] or [_text(main, "f")]
    isbns = [_text(field, "a") for field in record.get_fields("010")]
    publishing = record.get_fields("210", "214")
    coded = _text(_first(record, "100"), "a")
    languages = [_text(field, "a") for field in record.get_fields("101")]
    notes = [_text(field, "a") for field in record.get_fields("333", "300")]
    return TitleRecord(
        id=_id(record, name, people, isbns),
        name=name,
        author=_first_of(people),
        authors=_unique(people),
        year=_year([_text(field, "d") for field in publishing], coded[9:13]),
        language=_language(languages),
        age_from=_age(notes, young=coded[17:18] in ("a", "b", "c")),
        responsibility=_joined(main, "f", "g"),
        publisher=_first_of(_text(field, "c") for field in publishing),
        place=_first_of(_text(field, "a") for field in publishing),
        series=_first_of(_joined(field, "a", "v") for field in record.get_fields("225", "410")),
        subjects=_unique(_joined(field, "a", "x", "y", "z") for field in _six_hundreds(record)),
        isbns=_unique(_isbn(one) for one in isbns),
        issn=_first_of(_text(field, "a") for field in record.get_fields("011")),
        material=_material(record),
        extent=_joined(_first(record, "215"), "a", "d"),
        annotation=_first_of(_text(field, "a") for field in record.get_fields("330")),
        udc=_unique(_text(field, "a") for field in record.get_fields("675")),
        copies=tuple(_copies(record, mapping.holdings["unimarc"])),
    )


def _first(record: Record, tag: str) -> Field | None:
    return next(iter(record.get_fields(tag)), None)


def _text(field: Field | None, *codes: str) -> str:
    """The first of the subfields *codes* that says anything, without the punctuation that leads to the next."""
    if field is None or field.control_field:
        return ""
    return next((text for code in codes for one in field.get_subfields(code) if (text := _clean(one))), "")


def _joined(field: Field | None, *codes: str) -> str:
    """All subfields *codes*, in the order they stand."""
    if field is None or field.control_field:
        return ""
    parts = [text for sub in field.subfields if sub.code in codes and (text := _clean(sub.value))]
    return " : ".join(parts) if (parts[1:] and "b" in codes) or "e" in codes else ". ".join(parts)


def _clean(text: str) -> str:
    return " ".join(text.replace("\x88", "").replace("\x89", "").replace("\x98", "").replace("\x9c", "").split()).strip(
        _TRAILING
    )


def _person(field: Field) -> str:
    """A name of UNIMARC: family name, then what goes before it."""
    return ", ".join(part for part in (_text(field, "a"), _text(field, "g", "b")) if part)


def _control(record: Record, tag: str) -> str:
    field = _first(record, tag)
    return (field.data or "").ljust(40) if field is not None and field.control_field else " " * 40


def _six_hundreds(record: Record) -> Iterator[Field]:
    return (field for field in record.fields if field.tag.startswith("6") and field.tag not in ("675", "676", "686"))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _first_of(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _isbn(text: str) -> str:
    """The number alone: records add a binding or a price behind it."""
    number = text.split("(", maxsplit=1)[0].strip()
    return isbn13(number) or number


def _year(texts: Iterable[str], coded: str) -> int | None:
    for text in (*texts, coded):
        if (found := _YEAR.search(text)) is not None:
            return int(found[0])
    return None


def _language(codes: Iterable[str]) -> str:
    code = next((code.strip().lower() for code in codes if code.strip().isalpha() and len(code.strip()) >= 2), "ukr")
    return _LANGUAGES.get(code[:3], code[:3])


def _age(notes: Iterable[str], *, young: bool) -> int:
    """An age limit that is written out: `12+`. A children's book without one has none."""
    limits = [int(found[1]) for note in notes if (found := _AGE.search(note)) is not None]
    return 0 if young or not limits else min(max(limits), 18)


def _material(record: Record) -> str:
    kind = str(record.leader)[6:8].ljust(2)
    return "periodical" if kind[0] in "at" and kind[1] in "si" else _MATERIALS.get(kind[0], "book")


def _copies(record: Record, fields: HoldingsFields) -> Iterator[CopyRecord]:
    seen: set[str] = set()
    for field in record.get_fields(*fields.fields):
        barcode = _text(field, *fields.barcode)
        if barcode and barcode not in seen:
            seen.add(barcode)
            yield CopyRecord(
                barcode, _text(field, *fields.branch), _text(field, *fields.shelf), _text(field, *fields.type)
            )


def _id(record: Record, name: str, people: Iterable[str], isbns: Iterable[str]) -> str:
    """The other system's own number; where it has none, one made of what the title is: the same at every import."""
    number = _clean(_control(record, "001"))
    if number:
        system = _clean(_control(record, "003"))
        return f"{system}-{number}" if system else number
    what = [fold(name), *map(fold, people), *isbns]
    return "t-" + sha256("\x1f".join(what).encode()).hexdigest()[:20]
