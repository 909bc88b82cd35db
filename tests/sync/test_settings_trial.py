"""Settings pushed from the centre: tried once, taken back when they harm, never tried again unchanged."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.sync.settings_trial import Trial, accepted, failed, proven, refused, started

OLD, NEW, NEWER = {"network": 1}, {"network": 2}, {"network": 2, "station:central.hall": 1}
GOOD = Trial(good=OLD)


def test_new_settings_are_tried_and_the_former_stay_at_hand() -> None:
    trial = accepted(GOOD, NEW, ("pad",))

    assert trial.in_force == NEW
    assert trial.good == OLD
    assert not trial.is_news(NEW)


def test_settings_the_station_is_well_with_are_the_good_ones() -> None:
    trial = proven(started(accepted(GOOD, NEW, ("pad",))))

    assert (trial.good, trial.in_force, trial.on_trial) == (NEW, NEW, False)


def test_settings_the_station_is_not_well_with_are_taken_back_and_not_tried_again() -> None:
    trial = failed(started(accepted(GOOD, NEW, ("pad",))), "no pad")

    assert trial.in_force == OLD
    assert not trial.is_news(NEW)
    assert trial.trouble == "no pad"
    assert trial.is_news(NEWER)


def test_a_station_that_dies_twice_of_settings_starts_the_third_time_with_the_former() -> None:
    trial = accepted(GOOD, NEW, ())
    first, second = started(trial), started(started(trial))

    third = started(second)

    assert (first.in_force, second.in_force, third.in_force) == (NEW, NEW, OLD)
    assert "died 2 times" in third.trouble


def test_settings_that_do_not_even_load_are_remembered() -> None:
    trial = refused(GOOD, NEW, "web.port: expected a whole number")

    assert trial.in_force == OLD
    assert not trial.is_news(NEW)
    assert trial.trouble == "web.port: expected a whole number"


def test_going_back_to_what_is_in_force_is_no_news() -> None:
    assert not GOOD.is_news(OLD)
    assert not Trial().is_news({})


def test_when_nothing_is_pushed_any_more_the_station_is_as_its_files_have_it() -> None:
    assert GOOD.is_news({})
    assert accepted(GOOD, {}, ("pad",)).in_force == {}


@given(st.lists(st.sampled_from(["accept", "start", "prove", "fail"])))
def test_whatever_happens_good_settings_are_at_hand_and_a_trial_ends(steps: list[str]) -> None:
    trial, number = GOOD, 1
    for step in steps:
        if step == "accept" and not trial.on_trial:
            number += 1
            trial = accepted(trial, {"network": number}, ())
        elif step == "prove" and trial.on_trial:
            trial = proven(trial)
        elif step == "fail" and trial.on_trial:
            trial = failed(trial, "harm")
        elif step == "start":
            trial = started(trial)

    assert trial.good
    assert trial.starts <= 2
    assert Trial.from_table(trial.as_table()) == trial
