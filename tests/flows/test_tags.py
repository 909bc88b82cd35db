"""Tags of every kind on the pad: ours in three data models, other libraries and trades, empty, damaged, cards."""

from collections.abc import Callable

import pytest

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Reason, Refusal
from kiosk.station.view import ReturnsView, RowState, SessionView, StackFirstView, Touch
from kiosk.tags.encode import encode
from kiosk.tags.model import TagModel, Usage
from tests.stand import ARMED, CLEARED, OWNER, Shelf, Station, make_tag


def damaged() -> SimulatedTag:
    """Our own tag with one bit of its item id turned: the checksum tells."""
    tag = make_tag("0012000001", uid="E0040112345678BB")
    tag.memory[4] ^= 0x01
    return tag


def washing_label() -> SimulatedTag:
    """A tag of another trade, from the scarf a patron put down."""
    tag = SimulatedTag.of("E0040112345678AA", b"\x9aWASH 40 NO TUMBLE DRY")
    tag.dsfid = 0x00
    return tag


STRANGE: dict[str, tuple[Callable[[], SimulatedTag], Reason]] = {
    "another-library": (lambda: make_tag("0012000001", owner="DE-1"), Reason(Refusal.FOREIGN_TAG, text="DE-1")),
    "another-trade": (washing_label, Reason(Refusal.FOREIGN_TAG)),
    "empty": (lambda: SimulatedTag.of("E0040112345678CC"), Reason(Refusal.BLANK_TAG)),
    "damaged": (damaged, Reason(Refusal.DAMAGED_TAG)),
    "patron-card": (lambda: make_tag("20000001", usage=Usage.PATRON), Reason(Refusal.PATRON_CARD_ON_PAD)),
    "bank-card": (lambda: SimulatedTag.of("04A1B2C3D4E5F6"), Reason(Refusal.PATRON_CARD_ON_PAD)),
    "discarded": (lambda: make_tag("0012000003", usage=Usage.DISCARDED), Reason(Refusal.WITHDRAWN)),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_tag_is_named_left_alone_and_keeps_nobody_from_borrowing(
    station: Station, shelf: Shelf, kind: str
) -> None:
    olena = shelf.patron("Олена")
    shelf.item("0012000001")
    novel = make_tag(shelf.item("0012000002", title="Тигролови"))
    lay_down, reason = STRANGE[kind]
    strange = lay_down()

    with station() as stand:
        stand.begin(olena)
        stand.lay(strange, novel)
        view = stand.sees_rows(SessionView, RowState.REFUSED, RowState.LENT)
        refused = next(row for row in view.rows if row.state is RowState.REFUSED)

        assert refused.reasons == (reason,)
        assert refused.title == ""
        assert stand.on_loan() == {"0012000002": "Олена"}
        assert (strange.afi, novel.afi) == (ARMED, CLEARED)
        assert stand.open_intents() == []
        assert stand.debts() == []


def test_strange_tags_are_not_taken_back(station: Station, shelf: Shelf) -> None:
    stack = [lay_down() for lay_down, _ in STRANGE.values()]
    for tag in stack:
        tag.afi = CLEARED

    with station() as stand:
        stand.opens()
        stand.touch(Touch.RETURN)
        stand.sees(ReturnsView)
        stand.lay(*stack)
        view = stand.sees_rows(ReturnsView, *[RowState.REFUSED] * len(STRANGE))

        assert sorted(row.reasons[0].refusal for row in view.rows) == sorted(why.refusal for _, why in STRANGE.values())
        assert view.returned == 0
        assert {tag.afi for tag in stack} == {CLEARED}
        assert stand.debts() == []


def test_another_librarys_book_without_a_card_is_named_at_once(station: Station, shelf: Shelf) -> None:
    with station() as stand:
        stand.opens()
        stand.lay(make_tag("0012000001", owner="DE-1"))
        view = stand.sees_rows(StackFirstView, RowState.REFUSED)

        assert (view.on_loan, view.in_stock) == (0, 0)
        assert view.rows[0].reasons == (Reason(Refusal.FOREIGN_TAG, text="DE-1"),)


def test_three_data_models_in_one_stack_are_all_read_lent_and_cleared(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    numbers = ("0012000001", "0012000002", "0012000003")
    danish = make_tag(shelf.item(numbers[0]))
    elements = SimulatedTag.of("E0040100000000B1", encode(TagModel.ISO_28560_2, shelf.item(numbers[1]).id, OWNER))
    elements.dsfid = 0x06
    older = SimulatedTag.of("E0040100000000C1", encode(TagModel.RFID_501, shelf.item(numbers[2]).id))
    older.dsfid = 0x00

    with station() as stand:
        stand.begin(olena)
        stand.lay(danish, elements, older)
        stand.sees_rows(SessionView, *[RowState.LENT] * 3)

        assert set(stand.on_loan()) == set(numbers)
        assert [tag.afi for tag in (danish, elements, older)] == [CLEARED] * 3


def test_a_tag_read_badly_at_first_is_read_again(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.pad.troubles.corrupt = 2
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.pad.troubles.corrupt == 0
        assert tag.afi == CLEARED
