"""What stands around every screen: it follows whoever is here, changes no visit, and is forgotten when they go."""

import pytest

from kiosk.devices import CardIdentity
from kiosk.station import events as on
from kiosk.station.setup import Setup
from kiosk.station.view import Change, Look, RowState, SessionView, Touch, WelcomeView
from tests.fakes import FakeLibrary
from tests.station.test_visits import OLENA, book, rows, tap
from tests.station.world import World


@pytest.fixture
def world() -> World:
    return World(FakeLibrary(patrons={"olena": OLENA}))


def test_text_grows_by_touches_and_comes_round(world: World) -> None:
    sizes = []
    for _ in range(4):
        world.touch(Touch.LOOK, Change.TEXT)
        sizes.append(world.view.frame.look.text)

    assert sizes == [125, 150, 200, 100]


@pytest.mark.parametrize("change", [Change.CONTRAST, Change.DARK, Change.REACH, Change.SPOKEN])
def test_every_habit_is_one_touch_on_and_one_off(world: World, change: Change) -> None:
    world.touch(Touch.LOOK, change)
    assert getattr(world.view.frame.look, change) is True

    world.touch(Touch.LOOK, change)
    assert world.view.frame.look == Look()


def test_a_branch_may_start_with_another_look_and_reset_goes_back_to_it() -> None:
    usual = Look(text=125, reach=True)
    world = World(setup=Setup(run="r", look=usual))
    world.touch(Touch.LOOK, Change.DARK)
    assert world.view.frame.look == Look(text=125, reach=True, dark=True)

    world.touch(Touch.LOOK, Change.RESET)

    assert world.view.frame.look == usual


def test_look_and_language_change_in_the_middle_of_a_visit_and_lose_nothing(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.LOOK, Change.TEXT)
    world.touch(Touch.LANGUAGE, "en")

    assert rows(world) == {"1": RowState.LENT}
    assert (world.view.frame.language, world.view.frame.look.text) == ("en", 125)


def test_the_next_patron_finds_the_usual_look(world: World) -> None:
    tap(world)
    world.touch(Touch.LOOK, Change.CONTRAST)
    world.touch(Touch.CALL)
    world.touch(Touch.DONE)

    assert isinstance(world.view, WelcomeView)
    assert world.view.frame.look == Look()
    assert not world.view.frame.called


def test_a_look_nobody_uses_any_more_is_forgotten_on_the_welcome_screen(world: World) -> None:
    world.touch(Touch.LOOK, Change.TEXT)
    world.pass_time(59)
    assert world.view.frame.look.text == 125

    world.pass_time(2)

    assert world.view.frame.look == Look()


def test_nonsense_is_no_look(world: World) -> None:
    world.touch(Touch.LOOK, "upside-down")

    assert world.view.frame.look == Look()


def test_help_opens_and_closes_and_makes_way_for_books(world: World) -> None:
    tap(world)
    world.touch(Touch.HELP)
    assert world.view.frame.helping

    world.lay(book("1"))

    assert not world.view.frame.helping
    assert rows(world) == {"1": RowState.LENT}


@pytest.mark.parametrize("panel", [Touch.HELP, Touch.FIND])
def test_an_open_panel_makes_way_for_a_card(world: World, panel: Touch) -> None:
    world.touch(panel)

    tap(world)

    assert isinstance(world.view, SessionView)
    assert not world.view.frame.helping
    assert not world.view.frame.finding


def test_help_and_catalogue_are_never_open_together(world: World) -> None:
    world.touch(Touch.HELP)
    world.touch(Touch.FIND)
    assert (world.view.frame.helping, world.view.frame.finding) == (False, True)

    world.touch(Touch.FIND_CLOSE)
    assert not world.view.frame.finding


def test_whoever_searches_has_the_catalogue_and_whoever_leaves_it_gives_it_back(world: World) -> None:
    world.touch(Touch.FIND)
    for _ in range(5):
        world.pass_time(40)
        world.touch(Touch.HERE)
    assert world.view.frame.finding

    world.pass_time(61)

    assert not world.view.frame.finding


def test_a_person_is_called_once_however_often_it_is_touched(world: World) -> None:
    world.touch(Touch.CALL)
    world.touch(Touch.CALL)

    assert world.calls == 1
    assert world.view.frame.called


def test_a_goodbye_waits_for_whoever_still_chooses_how_to_read_it(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.DONE)
    world.pass_time(11)

    world.touch(Touch.LOOK, Change.TEXT)
    world.pass_time(11)

    assert not isinstance(world.view, WelcomeView)


def test_an_unreadable_card_is_not_hidden_behind_help(world: World) -> None:
    world.touch(Touch.HELP)

    world.tell(on.CardPresented("slot", CardIdentity("uid", "stranger")))

    assert not world.view.frame.helping
