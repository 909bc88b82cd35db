"""Spelling as people have it becomes the catalogue's."""

import pytest

from kiosk.catalogue.folding import fold, isbn13, issn, latin, other_keyboard, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("м'ята", "М’ята"), ("мята", "Мʼята"), ("ганок", "Ґанок"), ("зхати", "З’їхати"), ("едність", "Єдність"),
        ("Зйомка", "Зи\u0306омка"), ("за\u0301мок", "замок"), ("КОБЗАР", "кобзар"), ("подьезд", "Подъезд"),
    ],
)  # fmt: skip
def test_folded_they_are_the_same(typed: str, meant: str) -> None:
    assert fold(typed).replace("і", "") == fold(meant).replace("і", "")


def test_words_are_letters_and_digits() -> None:
    assert words("Гаррі Поттер — 7, або «Смертельні реліквії»") == [
        "гаррі",
        "поттер",
        "7",
        "або",
        "смертельні",
        "реліквіі",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Shevchenko", "Шевченко"), ("Lesya", "Леся"), ("Lesia", "Леся"), ("Ukrayinka", "Українка"),
        ("Ukrainka", "Українка"), ("zakhar", "Захар"), ("zahar", "Захар"), ("Kotsiubynskyi", "Коцюбинський"),
        ("Kotsyubynsky", "Коцюбинський"), ("Hryhorii", "Григорій"), ("Grygoriy", "Григорій"), ("Yevhen", "Євген"),
        ("Evgen", "Євген"), ("Shchedryk", "Щедрик"), ("Zhadan", "Жадан"), ("Xvylovyi", "Ксвиловий"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_name_in_latin_letters_is_one(typed: str, meant: str) -> None:
    assert latin(typed) == latin(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Itdxtyrj", "шевченко"), ("rj,pfh", "кобзар"), ("Рфккн Зщееук", "harry potter"), ("123", None)],
)
def test_the_other_keyboard_is_seen_through(typed: str, meant: str | None) -> None:
    assert other_keyboard(typed) == meant


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("978-966-03-8450-7", "9789660384507"), ("966-03-4567-5", None), ("0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"), ("9789660384508", None), ("кобзар", None), ("", None),
    ],
)  # fmt: skip
def test_an_isbn_of_either_length_is_its_thirteen_digits(typed: str, number: str | None) -> None:
    assert isbn13(typed) == number


def test_an_issn_is_known_by_its_check_digit() -> None:
    assert (issn("0378-5955"), issn("0378-5956"), issn("2434-561X")) == ("03785955", None, "2434561X")
