"""The ten commonest visits, and how often a finger touches the screen in each: never where nothing is to be decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Patron
from kiosk.station.view import (
    DoneView,
    PinView,
    ReceiptState,
    ReturnsView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.stand import Shelf, Stand, Station, make_tag, today

RHYTHM = {"idle_s": 9.0, "done_s": 1.5}


class Fingers:
    """Counts the touches of a visit."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.touches = 0

    def touch(self, touch: Touch, value: str = "") -> None:
        self.touches += 1
        self._stand.touch(touch, value)


@contextmanager
def visit(stand: Stand, touches: int) -> Iterator[Fingers]:
    """A visit that takes so many touches, and ends by itself at the welcome."""
    stand.opens()
    fingers = Fingers(stand)
    yield fingers
    stand.sees(WelcomeView)
    assert fingers.touches == touches


def five(shelf: Shelf, patron: Patron | None = None) -> list[SimulatedTag]:
    """Five books, on the shelf or on loan to *patron*."""
    items = [shelf.item(f"00120000{n:02}", title=f"Книжка {n}") for n in range(1, 6)]
    if patron is not None:
        for item in items:
            shelf.lend(item, patron)
    return [make_tag(item, lent=patron is not None) for item in items]


def tap(stand: Stand, patron: Patron) -> None:
    """Hold the card to the card reader for as long as a hand does, and put it away."""
    card = stand.tap(patron)
    stand.sees(SessionView)
    card.remove()


def test_five_books_and_a_card_that_lies_beside_them_take_no_touch(station: Station, shelf: Shelf) -> None:
    olena, books = shelf.patron("Олена"), five(shelf)

    with station(timing=RHYTHM) as stand, visit(stand, 0):
        card = stand.tap(olena)
        stand.lay(*books)
        stand.sees(SessionView, lambda view: view.lent == 5)
        stand.sees(SessionView, lambda view: not view.busy)
        stand.take_away(*books)
        card.remove()

        assert stand.sees(DoneView).lent == 5


def test_five_books_and_a_card_that_was_only_tapped_take_no_touch(station: Station, shelf: Shelf) -> None:
    olena, books = shelf.patron("Олена"), five(shelf)

    with station(timing=RHYTHM) as stand, visit(stand, 0):
        tap(stand, olena)
        stand.lay(*books)
        stand.sees(SessionView, lambda view: view.lent == 5)
        stand.take_away(*books)

        assert stand.sees(DoneView).lent == 5


def test_books_first_and_then_the_card_take_no_touch(station: Station, shelf: Shelf) -> None:
    olena, books = shelf.patron("Олена"), five(shelf)

    with station(timing=RHYTHM) as stand, visit(stand, 0):
        stand.lay(*books)
        stand.sees(StackFirstView, lambda view: view.in_stock == 5)
        tap(stand, olena)
        stand.sees(SessionView, lambda view: view.lent == 5)
        stand.take_away(*books)
        stand.sees(DoneView)


def test_a_child_borrows_with_no_touch(station: Station, shelf: Shelf) -> None:
    ivas = shelf.patron("Івась", category="child", born=today() - timedelta(days=3600))
    books = five(shelf)[:2]

    with station(timing=RHYTHM) as stand, visit(stand, 0):
        tap(stand, ivas)
        stand.lay(*books)
        stand.sees(SessionView, lambda view: view.lent == 2)
        stand.take_away(*books)

        assert stand.sees(DoneView).stamps == 2


def test_books_come_back_with_one_touch_where_the_station_asks(station: Station, shelf: Shelf) -> None:
    books = five(shelf, shelf.patron("Олена"))

    with station(timing=RHYTHM) as stand, visit(stand, 1) as fingers:
        stand.lay(*books)
        stand.sees(StackFirstView, lambda view: view.on_loan == 5)
        fingers.touch(Touch.RETURN)
        stand.sees(ReturnsView, lambda view: view.returned == 5)
        stand.take_away(*books)
        stand.sees(DoneView)


def test_books_come_back_with_no_touch_where_they_are_taken_at_once(station: Station, shelf: Shelf) -> None:
    books = five(shelf, shelf.patron("Олена"))

    with station(station={"returns": "at-once"}, timing=RHYTHM) as stand, visit(stand, 0):
        stand.lay(*books)
        stand.sees(ReturnsView, lambda view: view.returned == 5)
        stand.take_away(*books)
        stand.sees(DoneView)


def test_everything_is_renewed_with_two_touches(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    five(shelf, olena)

    with station(timing=RHYTHM) as stand, visit(stand, 2) as fingers:
        card = stand.tap(olena)
        stand.sees(SessionView)
        fingers.touch(Touch.ACCOUNT)
        stand.sees(SessionView, lambda view: view.account is not None and len(view.account.loans) == 5)
        fingers.touch(Touch.RENEW_ALL)
        stand.sees(
            SessionView, lambda view: view.account is not None and all(one.renewed for one in view.account.loans)
        )
        card.remove()

        assert stand.sees(DoneView).renewed == 5


def test_one_look_at_the_account_takes_one_touch(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    five(shelf, olena)

    with station(timing=RHYTHM | {"resting_card_s": 0.1}) as stand, visit(stand, 1) as fingers:
        card = stand.tap(olena)
        stand.sees(SessionView)
        fingers.touch(Touch.ACCOUNT)
        stand.sees(SessionView, lambda view: view.account is not None)
        card.remove()


def test_a_receipt_takes_one_touch(station: Station, shelf: Shelf) -> None:
    olena, books = shelf.patron("Олена"), five(shelf)

    with station(printer=True, timing=RHYTHM) as stand, visit(stand, 1) as fingers:
        tap(stand, olena)
        stand.lay(*books)
        stand.sees(SessionView, lambda view: view.lent == 5)
        stand.take_away(*books)
        stand.sees(DoneView)
        fingers.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)


def test_a_pin_takes_its_digits_and_nothing_else(station: Station, shelf: Shelf) -> None:
    olena, books = shelf.patron("Олена", pin="1234"), five(shelf)

    with station(timing=RHYTHM) as stand, visit(stand, 4) as fingers:
        card = stand.tap(olena)
        stand.sees(PinView)
        card.remove()
        for digit in "1234":
            fingers.touch(Touch.DIGIT, digit)
        stand.sees(SessionView)
        stand.lay(*books)
        stand.sees_rows(SessionView, *[RowState.LENT] * 5)
        stand.take_away(*books)
        stand.sees(DoneView)
