"""How people's spelling and a catalogue's become the same word: letters folded, keyboards and alphabets seen through.

Pure text in, text out. What is folded here is folded the same way when a title is indexed and when it is asked for.
"""

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ‘`´′＇\u0301"))
_ALIKE = str.maketrans("ґїєёыэъ", "гіееиеь")
_WORD = re.compile(r"[^\W_]+")

_ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_UKRAINIAN_KEYS = "йцукенгшщзхїфівапролджєячсмитьбю'"
_TO_UKRAINIAN_KEYS = str.maketrans(_ENGLISH_KEYS, _UKRAINIAN_KEYS)
_TO_ENGLISH_KEYS = str.maketrans(_UKRAINIAN_KEYS, _ENGLISH_KEYS)

_TO_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
        "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
        "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
        "я": "ia", "ё": "e", "ы": "y", "э": "e", "ъ": "",
    }
)  # fmt: skip
"""Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010; what people write instead is folded below."""
_SLOPPY = (
    ("shch", "s"), ("sch", "s"), ("kh", "h"), ("zh", "z"), ("ts", "c"), ("tz", "c"), ("sh", "s"), ("ch", "c"),
    ("ck", "k"), ("ph", "f"), ("x", "ks"), ("q", "k"), ("w", "v"), ("g", "h"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_VOWEL_AFTER_I = re.compile(r"i(?=[aeou])")
_TWICE = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """Fold letters: composed, small, without apostrophes and stress marks; ґ as г, ї as і, є as е.

    `М’ята ҐАНОК` and `мята ганок` are the same.
    """
    plain = unicodedata.normalize("NFC", text.replace("\u0301", "")).lower().translate(_APOSTROPHES)
    return plain.translate(_ALIKE)


def words(text: str) -> list[str]:
    """Split folded text into words, in order."""
    return _WORD.findall(fold(text))


def latin(text: str) -> str:
    """Reduce text to a skeleton in Latin letters that every common transliteration of it shares.

    `Шевченко`, `Shevchenko` and `Schewtschenko`'s plainer cousins meet; so do `Леся`, `Lesya` and `Lesia`.
    """
    shape = unicodedata.normalize("NFC", text).lower().translate(_APOSTROPHES).translate(_TO_LATIN)
    for written, meant in _SLOPPY:
        shape = shape.replace(written, meant)
    return _TWICE.sub(r"\1", _VOWEL_AFTER_I.sub("", shape))


def latin_words(text: str) -> list[str]:
    return _WORD.findall(latin(text))


def other_keyboard(text: str) -> str | None:
    """Say what was meant if the keyboard stood on the other language; None where that makes no sense."""
    small = text.lower()
    letters = [letter for letter in small if letter.isalpha()]
    if letters and all(letter.isascii() for letter in letters):
        meant = small.translate(_TO_UKRAINIAN_KEYS)
        return meant if any(letter.isalpha() for letter in meant) else None
    if letters and all("а" <= letter <= "я" or letter in "іїєґ" for letter in letters):
        return small.translate(_TO_ENGLISH_KEYS)
    return None


def isbn13(text: str) -> str | None:
    """Read an ISBN of either length as its 13 digits; None for what is none, or has a wrong check digit.

    Source: ISBN Users' Manual, section 5 and appendix 1.
    """
    digits = re.sub(r"[\s-]", "", text).upper()
    if len(digits) == 10 and re.fullmatch(r"\d{9}[\dX]", digits):
        total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits))
        return _with_check("978" + digits[:9]) if total % 11 == 0 else None
    if len(digits) == 13 and digits.isdecimal() and digits.isascii():
        return digits if _with_check(digits[:12]) == digits else None
    return None


def _with_check(twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


def issn(text: str) -> str | None:
    """Read an ISSN as eight characters; None for what is none. Source: ISO 3297."""
    digits = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        return None
    total = sum((8 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits))
    return digits if total % 11 == 0 else None
