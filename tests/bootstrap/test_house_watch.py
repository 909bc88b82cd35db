"""The watch of the house tells what changed, forgets nobody for one lost answer, and knows the doors."""

from datetime import date, datetime, time

import pytest

from kiosk.bootstrap.house_watch import HouseWatch, StaffSiren
from kiosk.circulation.model import OpeningHours
from kiosk.devices import DeviceLost, HouseSignals
from kiosk.station.events import DoorsTold, Event, HouseHeard

DAY = (time(10), time(19))
HOURS = OpeningHours((DAY, DAY, DAY, DAY, DAY, None, None), frozenset({date(2026, 12, 1)}))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 - civil time at the branch


class Moody:
    """A source that says what it is told, or is gone."""

    def __init__(self) -> None:
        self.says: HouseSignals | None = HouseSignals()

    def poll(self) -> HouseSignals:
        if self.says is None:
            raise DeviceLost("gone")
        return self.says


class Watched:
    def __init__(self, *sources: Moody | StaffSiren) -> None:
        self.told: list[Event] = []
        self.time = at(27, 12)
        self.watch = HouseWatch(sources, HOURS, lambda: self.time, self.told.append)

    def look(self) -> list[Event]:
        self.told.clear()
        self.watch.look()
        return list(self.told)


def test_the_first_look_tells_everything_and_the_second_nothing() -> None:
    house = Watched(Moody())

    assert house.look() == [HouseHeard(HouseSignals()), DoorsTold(open=True)]
    assert house.look() == []


def test_two_sources_are_heard_as_one() -> None:
    siren, battery = StaffSiren(), Moody()
    house = Watched(siren, battery)
    house.look()
    siren.sound(on=True)
    battery.says = HouseSignals(on_battery=True, percent=50)

    assert house.look() == [HouseHeard(HouseSignals(air_raid=True, on_battery=True, percent=50))]

    siren.sound(on=False)
    assert house.look() == [HouseHeard(HouseSignals(on_battery=True, percent=50))]


def test_one_lost_answer_is_no_all_clear_and_many_are() -> None:
    source = Moody()
    source.says = HouseSignals(air_raid=True)
    house = Watched(source)
    house.look()
    source.says = None

    assert house.look() == []
    assert house.look() == []
    assert house.look() == [HouseHeard(HouseSignals())]


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(27, 8), at(27, 10)),  # Friday before the doors open
        (at(27, 19), at(30, 10)),  # Friday evening: Monday
        (at(30, 20), datetime(2026, 12, 2, 10)),  # noqa: DTZ001 - Monday evening, and Tuesday is a day off
    ],
)
def test_closed_doors_say_when_they_open(moment: datetime, opens: datetime) -> None:
    house = Watched()
    house.time = moment

    assert house.look()[-1] == DoorsTold(open=False, opens=opens)


def test_a_branch_that_never_opens_promises_nothing() -> None:
    house = Watched()
    house.watch = HouseWatch((), OpeningHours((None,) * 7), lambda: house.time, house.told.append)

    assert house.look()[-1] == DoorsTold(open=False)
