"""Answers that come late or not at all in a return: what the tags said is kept, whatever the screen shows meanwhile."""

import pytest

from kiosk.circulation.model import ItemId, PatronId, Refusal
from kiosk.library.port import Readiness
from kiosk.station.events import LibraryReady
from kiosk.station.view import DoneView, OutOfOrderView, ReturnsView, RowState, Touch, WelcomeView
from tests.fakes import FakeLibrary
from tests.station.test_visits import book, rows
from tests.station.world import World

OLENA = PatronId("olena")


@pytest.fixture
def world() -> World:
    return World(FakeLibrary(on_loan={ItemId("1"): OLENA, ItemId("2"): OLENA}))


def arm_without_an_answer(world: World) -> None:
    """Let the library fall silent just when the bit of a returned copy has been armed."""
    world.touch(Touch.RETURN)
    world.hold = True
    world.lay(book("1", armed=False))
    for _ in range(3):
        world.work_once()  # tag read, return begun, gate bit armed
    world.library.silent = True
    world.hold = False
    world.work()


def test_a_return_the_library_did_not_hear_of_is_committed_when_it_is_back(world: World) -> None:
    arm_without_an_answer(world)

    assert rows(world) == {"1": RowState.CLOSING}
    assert world.tag_of("1").armed
    assert ItemId("1") in world.loans()

    world.library.silent = False
    world.pass_time(6)

    assert rows(world) == {"1": RowState.RETURNED}
    assert ItemId("1") not in world.loans()


def test_a_return_the_library_did_not_hear_of_is_committed_after_its_visit_is_long_over(world: World) -> None:
    arm_without_an_answer(world)
    world.touch(Touch.DONE)
    world.pass_time(16)

    assert isinstance(world.view, DoneView)
    assert [row.state for row in world.view.trouble] == [RowState.CLOSING]

    world.lift()
    world.pass_time(60)

    assert isinstance(world.view, OutOfOrderView)
    assert ItemId("1") in world.loans()

    world.library.silent = False
    world.pass_time(6)

    assert world.loans() == {ItemId("2")}
    assert world.state.unsettled == ()


def test_a_book_still_looked_at_when_return_is_touched_is_returned_with_the_others(world: World) -> None:
    world.lay(book("1", armed=False))
    world.hold = True
    world.lay(book("2", armed=False))
    world.work_once()  # the second tag is read, and looked up
    world.touch(Touch.RETURN)
    world.hold = False
    world.work()

    assert isinstance(world.view, ReturnsView)
    assert rows(world) == {"1": RowState.RETURNED, "2": RowState.RETURNED}
    assert world.loans() == set()


def test_a_return_that_could_not_even_be_begun_is_refused_and_touches_no_tag(world: World) -> None:
    world.lay(book("1", armed=False))
    world.library.silent = True
    world.touch(Touch.RETURN)

    assert isinstance(world.view, ReturnsView)
    assert [reason.refusal for reason in world.view.rows[0].reasons] == [Refusal.LIBRARY_SILENT]
    assert not world.tag_of("1").armed

    world.library.silent = False
    world.pass_time(6)
    world.lift()
    world.lay(book("1", armed=False))

    assert rows(world) == {"1": RowState.RETURNED}


def test_a_return_that_could_not_even_be_begun_does_not_hold_the_screen_for_ever(world: World) -> None:
    world.lay(book("1", armed=False))
    world.library.silent = True
    world.touch(Touch.RETURN)
    world.library.silent = False
    world.pass_time(60)

    assert isinstance(world.view, WelcomeView)


def test_a_library_that_takes_books_back_and_lends_nothing_is_a_place_for_returns(world: World) -> None:
    world.tell(LibraryReady(Readiness(lends=False)))

    view = world.view
    assert isinstance(view, WelcomeView)
    assert (view.frame.lends, view.frame.returns) == (False, True)

    world.tell(LibraryReady(Readiness()))
    assert isinstance(world.view, WelcomeView)
    assert world.view.frame.lends


def test_a_library_that_does_nothing_says_what_is_missing(world: World) -> None:
    world.tell(LibraryReady(Readiness(lends=False, takes_back=False)))

    view = world.view
    assert isinstance(view, OutOfOrderView)
    assert view.missing == ("library",)
