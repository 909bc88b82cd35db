"""A return and its gate bit: lifted too early, marked by AFI, by EAS too, or not at all; a station that only takes."""

import pytest

from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Item
from kiosk.station.view import (
    DoneView,
    ReturnsView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag

AT_ONCE = {"returns": "at-once"}
WITH_EAS = {"profile": "iso28560+eas"}


@pytest.fixture
def lent(shelf: Shelf) -> Item:
    """A copy Olena has at home."""
    item = shelf.item("0012000001", title="Тигролови")
    shelf.lend(item, shelf.patron("Олена"))
    return item


def snatch_before_arming(stand: Stand, tag: SimulatedTag) -> None:
    stand.opens()
    stand.snatch(tag, TagCode.WRITE_AFI)
    stand.lay(tag)
    stand.sees_rows(ReturnsView, RowState.PUT_BACK)


def test_a_book_lifted_before_it_was_armed_goes_on_when_it_is_put_back(station: Station, lent: Item) -> None:
    tag = make_tag(lent, lent=True)

    with station(station=AT_ONCE) as stand:
        snatch_before_arming(stand, tag)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED

        stand.lay(tag)
        view = stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert view.returned == 1
        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        stand.owes()


def test_a_book_never_put_back_stays_on_loan_until_it_is_seen_again(station: Station, lent: Item) -> None:
    tag = make_tag(lent, lent=True)

    with station(station=AT_ONCE) as stand:
        snatch_before_arming(stand, tag)
        done = stand.sees(DoneView)

        assert done.returned == 0
        assert [row.state for row in done.trouble] == [RowState.PUT_BACK]
        assert stand.on_loan() == {"0012000001": "Олена"}
        stand.owes(("return-unfinished", "0012000001"))

        stand.switch_off()
        stand.switch_on()
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        stand.owes()


def test_a_return_cut_off_by_a_power_cut_is_finished_without_asking(station: Station, lent: Item) -> None:
    tag = make_tag(lent, lent=True)

    with station() as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.snatch(tag, TagCode.SYSTEM_DESCRIPTION)
        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, RowState.PUT_BACK)
        stand.switch_off()

        assert tag.afi == ARMED
        assert stand.on_loan() == {"0012000001": "Олена"}

        stand.switch_on()
        stand.owes(("return-unfinished", "0012000001"))
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        stand.owes()


def test_a_patron_whose_book_was_nearly_returned_can_keep_it(station: Station, shelf: Shelf, lent: Item) -> None:
    olena = shelf.patrons[0]
    tag = make_tag(lent, lent=True)

    with station(station=AT_ONCE) as stand:
        snatch_before_arming(stand, tag)
        stand.sees(WelcomeView)
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert stand.ask("SELECT state FROM loans ORDER BY lent_at") == [("returned",), ("open",)]
        assert tag.afi == CLEARED
        stand.owes()


def test_where_gates_read_eas_too_both_marks_go_off_and_on(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))
    tag.eas = True

    with station(gate=WITH_EAS) as stand:
        stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.LENT)

        assert (tag.afi, tag.eas) == (CLEARED, False)

        stand.take_away(tag)
        stand.lay(tag)
        again = stand.sees(SessionView, lambda view: view.rows[0].can_return)
        stand.touch(Touch.RETURN_ROW, again.rows[0].key)
        stand.sees_rows(SessionView, RowState.RETURNED)

        assert (tag.afi, tag.eas) == (ARMED, True)
        assert view.lent == 1
        assert stand.on_loan() == {}


def test_a_tag_whose_eas_is_locked_on_is_not_lent(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))
    tag.eas = True
    tag.lock("eas")

    with station(gate=WITH_EAS) as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.STAFF)
        stand.owes()

        assert stand.on_loan() == {}
        assert (tag.afi, tag.eas) == (ARMED, True)


def test_a_house_without_gates_touches_no_tag(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))
    tag.afi = 0x00
    tag.lock("afi")

    with station(gate={"profile": "none"}) as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена"}

        stand.take_away(tag)
        stand.lay(tag)
        again = stand.sees(SessionView, lambda view: view.rows[0].can_return)
        stand.touch(Touch.RETURN_ROW, again.rows[0].key)
        stand.sees_rows(SessionView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == 0x00
        stand.owes()


def test_a_station_that_only_takes_takes_back_from_who_shows_a_card_too(
    station: Station, shelf: Shelf, lent: Item
) -> None:
    taras = shelf.patron("Тарас")
    stays, lent_here = make_tag(shelf.item("0012000002")), make_tag(lent, lent=True)

    with station(station={"lends": False, "returns": "at-once"}) as stand:
        welcome = stand.opens()
        stand.tap(taras)
        stand.sees(SessionView)
        stand.lay(stays, lent_here)
        stand.sees_rows(SessionView, RowState.RETURNED, RowState.RETURNED)

        assert not welcome.frame.lends
        assert stand.on_loan() == {}
        assert {stays.afi, lent_here.afi} == {ARMED}
        assert stand.open_intents() == []


def test_a_station_that_only_takes_takes(station: Station, lent: Item) -> None:
    tag = make_tag(lent, lent=True)

    with station(station={"lends": False, "returns": "at-once"}) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
