from drivers.tag_pads.pace import EMPTY, OCCUPIED, QUIET, RESTING, Pace
from tests.tag_pads.clock import Clock


class Sleeper:
    """Sleeps by turning the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self._clock.now += seconds


def test_the_first_question_is_asked_at_once_and_the_next_is_put_off():
    clock = Clock()
    sleeper = Sleeper(clock)
    pace = Pace(clock, sleeper)

    pace.keep(empty=False)
    pace.keep(empty=True)
    clock.now += 0.01
    pace.keep(empty=False)

    assert sleeper.slept == [EMPTY, round(OCCUPIED - 0.01, 6)]


def test_a_pad_nothing_has_lain_on_for_long_is_asked_less_often_until_something_does():
    clock = Clock()
    sleeper = Sleeper(clock)
    pace = Pace(clock, sleeper)

    pace.keep(empty=False)
    clock.now += QUIET
    pace.keep(empty=True)
    pace.keep(empty=True)
    pace.keep(empty=False)
    pace.keep(empty=True)

    assert sleeper.slept == [RESTING, OCCUPIED, EMPTY]


def test_a_question_that_comes_late_enough_is_not_put_off():
    clock = Clock()
    sleeper = Sleeper(clock)
    pace = Pace(clock, sleeper)

    pace.keep(empty=False)
    clock.now += EMPTY
    pace.keep(empty=True)

    assert sleeper.slept == []
