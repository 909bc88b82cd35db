"""Which character set the bytes of a system are in, by the words they would make.

UTF-8 proves itself: hardly any other text is valid in it. Of the eight-bit sets any bytes are text, so the one counts
whose words look like words: letters of Ukrainian, Polish or plain Latin, a capital at the beginning or throughout,
never in the middle (koi8-u read as cp1251 turns small and capital letters round).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.library.sip2.texts import TO_TRY

_LETTERS = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъ" + "ąćęłńóśźż" + "abcdefghijklmnopqrstuvwxyzäöüßéèáíñç")
_PUNCTUATION = frozenset("«»„“”‘’–—…№ ")
_WORD = re.compile(r"[^\W\d_]+")
_LOST = re.compile(r"\?{3,}|\?[^\W\d]|[^\W\d]\?[^\W\d]")


@dataclass(frozen=True, slots=True)
class Guess:
    """The set that fits, None when nothing beyond ASCII was heard. *lost*: letters came as question marks."""

    encoding: str | None
    decomposed: bool = False
    lost: bool = False


def guess(heard: Iterable[bytes]) -> Guess:
    """Say which character set the messages *heard* are in."""
    raw = b"\r".join(heard)
    lost = _LOST.search(raw.decode("ascii", "replace").replace("\ufffd", "")) is not None
    if raw.isascii():
        return Guess(None, lost=lost)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        worth, _, encoding = max((_worth(raw, name), -place, name) for place, name in enumerate(TO_TRY))
        return Guess(encoding if worth > 0 and not lost else None, lost=lost)
    return Guess("utf-8", decomposed=unicodedata.normalize("NFC", text) != text, lost=lost)


def _worth(raw: bytes, encoding: str) -> int:
    """Say how much *raw* looks like words in this set: below 0 when it cannot be read at all."""
    try:
        text = unicodedata.normalize("NFC", raw.decode(encoding))
    except UnicodeDecodeError:
        return -1
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = sum(1 for sign in text if not sign.isascii() and not sign.isalpha() and sign not in _PUNCTUATION)
    return sum(len(word) if _is_word(word) else -len(word) for word in words) - odd


def _is_word(word: str) -> bool:
    return set(word.lower()) <= _LETTERS and (word.islower() or word.isupper() or word[1:].islower())
