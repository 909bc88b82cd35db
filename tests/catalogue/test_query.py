"""What somebody may have meant, likeliest first."""

from kiosk.catalogue.query import Attempt, Term, attempts


def says(text: str, known: dict[str, str] | None = None) -> list[Attempt]:
    return list(attempts(text, (known or {}).get))


def test_the_last_word_may_not_be_finished() -> None:
    assert says("тарас шевч")[0] == Attempt((Term("тарас"), Term("шевч", prefix=True)))


def test_an_isbn_is_looked_for_and_nothing_else() -> None:
    assert says("978-966-03-8450-7") == [Attempt((Term("9789660384507"),))]


def test_a_word_nobody_knows_is_mended_and_said() -> None:
    tried = says("кобзрр шевченка", {"кобзрр": "кобзар"})

    assert Attempt((Term("кобзар"), Term("шевченка", prefix=True)), says="кобзар шевченка") in tried


def test_latin_letters_are_tried_as_the_other_keyboard_and_as_transliteration() -> None:
    tried = says("kobzar")

    assert any(one.latin for one in tried)
    assert Attempt((Term("лщияфк", prefix=True),), says="лщияфк") in tried


def test_in_the_end_some_of_the_words_will_do() -> None:
    assert says("кобзар якийсь там")[-1].any_of


def test_nothing_typed_is_nothing_tried() -> None:
    assert says(" — ") == []
