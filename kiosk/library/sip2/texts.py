"""Letters on the wire: character sets, composed and decomposed Unicode, the delimiter inside a value.

SIP2 has no escape. Koha and Evergreen put `&#124;` for a delimiter inside a value; Evergreen sends й as и and a breve;
some systems let control characters through. What is received is composed (NFC) and free of controls before anybody
compares, sorts or shows it.
"""

import re
import unicodedata

ESCAPED_DELIMITER = "&#124;"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[\t\n\v\f\r]+")
TO_TRY = ("utf-8", "cp1251", "koi8-u", "cp1125", "cp866", "cp850", "iso-8859-1")
"""Character sets in the order a text of unknown origin is tried; all but the first accept almost any bytes."""


class UnsendableValue(ValueError):
    """A value the wire cannot carry: a control character, the delimiter, a letter the character set has not."""


def read_text(raw: bytes, encoding: str) -> str:
    """Give the letters of *raw*, composed; what cannot be read becomes U+FFFD and never ends a conversation."""
    return unicodedata.normalize("NFC", raw.decode(encoding, "replace"))


def clean(value: str, delimiter: str = "|") -> str:
    """Give a received value as people shall see it: the delimiter put back, control characters gone."""
    return _CONTROLS.sub("", _SPACES.sub(" ", value)).replace(ESCAPED_DELIMITER, delimiter)


def write_value(value: str, encoding: str, delimiter: str, limit: int, *, lossy: bool) -> str:
    """Give a value as it may be sent, cut to *limit* bytes at a letter.

    *lossy*, as servers are: the delimiter is written as `&#124;`, controls as blanks, and the character set may lose
    letters. Otherwise all of these are refused. Raises: UnsendableValue.
    """
    if lossy:
        value = _CONTROLS.sub("", _SPACES.sub(" ", value)).replace(delimiter, ESCAPED_DELIMITER)
    elif _CONTROLS.search(value) or delimiter in value:
        raise UnsendableValue("the value holds a control character or the delimiter")
    try:
        raw = value.encode(encoding, "replace" if lossy else "strict")
    except UnicodeEncodeError as err:
        raise UnsendableValue(f"the value holds a letter that {encoding} has not") from err
    if len(raw) <= limit:
        return value
    return _cut(value, encoding, limit)


def _cut(value: str, encoding: str, limit: int) -> str:
    size = 0
    for number, letter in enumerate(value):
        size += len(letter.encode(encoding, "replace"))
        if size > limit:
            return value[:number]
    return value
