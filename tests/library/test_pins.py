"""PINs at the station: right, wrong, locked, and that pulling the plug gives no try back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from kiosk.circulation.model import PatronId
from kiosk.library.local import PinRules, pin_verifier
from kiosk.library.local.pin_checks import _peppered
from kiosk.library.port import PinLocked, PinRight, PinWrong
from kiosk.store import Moment
from tests.library.desk_stand import OLENA, RULES, DeskStand

PEPPER = b"kept outside the database"


@pytest.fixture
def guarded(desk: DeskStand) -> DeskStand:
    desk.abide_by(replace(RULES, pin=PinRules(tries=3, lock_minutes=15, pepper=PEPPER)))
    desk.know(pins={OLENA: pin_verifier("2718", PEPPER)})
    return desk


def test_the_right_pin_is_right(guarded: DeskStand) -> None:
    assert guarded.library.check_pin(OLENA, "2718") == PinRight()


def test_wrong_pins_count_down_and_lock(guarded: DeskStand) -> None:
    answers = [guarded.library.check_pin(OLENA, "0000") for _ in range(3)]

    assert answers == [PinWrong(2), PinWrong(1), PinLocked(15)]


def test_while_it_is_locked_the_right_pin_opens_nothing(guarded: DeskStand) -> None:
    for _ in range(3):
        guarded.library.check_pin(OLENA, "0000")
    guarded.pass_time(timedelta(minutes=5))

    assert guarded.library.check_pin(OLENA, "2718") == PinLocked(10)


def test_after_the_lock_there_are_all_tries_again(guarded: DeskStand) -> None:
    for _ in range(3):
        guarded.library.check_pin(OLENA, "0000")
    guarded.pass_time(timedelta(minutes=15))

    assert guarded.library.check_pin(OLENA, "0000") == PinWrong(2)
    assert guarded.library.check_pin(OLENA, "2718") == PinRight()


def test_a_right_pin_forgives_the_wrong_ones_before(guarded: DeskStand) -> None:
    guarded.library.check_pin(OLENA, "0000")
    guarded.library.check_pin(OLENA, "2718")

    assert guarded.library.check_pin(OLENA, "0000") == PinWrong(2)


def test_tries_are_counted_across_a_restart(guarded: DeskStand) -> None:
    guarded.library.check_pin(OLENA, "0000")
    guarded.restart()
    guarded.library.check_pin(OLENA, "0000")
    guarded.restart()

    assert guarded.library.check_pin(OLENA, "0000") == PinLocked(15)


def test_a_try_is_used_up_before_its_pin_is_looked_at(guarded: DeskStand, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(_verifier: str, _pin: str, _pepper: bytes) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("kiosk.library.local.pin_checks._is_right", power_cut)
        with pytest.raises(KeyboardInterrupt):
            guarded.library.check_pin(OLENA, "2718")

    assert guarded.library.check_pin(OLENA, "0000") == PinWrong(1)


@pytest.mark.parametrize("who", [PatronId("p-taras"), PatronId("p-nobody")])
def test_nobody_without_a_pin_gets_in(guarded: DeskStand, who: PatronId) -> None:
    assert isinstance(guarded.library.check_pin(who, ""), PinWrong)


def test_a_verifier_of_another_pepper_opens_nothing(guarded: DeskStand) -> None:
    guarded.know(pins={OLENA: pin_verifier("2718", b"another")})

    assert guarded.library.check_pin(OLENA, "2718") == PinWrong(2)


def test_a_verifier_that_is_no_verifier_opens_nothing(guarded: DeskStand) -> None:
    guarded.know(pins={OLENA: "2718"})

    assert guarded.library.check_pin(OLENA, "2718") == PinWrong(2)


def test_a_weaker_verifier_is_renewed_by_the_right_pin(guarded: DeskStand) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(_peppered("2718", PEPPER))
    guarded.know(pins={OLENA: weak})

    assert guarded.library.check_pin(OLENA, "2718") == PinRight()

    assert "m=19456,t=2,p=1" in kept_verifier(guarded)
    assert guarded.library.check_pin(OLENA, "2718") == PinRight()


def kept_verifier(desk: DeskStand) -> str:
    with desk.store.reading(Moment(desk.wall, 0)) as work:
        kept = work.patrons.pin(OLENA)
    assert kept is not None
    return kept.verifier


def test_no_pin_and_no_pepper_shows_in_what_may_be_logged(guarded: DeskStand) -> None:
    assert PEPPER.decode() not in repr(guarded.rules)
    assert "2718" not in kept_verifier(guarded)
