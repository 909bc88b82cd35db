"""What somebody may have meant, likeliest first: the attempts both engines try until one finds something."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kiosk.catalogue.folding import isbn13, issn, latin_words, other_keyboard, words

MOST_WORDS = 12
_SHORTEST_STEM = 4
_SHORTEST_SHAPE = 3
"""Letters of a transliterated word: `zzzz` is left with one, and would mean everything."""


@dataclass(frozen=True, slots=True)
class Term:
    """A folded word; with `prefix`, every word that begins with it."""

    word: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """All `terms` in one title (or, with `any_of`, at least one). `latin` looks in the transliterated index.

    `says` is what was looked for in the words of a person, where that is not what was typed.
    """

    terms: tuple[Term, ...]
    latin: bool = False
    any_of: bool = False
    says: str | None = None


Correct = Callable[[str], str | None]
"""Finds the word of the catalogue somebody meant; None where the word is known or nothing is near."""


def attempts(text: str, correct: Correct) -> Iterator[Attempt]:
    """Go through what *text* may mean. *correct* is asked only when it comes to that."""
    if (number := isbn13(text) or issn(text)) is not None:
        yield Attempt((Term(number.lower()),))
        return
    typed = words(text)[:MOST_WORDS]
    if not typed:
        return
    yield _plain(typed)
    yield _stems(typed)
    meant = other_keyboard(text)
    switched = words(meant)[:MOST_WORDS] if meant else []
    if switched and switched != typed:
        yield Attempt(_plain(switched).terms, says=meant)
    if text.isascii():
        shapes = latin_words(text)[:MOST_WORDS]
        if shapes and min(map(len, shapes)) >= _SHORTEST_SHAPE:
            yield Attempt(_plain(shapes).terms, latin=True)
    yield from _corrected(typed, correct)
    if switched and switched != typed:
        yield from _corrected(switched, correct)
    if len(typed) > 1:
        yield Attempt(tuple(Term(word, prefix=len(word) > _SHORTEST_STEM) for word in typed), any_of=True)


def _plain(typed: list[str]) -> Attempt:
    """The words as they are; the last one may not be finished yet."""
    *whole, last = typed
    return Attempt((*(Term(word) for word in whole), Term(last, prefix=True)))


def _stems(typed: list[str]) -> Attempt:
    """The words without their last letters: Ukrainian bends words at the end, `казки` stands under `казка`."""
    return Attempt(tuple(Term(_stem(word), prefix=True) for word in typed))


def _stem(word: str) -> str:
    if not word.isalpha():
        return word
    return word[: max(_SHORTEST_STEM, len(word) - 2)] if len(word) > _SHORTEST_STEM else word


def _corrected(typed: list[str], correct: Correct) -> Iterator[Attempt]:
    mended = [correct(word) or word for word in typed]
    if mended != typed:
        yield Attempt(_plain(mended).terms, says=" ".join(mended))
        yield Attempt(_stems(mended).terms, says=" ".join(mended))
