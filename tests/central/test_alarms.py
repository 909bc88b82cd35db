"""What about a station wants somebody's eye."""

from datetime import timedelta

import pytest

from kiosk.central.alarms import Alarm, alarms_of
from kiosk.central.centre import Centre
from kiosk.central.fleet import StationState, note, overview
from kiosk.wire.messages import DeviceHealth, Heartbeat
from tests.central.ingest.stand import NOON
from tests.central_bench import NETWORK

WELL = Heartbeat(version="1.0")


def state(said: Heartbeat | None = WELL, minutes_ago: float = 0, revoked: bool = False) -> StationState:
    heard = None if said is None else NOON - timedelta(minutes=minutes_ago)
    return StationState("a.hall", "a", "hall", True, NOON, NOON if revoked else None, heard, said)


def rung(one: StationState) -> set[Alarm]:
    return {raised.alarm for raised in alarms_of(one, NOON)}


@pytest.mark.parametrize(
    ("said", "alarm"),
    [
        ({"queue": 200}, Alarm.QUEUE), ({"oldest_unsent_s": 900.0}, Alarm.QUEUE), ({"paper": "out"}, Alarm.PAPER),
        ({"devices": (DeviceHealth(kind="pad", driver="feig", ok=False),)}, Alarm.DEVICE),
        ({"failed_checkouts": 1}, Alarm.FAILED_CHECKOUTS), ({"largest_checkout": 25}, Alarm.LARGE_CHECKOUT),
        ({"holds_returned": 2}, Alarm.HOLD_RETURNED), ({"clock_offset": -500.0}, Alarm.CLOCK),
        ({"clock_trusted": False}, Alarm.CLOCK), ({"settings_trouble": "bad"}, Alarm.SETTINGS),
        ({"disk_free_mb": 90}, Alarm.DISK), ({"debts": 3}, Alarm.DEBTS),
    ],
)  # fmt: skip
def test_each_trouble_rings_its_own_alarm(said: dict[str, object], alarm: Alarm) -> None:
    assert rung(state(WELL.model_copy(update=said))) == {alarm}


def test_a_station_that_is_well_rings_nothing() -> None:
    assert rung(state()) == set()


def test_silence_says_more_than_the_last_word() -> None:
    assert rung(state(WELL.model_copy(update={"paper": "out"}), minutes_ago=6)) == {Alarm.SILENT}
    assert rung(state(None)) == {Alarm.NEVER_HEARD}


def test_a_station_that_was_shut_out_rings_nothing() -> None:
    assert rung(state(None, revoked=True)) == set()


def test_only_the_newest_word_of_a_station_is_kept(centre: Centre) -> None:
    for queue in (5, 3):
        said = WELL.model_copy(update={"queue": queue})
        centre.carry_out(lambda work, said=said: note(work, NETWORK, "a.hall", said, NOON))  # type: ignore[misc]

    assert centre.look(lambda work: overview(work, NETWORK)) == ()  # nobody enrolled it
