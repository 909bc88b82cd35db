"""From the bytes of one record to a record in Unicode, whatever the record says of itself.

Leader position 9 (MARC 21) and field 100 (UNIMARC) name the character set, and are wrong in real files: what decodes
is believed before what is said. The length in the leader is mended, and a directory that does not fit rebuilt.
"""

import io
import re
import warnings

from pymarc import Record
from pymarc.exceptions import PymarcException

from kiosk.central.catalogue.bytes_of_marc import TERMINATOR, RawRecord

ENCODINGS = ("auto", "utf-8", "marc-8", "cp1251")
_FIELD = b"\x1e"

_ESCAPE = b"\x1b"


class Undecodable(Exception):
    """Nothing can be made of the bytes; the message says why."""


def decode(raw: RawRecord, encoding: str = "auto") -> Record:
    """Read one record. Raises: Undecodable."""
    content = raw.content
    if raw.cut_short or not content.endswith(TERMINATOR):
        raise Undecodable("the record is cut short: the file ends in the middle of it")
    if len(content) < 40 or not content[:5].strip().isdigit() or not content[12:17].strip().isdigit():
        raise Undecodable("it does not begin with a label: these bytes are no ISO 2709 record")
    last: Exception | None = None
    for charset in _charsets(content, encoding):
        try:
            return _read(_mended(_in_utf8(content, charset), charset), charset)
        except (UnicodeError, PymarcException, ValueError, IndexError, KeyError) as error:
            last = error
    raise Undecodable(f"it cannot be read: {last or 'no character set fits'}")


def _charsets(content: bytes, encoding: str) -> list[str]:
    """Say which character sets to try, likeliest first."""
    if encoding != "auto":
        return [encoding]
    if _ESCAPE in content:
        return ["marc-8", "utf-8", "cp1251"]
    if _is_utf8(content):
        return ["utf-8"]
    likeliest_first = ["cp1251", "marc-8"]
    return likeliest_first if content[9:10] == b"a" or _looks_like_cp1251(content) else likeliest_first[::-1]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_like_cp1251(content: bytes) -> bool:
    """See high bytes in a row that are Cyrillic in cp1251: in MARC-8 they stand alone, before a letter."""
    return re.search(rb"[\xc0-\xff\xb2\xb3\xaf\xbf\xaa\xba\xa5\xb4]{3}", content) is not None


def _in_utf8(content: bytes, charset: str) -> bytes:
    """Bring cp1251 to UTF-8, field by field, with a directory to match; others stay as they are."""
    if charset != "cp1251":
        return content
    base = int(content[12:17])
    directory, fields = content[24 : base - 1], content[base:].rstrip(TERMINATOR)
    parts = [part.decode("cp1251").encode("utf-8") for part in fields.split(_FIELD)[:-1]]
    tags = [directory[place : place + 3] for place in range(0, len(directory) - 11, 12)]
    return _assembled(content[:24], tags, parts)


def _mended(content: bytes, charset: str) -> bytes:
    """Rebuild label and directory where lengths do not fit: the field terminators say where fields end."""
    try:
        base = int(content[12:17])
        directory = content[24 : base - 1]
        fits = int(content[:5]) == len(content) and _fits(content, base, directory)
    except ValueError:
        fits = False
        base = content.find(_FIELD) + 1
        directory = content[24 : base - 1]
    mark = b" " if charset == "marc-8" else b"a"
    if fits:
        return content[:9] + mark + content[10:]
    end = content.find(_FIELD)
    if end < 24:
        raise Undecodable("it has no directory of fields")
    base, directory = end + 1, content[24:end]
    tags = [directory[place : place + 3] for place in range(0, len(directory) - 11, 12)]
    parts = content[base:].rstrip(TERMINATOR).split(_FIELD)[:-1]
    return _assembled(content[:9] + mark + content[10:24], tags, parts)


def _fits(content: bytes, base: int, directory: bytes) -> bool:
    if len(directory) % 12:
        return False
    for place in range(0, len(directory), 12):
        length, start = int(directory[place + 3 : place + 7]), int(directory[place + 7 : place + 12])
        if content[base + start + length - 1 : base + start + length] != _FIELD:
            return False
    return True


def _assembled(leader: bytes, tags: list[bytes], parts: list[bytes]) -> bytes:
    directory, fields, start = b"", b"", 0
    for tag, part in zip(tags, parts, strict=False):
        if len(part) + 1 > 9999 or start > 99_999:
            break  # what ISO 2709 has no room for; such fields are notes at the end
        directory += tag + b"%04d%05d" % (len(part) + 1, start)
        fields += part + _FIELD
        start += len(part) + 1
    base = 24 + len(directory) + 1
    whole = base + len(fields) + 1
    label = b"%05d" % min(whole, 99_999) + leader[5:9] + leader[9:10] + b"22" + b"%05d" % base + leader[17:20] + b"4500"
    return label + directory + _FIELD + fields + TERMINATOR


def _read(content: bytes, charset: str) -> Record:
    with warnings.catch_warnings(), io.StringIO():
        warnings.simplefilter("ignore")  # pymarc warns of what we mend
        record = Record(
            content, to_unicode=True, force_utf8=charset != "marc-8", utf8_handling="strict", hide_utf8_warnings=True
        )
    if not record.fields:
        raise PymarcException("it has no fields")
    if charset == "marc-8" and "\ufffd" in str(record):
        raise UnicodeError("it is not MARC-8")
    return record


def is_unimarc(record: Record) -> bool:
    """Say which of the two formats a record speaks: by the fields only one of them has."""
    if record.get("200") and not record.get("245"):
        return True
    if record.get("245"):
        return False
    return bool(record.get("700") and record.get("210"))
