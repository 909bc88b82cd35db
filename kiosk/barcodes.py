"""What a printed barcode means here: a patron's card, a copy, or neither. Pure; bytes were read elsewhere.

A branch says by rules which texts are cards and which are copies: how they begin, how long they are, which check
digit ends them. Without rules for copies every other text names a copy, less the shop's own ISBN barcodes.

    check digit   over            source
    codabar       digits          Luhn's mod 10, as libraries use it with Codabar ("2 1234 00123456 7")
    ean           digits          ISO/IEC 15420: weights 3 and 1 from the right
    code39        0-9 A-Z and so  ISO/IEC 16388, annex A: mod 43
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.circulation.model import CardNumber, ItemId

_CODE39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_ISBN = re.compile(r"97[89]\d{10}(?:\d{2}|\d{5})?")  # with the price add-on some scanners send along
_FRAMED = re.compile(r"[A-D](\d+)[A-D]", re.IGNORECASE)
"""A Codabar whose start and stop letters the scanner sends along (ANSI/AIM BC3)."""


class CheckDigit(StrEnum):
    NONE = "none"
    CODABAR = "codabar"
    EAN = "ean"
    CODE39 = "code39"


class Meaning(StrEnum):
    CARD = "card"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class BarcodeRule:
    """Texts of one kind: `prefix` begins them, `lengths` are the letters they may have (none: any), `check` ends them.

    With `strip` the prefix is no part of the number itself.
    """

    meaning: Meaning
    prefix: str = ""
    lengths: tuple[int, ...] = ()
    check: CheckDigit = CheckDigit.NONE
    strip: bool = False

    def number_in(self, text: str) -> str | None:
        """Give the number *text* says by this rule; None when it is of another kind or its check digit is wrong."""
        if not text.startswith(self.prefix) or (self.lengths and len(text) not in self.lengths):
            return None
        if not is_checked(text, self.check):
            return None
        return (text[len(self.prefix) :] if self.strip else text) or None


@dataclass(frozen=True, slots=True)
class ScannedCard:
    """A patron's printed card. Its number can be copied by anybody: it claims, it does not prove."""

    number: CardNumber

    def __repr__(self) -> str:
        """Hide the number: what was scanned may be logged."""
        return "ScannedCard()"


@dataclass(frozen=True, slots=True)
class ScannedCopy:
    item: ItemId


@dataclass(frozen=True, slots=True)
class StrangeBarcode:
    """Neither a card nor a copy of ours. `isbn`: the barcode a publisher prints on every copy of a title."""

    isbn: bool = False


Scanned = ScannedCard | ScannedCopy | StrangeBarcode


@dataclass(frozen=True, slots=True)
class BarcodeScheme:
    """The rules of a branch, in the order they are tried."""

    rules: tuple[BarcodeRule, ...] = ()

    @property
    def has_cards(self) -> bool:
        return any(rule.meaning is Meaning.CARD for rule in self.rules)

    def read(self, text: str) -> Scanned:
        """Say what a scanned *text* means. Codabar's start and stop letters count only where a rule wants them."""
        text = text.strip()
        bare = _FRAMED.fullmatch(text)
        candidates = (text,) if bare is None else (text, bare.group(1))
        for candidate in candidates:
            if (found := _first(self.rules, candidate)) is not None:
                return found
        if _ISBN.fullmatch(text) and is_checked(text[:13], CheckDigit.EAN):
            return StrangeBarcode(isbn=True)
        if not text or any(rule.meaning is Meaning.COPY for rule in self.rules):
            return StrangeBarcode()
        return ScannedCopy(ItemId(candidates[-1]))


def _first(rules: Iterable[BarcodeRule], text: str) -> Scanned | None:
    for rule in rules:
        if (number := rule.number_in(text)) is not None:
            return ScannedCard(CardNumber(number)) if rule.meaning is Meaning.CARD else ScannedCopy(ItemId(number))
    return None


def is_checked(text: str, check: CheckDigit) -> bool:
    """Say whether the last letter of *text* is the check digit of those before it."""
    match check:
        case CheckDigit.NONE:
            return True
        case CheckDigit.CODABAR:
            return _is_number(text) and _luhn(text) % 10 == 0
        case CheckDigit.EAN:
            return _is_number(text) and sum(int(d) * (1, 3)[at % 2] for at, d in enumerate(reversed(text))) % 10 == 0
        case CheckDigit.CODE39:
            values = [_CODE39.find(letter) for letter in text]
            return len(text) > 1 and -1 not in values and sum(values[:-1]) % 43 == values[-1]


def _is_number(text: str) -> bool:
    return len(text) > 1 and text.isascii() and text.isdecimal()


def _luhn(digits: str) -> int:
    """Sum the digits, every second one from the right doubled and its own digits summed."""
    doubled = (int(digit) * (1, 2)[at % 2] for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)
