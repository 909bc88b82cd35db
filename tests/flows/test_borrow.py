"""Borrowing, from the card on the card reader to the ledger and the gate bit, with every book there can be."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from kiosk.station.view import DoneView, RowState, SessionView, Touch, WelcomeView
from tests.stand import ARMED, CLEARED, Shelf, Stand, make_tag

Station = Callable[..., AbstractContextManager[Stand]]


def test_five_books_go_home_without_a_touch(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"00120000{number:02}")) for number in range(5)]

    with station() as stand:
        stand.sees(WelcomeView, lambda view: view.frame.lends)
        card = stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(*tags)
        stand.sees(SessionView, lambda view: view.lent == 5 and not view.busy)

        assert {tag.afi for tag in tags} == {CLEARED}
        assert set(stand.on_loan().values()) == {"Олена"}
        assert stand.open_intents() == []

        stand.lift(*tags)
        card.remove()
        done = stand.sees(DoneView)

        assert done.lent == 5
        assert done.trouble == ()
        assert stand.debts() == []
        stand.sees(WelcomeView)


def test_books_first_then_the_card(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.sees(WelcomeView, lambda view: view.frame.lends)
        stand.lay(tag)
        stand.tap(olena)
        view = stand.sees(SessionView, lambda view: view.lent == 1)

        assert view.rows[0].state is RowState.LENT
        assert tag.afi == CLEARED


def test_a_locked_tag_lends_nothing_and_stays_armed(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))
    tag.lock("afi")

    with station() as stand:
        stand.sees(WelcomeView, lambda view: view.frame.lends)
        stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.STAFF])

        assert tag.afi == ARMED
        assert stand.on_loan() == {}

        stand.touch(Touch.DONE)
        done = stand.sees(DoneView)

        assert [row.state for row in done.trouble] == [RowState.STAFF]
