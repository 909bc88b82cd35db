"""A network of invented titles, copies and patrons, as large as wanted and the same at every run.

Words are put together from Ukrainian syllables, some common and most rare, as words of a language are.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ONSETS = [
    "б", "в", "г", "ґ", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т",
    "х", "ц", "ч", "ш", "гр", "др", "кр", "пр", "ст", "тр", "вл", "сл", "зн", "мр", "бл",
]  # fmt: skip
_VOWELS = ["а", "е", "и", "і", "о", "у", "я", "ю", "є", "ї"]
_CODAS = ["", "", "", "н", "р", "в", "к", "ль", "ст", "й", "т", "м"]
_SUBJECTS = ("проза", "поезія", "драма", "історія", "краєзнавство", "казки", "наука", "мандри", "мистецтво", "ноти")
_LANGUAGES = ("uk", "uk", "uk", "uk", "uk", "uk", "en", "pl", "ru", "de")


@dataclass(frozen=True, slots=True)
class SyntheticNetwork:
    """How many there are of each."""

    titles: int = 150_000
    items: int = 304_000
    patrons: int = 28_000
    words: int = 40_000

    def vocabulary(self) -> list[str]:
        chance = random.Random(7)  # noqa: S311 - the same at every run
        made = dict.fromkeys(_word(chance) for _ in range(self.words * 2))
        return list(made)[: self.words]

    def title_rows(self) -> Iterator[dict[str, Any]]:
        """Titles with author, series, subjects and ISBN; the first words of the vocabulary are the common ones."""
        chance, words = random.Random(11), self.vocabulary()  # noqa: S311 - likewise
        surnames = words[200:4200]
        for number in range(self.titles):
            name = " ".join(_pick(chance, words) for _ in range(chance.randint(2, 6)))
            author = f"{chance.choice(surnames).capitalize()}, {chance.choice(surnames).capitalize()}"
            yield {
                "id": f"t{number:06}",
                "name": name.capitalize(),
                "author": author,
                "authors": [author],
                "year": chance.randint(1950, 2026),
                "language": chance.choice(_LANGUAGES),
                "age_from": chance.choice((0, 0, 0, 6, 12, 16)),
                "series": _pick(chance, words) if chance.random() < 0.2 else "",
                "subjects": [chance.choice(_SUBJECTS)],
                "isbns": [_isbn(number)],
            }

    def item_rows(self) -> Iterator[dict[str, Any]]:
        chance = random.Random(13)  # noqa: S311 - likewise
        branches = ("central", *(f"branch-{n}" for n in range(1, 8)), *(f"children-{n}" for n in range(1, 6)), "music")
        for number in range(self.items):
            title = number if number < self.titles else chance.randrange(self.titles)
            yield {
                "id": f"{30_000_000 + number}",
                "title": f"t{title:06}",
                "type": "book",
                "branch": chance.choice(branches),
                "status": "available",
                "shelf": f"84({chance.randint(0, 9)})",
                "parts": 1,
            }

    def patron_rows(self) -> Iterator[dict[str, Any]]:
        chance, words = random.Random(17), self.vocabulary()[:4000]  # noqa: S311 - likewise
        for number in range(self.patrons):
            yield {
                "id": f"p{number:05}",
                "card": f"{20_000_000 + number}",
                "given_name": chance.choice(words).capitalize(),
                "family_name": chance.choice(words).capitalize(),
                "category": chance.choice(("adult", "adult", "youth", "child")),
                "branch": "central",
                "card_status": "active",
            }


def _word(chance: random.Random) -> str:
    count = chance.choice((2, 2, 3, 3, 4))
    return "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(count)) + chance.choice(_CODAS)


def _pick(chance: random.Random, words: list[str]) -> str:
    """Pick a word; the earlier it stands, the commoner it is (Zipf)."""
    return words[min(int(len(words) ** chance.random()) - 1, len(words) - 1)]


def _isbn(number: int) -> str:
    twelve = f"978966{number:06}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"
