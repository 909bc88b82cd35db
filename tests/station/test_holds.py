"""A refusal that leads on: whoever may not have a book now joins its queue with one touch, and may leave it again."""

from dataclasses import replace

import pytest

from kiosk.circulation.model import ItemId, PatronId, Reason, Refusal, TitleId
from kiosk.library.port import CheckoutAnswer, Copy, NotLent, Words
from kiosk.station import effects as do
from kiosk.station.view import RowState, SessionView, Touch, WelcomeView
from tests.fakes import FakeLibrary
from tests.station.test_visits import OLENA, TARAS, book, tap
from tests.station.world import World


class NamingLibrary(FakeLibrary):
    """A library that says what title a copy is of."""

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        answers = super().checkout(patron, copies)
        return tuple(replace(one, words=named(one.copy)) if isinstance(one, NotLent) else one for one in answers)


def named(copy: Copy) -> Words:
    return Words(copy.item, id=TitleId(f"t-{copy.item}"))


@pytest.fixture
def world() -> World:
    library = NamingLibrary(patrons={"olena": OLENA, "taras": TARAS})
    library.on_loan[ItemId("1")] = TARAS.patron
    library.refused[ItemId("2")] = Refusal.NOT_FOR_LOAN
    return World(library)


def seen(world: World) -> SessionView:
    assert isinstance(world.view, SessionView)
    return world.view


def test_a_book_somebody_else_has_offers_its_queue_and_one_touch_joins_it(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    row = seen(world).rows[0]
    assert (row.state, row.can_hold, row.place) == (RowState.REFUSED, True, 0)

    world.touch(Touch.HOLD, row.key)

    row, news = seen(world).rows[0], seen(world).hold_news
    assert (row.can_hold, row.place) == (False, 1)
    assert news is not None
    assert (news.title, news.place, news.reasons) == ("t-1", 1, ())
    assert world.library.held == [(OLENA.patron, "t-1")]


def test_a_book_nobody_lends_offers_no_queue(world: World) -> None:
    tap(world)
    world.lay(book("2"))

    world.touch(Touch.HOLD, seen(world).rows[0].key)

    assert not seen(world).rows[0].can_hold
    assert world.library.held == []


def test_a_title_found_in_the_catalogue_is_asked_for_by_its_name(world: World) -> None:
    tap(world)

    world.touch(Touch.HOLD_TITLE, "t-77")

    assert world.library.held == [(OLENA.patron, "t-77")]


def test_a_second_wish_for_the_same_title_says_why_not(world: World) -> None:
    tap(world)
    world.touch(Touch.HOLD_TITLE, "t-77")

    world.touch(Touch.HOLD_TITLE, "t-77")

    news = seen(world).hold_news
    assert news is not None
    assert news.reasons == (Reason(Refusal.ALREADY_HELD),)


def test_a_hold_is_given_up_with_one_touch(world: World) -> None:
    tap(world)
    world.touch(Touch.HOLD_TITLE, "t-77")

    world.touch(Touch.CANCEL_HOLD, "t-77")

    news = seen(world).hold_news
    assert news is not None
    assert news.cancelled
    assert world.library.held == []


def test_two_fingers_ask_once_and_the_visit_waits_for_the_answer(world: World) -> None:
    tap(world)
    world.hold = True
    world.touch(Touch.HOLD_TITLE, "t-77")
    world.touch(Touch.HOLD_TITLE, "t-77")
    world.touch(Touch.DONE)

    assert sum(isinstance(effect, do.PlaceHold) for effect in world.waiting) == 1
    assert seen(world).finishing

    world.work()

    assert isinstance(world.view, WelcomeView)


def test_a_silent_library_promises_no_place(world: World) -> None:
    tap(world)
    world.library.silent = True
    world.touch(Touch.HOLD_TITLE, "t-77")

    assert seen(world).hold_news is None
    assert world.library.held == []
