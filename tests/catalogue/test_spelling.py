"""How far words are apart."""

import pytest

from kiosk.catalogue.spelling import distance, nearest


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("кобзар", "кобзар", 0),
        ("кобзар", "кобзра", 1),
        ("кобзар", "кбзар", 1),
        ("кобзар", "кообзар", 1),
        ("кобзар", "пікзар", 3),
    ],
)
def test_slips_of_the_finger_are_counted(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == min(apart, 3)


def test_the_nearest_word_is_meant_and_of_equals_the_commonest() -> None:
    known = [("кобзар", 9), ("козар", 2), ("кобза", 4), ("базар", 30)]

    assert nearest("кобзрр", known) == "кобзар"
    assert nearest("кбзар", known) == "кобзар"


@pytest.mark.parametrize("word", ["кіт", "1984", "щось"])
def test_short_words_and_numbers_are_left_alone(word: str) -> None:
    assert nearest(word, [("кит", 5), ("1983", 5), ("десь", 9)]) is None
