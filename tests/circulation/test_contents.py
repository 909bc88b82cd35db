"""The parts of a set, read from what people write in a list."""

import pytest

from kiosk.circulation.contents import read_contents
from kiosk.circulation.model import Part, PartKind


def test_parts_are_read_in_order_with_their_kinds():
    assert read_contents("disc: Диск 1; book: Буклет; Лупа", 3) == (
        Part("Диск 1", PartKind.DISC),
        Part("Буклет", PartKind.BOOK),
        Part("Лупа", PartKind.OTHER),
    )


@pytest.mark.parametrize("said", ["", "  ", ";"])
def test_nothing_said_is_no_contents(said):
    assert read_contents(said, 3) == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("disc: Диск 1", "1 parts are named and there are 2"),
        ("cd: Диск 1; book: Буклет", "there is no kind of part 'cd': use one of book, disc, score, map, game, other"),
    ],
)
def test_what_is_wrong_is_said(said, why):
    with pytest.raises(ValueError, match=why):
        read_contents(said, 2)
