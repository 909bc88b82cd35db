"""A siren, a power cut, closed doors: what is in hand is finished, nothing new begins, and work goes on by itself."""

from datetime import datetime

import pytest

from kiosk.devices import HouseSignals
from kiosk.station import effects as do
from kiosk.station import events as on
from kiosk.station.setup import AfterHours, Setup
from kiosk.station.view import (
    ClosedView,
    DoneView,
    OutOfOrderView,
    RowState,
    SessionView,
    ShelterView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.fakes import FakeLibrary
from tests.station.test_visits import OLENA, PETRO, book, rows, tap
from tests.station.world import World

SIREN, CLEAR = on.HouseHeard(HouseSignals(air_raid=True)), on.HouseHeard(HouseSignals())
BATTERY = HouseSignals(on_battery=True, percent=80, minutes=42)
MORNING = datetime(2026, 12, 1, 10, 0)  # noqa: DTZ001 - civil time at the branch


def world_of(**setup: object) -> World:
    return World(FakeLibrary(patrons={"olena": OLENA, "petro": PETRO}), Setup(run="r", **setup))  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return world_of()


def test_a_siren_shows_the_shelter_and_the_all_clear_brings_the_station_back(world: World) -> None:
    world.tell(SIREN)
    assert isinstance(world.view, ShelterView)

    world.tell(CLEAR)

    assert isinstance(world.view, WelcomeView)


def test_a_siren_ends_a_quiet_visit_with_a_short_goodbye(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.tell(SIREN)
    assert isinstance(world.view, DoneView)

    world.pass_time(8.1)

    assert isinstance(world.view, ShelterView)
    assert world.loans() == {"1"}
    assert not world.tag_of("1").armed


@pytest.mark.parametrize("worked", range(4))
def test_a_siren_in_the_middle_of_a_loan_finishes_it_and_begins_no_other(world: World, worked: int) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    for _ in range(worked):
        if world.waiting:
            world.work_once()
    world.tell(SIREN)
    world.lay(book("2"))
    world.hold = False
    world.work()
    world.pass_time(30)

    assert isinstance(world.view, ShelterView)
    assert "2" not in world.loans()
    assert world.tag_of("1").armed is ("1" not in world.loans())


def test_books_without_a_card_lie_safe_through_an_alarm(world: World) -> None:
    world.library.on_loan[book("1").item] = OLENA.patron  # type: ignore[index]
    world.lay(book("1"))
    assert isinstance(world.view, StackFirstView)
    world.tell(SIREN)
    assert isinstance(world.view, ShelterView)
    assert world.loans() == {"1"}

    world.lift()
    world.tell(CLEAR)
    world.lay(book("1"))

    assert isinstance(world.view, StackFirstView)


def test_nobody_begins_anything_under_a_siren(world: World) -> None:
    world.tell(SIREN)
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.RETURN)
    world.pass_time(100)

    assert isinstance(world.view, ShelterView)
    assert world.loans() == set()


def test_a_pin_half_typed_is_forgotten_under_a_siren(world: World) -> None:
    tap(world, "petro")
    world.touch(Touch.DIGIT, "1")

    world.tell(SIREN)

    assert isinstance(world.view, ShelterView)
    assert world.view.frame.language == "uk"


def test_whoever_reads_english_reads_the_way_to_the_shelter_in_english(world: World) -> None:
    tap(world)
    world.touch(Touch.LANGUAGE, "en")

    world.tell(SIREN)

    assert isinstance(world.view, ShelterView)
    assert world.view.frame.language == "en"


def test_on_battery_books_come_back_and_none_goes_out(world: World) -> None:
    world.tell(on.HouseHeard(BATTERY))

    assert isinstance(world.view, WelcomeView)
    frame = world.view.frame
    assert (frame.lends, frame.returns, frame.on_battery, frame.battery_minutes) == (False, True, True, 42)

    world.tell(CLEAR)
    assert world.view.frame.lends


def test_a_visit_that_runs_when_the_power_goes_is_not_cut(world: World) -> None:
    tap(world)
    world.lay(book("1"))

    world.tell(on.HouseHeard(BATTERY))

    assert isinstance(world.view, SessionView)
    assert rows(world) == {"1": RowState.LENT}


@pytest.mark.parametrize("low", [{"percent": 14, "minutes": 60}, {"percent": 90, "minutes": 4}, {"percent": 3}])
def test_a_battery_that_is_nearly_empty_closes_the_station_politely(world: World, low: dict[str, int]) -> None:
    world.tell(on.HouseHeard(HouseSignals(on_battery=True, **low)))

    assert isinstance(world.view, ClosedView)
    assert world.view.battery_low


def test_a_battery_nobody_can_measure_is_not_taken_for_empty(world: World) -> None:
    world.tell(on.HouseHeard(HouseSignals(on_battery=True)))

    assert isinstance(world.view, WelcomeView)


@pytest.mark.parametrize(
    ("habit", "lends", "returns"),
    [(AfterHours.AS_USUAL, True, True), (AfterHours.RETURNS_ONLY, False, True)],
)
def test_after_hours_a_station_does_what_its_branch_says(habit: AfterHours, lends: bool, returns: bool) -> None:
    world = world_of(after_hours=habit)
    world.tell(on.DoorsTold(open=False, opens=MORNING))

    assert isinstance(world.view, WelcomeView)
    assert (world.view.frame.lends, world.view.frame.returns, world.view.frame.after_hours) == (lends, returns, True)


def test_a_station_that_closes_with_its_branch_says_when_it_opens() -> None:
    world = world_of(after_hours=AfterHours.CLOSED)
    world.tell(on.DoorsTold(open=False, opens=MORNING))
    assert isinstance(world.view, ClosedView)
    assert world.view.opens == MORNING

    world.tell(on.DoorsTold(open=True))

    assert isinstance(world.view, WelcomeView)


def test_closing_time_cuts_no_visit() -> None:
    world = world_of(after_hours=AfterHours.CLOSED)
    tap(world)
    world.lay(book("1"))
    world.tell(on.DoorsTold(open=False, opens=MORNING))
    assert isinstance(world.view, SessionView)

    world.touch(Touch.DONE)
    world.pass_time(20)

    assert isinstance(world.view, ClosedView)


def test_a_pad_that_is_gone_is_out_of_order_whatever_the_hour() -> None:
    world = world_of()
    world.tell(on.DoorsTold(open=False, opens=MORNING))
    world.tell(on.DeviceDown(on.DeviceKind.PAD, "pulled"))

    assert isinstance(world.view, OutOfOrderView)


def test_an_alarm_is_no_effect_on_anything() -> None:
    world = world_of()
    world.hold = True
    world.tell(SIREN)

    assert not [effect for effect in world.waiting if not isinstance(effect, do.NoteVisit)]
