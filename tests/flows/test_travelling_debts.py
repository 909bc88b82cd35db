"""Gate bits another station could not set: told by the centre, mended by this pad at the next sight of the tag."""

import json
from datetime import UTC, datetime
from typing import Any

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.station.view import RowState, SessionView, StackFirstView
from kiosk.store.replica import take_page
from kiosk.store.replica.centres import meet
from kiosk.store.replica.position import position_of
from kiosk.wire.messages import Page
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag
from tests.store.told import debt

CENTRES = "debt-of-the-centre"


def tell(stand: Stand, *changes: Any) -> None:
    """Let the station hear of changes, as its downloader takes them in."""
    store = stand.kiosk.store
    meet(store, "centre")
    place = position_of(store)
    page = Page(incarnation="centre", cursor=f"centre:0:{len(changes)}", changes=changes, more=False, heard={})
    assert take_page(store, page, place, datetime.now(UTC))


def owe(stand: Stand, tag: SimulatedTag, item: str, kind: str) -> None:
    tell(stand, debt(CENTRES, item, tag.uid, kind))


def gates_told(stand: Stand) -> list[tuple[bool, list[str]]]:
    """What the journal says of gate bits: which way, and which debts that closed."""
    rows = [json.loads(text) for (text,) in stand.ask("SELECT payload FROM journal WHERE type = 'gate-set'")]
    return [(row["armed"], row.get("closed", [])) for row in rows]


def test_a_tag_left_open_elsewhere_is_armed_when_anybody_lays_it_down(station: Station, shelf: Shelf) -> None:
    tag = make_tag(shelf.item("0012000001"))
    tag.afi = CLEARED

    with station() as stand:
        stand.opens()
        owe(stand, tag, "0012000001", "gate-not-armed")
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.owes()

        assert tag.afi == ARMED
        assert gates_told(stand) == [(True, [CENTRES])]


def test_a_tag_that_stayed_armed_elsewhere_is_cleared_under_its_loan(station: Station, shelf: Shelf) -> None:
    olena, item = shelf.patron("Олена"), shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item)

    with station() as stand:
        stand.opens()
        owe(stand, tag, item.id, "gate-not-cleared")
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.YOURS)
        stand.owes()

        assert tag.afi == CLEARED
        assert gates_told(stand) == [(False, [CENTRES])]


def test_a_debt_the_ledger_here_contradicts_sets_no_bit(station: Station, shelf: Shelf) -> None:
    olena, item = shelf.patron("Олена"), shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)

    with station() as stand:
        stand.opens()
        owe(stand, tag, item.id, "gate-not-armed")
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.YOURS)

        assert tag.afi == CLEARED
        assert gates_told(stand) == []


def test_a_tag_is_never_cleared_for_a_debt_without_a_loan(station: Station, shelf: Shelf) -> None:
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        owe(stand, tag, "0012000001", "gate-not-cleared")
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)

        assert tag.afi == ARMED
        assert gates_told(stand) == []


def test_a_book_lent_here_since_goes_home_and_takes_the_debt_with_it(station: Station, shelf: Shelf) -> None:
    olena, item = shelf.patron("Олена"), shelf.item("0012000001")
    tag = make_tag(item)
    tag.afi = CLEARED

    with station() as stand:
        stand.opens()
        owe(stand, tag, item.id, "gate-not-armed")
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)
        stand.owes()

        assert stand.on_loan() == {item.id: "Олена"}
        assert tag.afi == CLEARED
        assert stand.open_intents() == []
