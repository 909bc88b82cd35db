"""What a printed barcode means by a branch's rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import (
    BarcodeRule,
    BarcodeScheme,
    CheckDigit,
    Meaning,
    ScannedCard,
    ScannedCopy,
    StrangeBarcode,
    is_checked,
)

CARDS = BarcodeRule(Meaning.CARD, prefix="2", lengths=(14,), check=CheckDigit.CODABAR)
COPIES = BarcodeRule(Meaning.COPY, prefix="3", lengths=(14,), check=CheckDigit.CODABAR)
LIBRARY = BarcodeScheme((CARDS, COPIES))
CARD, COPY = "21234000000018", "31234000000016"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("79927398713", CheckDigit.CODABAR),  # the textbook example of the algorithm of Luhn
        ("21234000000018", CheckDigit.CODABAR),
        ("4006381333931", CheckDigit.EAN),  # the example of ISO/IEC 15420 in every textbook
        ("CODE39W", CheckDigit.CODE39),  # the values sum to 75 = 43 + 32, and 32 is W
    ],
)
def test_a_check_digit_is_known_and_any_other_last_letter_is_not(text: str, check: CheckDigit) -> None:
    others = {text[:-1] + digit for digit in "0123456789W" if digit != text[-1]}

    assert is_checked(text, check)
    assert not any(is_checked(other, check) for other in others)


def test_a_card_and_a_copy_are_told_apart() -> None:
    assert LIBRARY.read(CARD) == ScannedCard(CARD)
    assert LIBRARY.read(COPY) == ScannedCopy(COPY)


def test_a_wrong_check_digit_is_neither() -> None:
    assert LIBRARY.read("21234000000017") == StrangeBarcode()


def test_start_and_stop_letters_of_codabar_are_no_part_of_the_number() -> None:
    assert LIBRARY.read("A21234000000018B") == ScannedCard(CARD)


def test_a_publishers_barcode_is_told_as_one() -> None:
    assert LIBRARY.read("9789661234566") == StrangeBarcode(isbn=True)
    assert BarcodeScheme().read("9789661234566") == StrangeBarcode(isbn=True)


def test_without_rules_for_copies_every_other_text_is_one() -> None:
    assert BarcodeScheme((CARDS,)).read(" ZT-000123 ") == ScannedCopy("ZT-000123")


def test_a_rule_may_take_its_prefix_off() -> None:
    scheme = BarcodeScheme((BarcodeRule(Meaning.CARD, prefix="LT:", strip=True),))

    assert scheme.read("LT:00042") == ScannedCard("00042")


def test_a_card_is_never_written_out_in_a_log() -> None:
    assert CARD not in repr(LIBRARY.read(CARD))


@given(st.text())
def test_whatever_is_scanned_has_a_meaning(text: str) -> None:
    assert isinstance(LIBRARY.read(text), ScannedCard | ScannedCopy | StrangeBarcode)
