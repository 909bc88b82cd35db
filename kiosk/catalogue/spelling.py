"""How far two words are apart, and which known word somebody most likely meant."""

from collections.abc import Iterable


def allowed_errors(word: str) -> int:
    """Say how many slips of the finger a word of this length may hold: short ones would mean anything."""
    if len(word) < 4 or word.isdecimal():
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str, most: int) -> int:
    """Count letters left out, put in, mistaken or swapped with their neighbour; more than *most* counts as most + 1.

    Damerau's measure with transpositions of neighbours only.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row, older = row, [i], before
        for j, mate in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (letter != mate))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mate:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = previous
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """Choose the known word *word* was meant to be: the nearest, of equally near ones the commonest.

    *known* are words and how often they stand in the catalogue. A wrong first letter is the rarest slip.
    """
    most = allowed_errors(word)
    judged = [
        (distance(word, candidate, most), candidate[:1] != word[:1], -times, candidate) for candidate, times in known
    ]
    near = [one for one in judged if 0 < one[0] <= most]
    return min(near)[-1] if near else None
