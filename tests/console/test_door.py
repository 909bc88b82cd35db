"""The door of the console: who may enter, and how slowly it may be guessed."""

import stat

import pytest
from argon2 import PasswordHasher

from kiosk.console.door import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, Door, PasswordRefused

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(tmp_path, clock) -> Door:
    door = Door(tmp_path / "station.db.console", clock, QUICK)
    door.set_password("correct horse")
    return door


def test_nobody_enters_where_no_password_was_set(tmp_path):
    door = Door(tmp_path / "none", hasher=QUICK)

    assert not door.has_password
    assert not door.knock("").right


def test_the_right_password_opens_and_another_does_not(door):
    assert door.knock("correct horse").right
    assert not door.knock("correct house").right


def test_the_file_holds_no_password_and_is_for_its_owner_only(door):
    assert b"correct" not in door.path.read_bytes()
    assert stat.S_IMODE(door.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("password", ["", "12345", "x" * 129])
def test_a_password_nobody_should_have_is_refused(door, password):
    with pytest.raises(PasswordRefused):
        door.set_password(password)

    assert door.knock("correct horse").right


def test_guessing_becomes_slower_and_slower(door, clock):
    waits = []
    for _ in range(FREE_TRIES + 8):
        waits.append(door.knock("wrong").wait)
        clock.now += waits[-1]

    assert waits[: FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 2] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT


def test_while_the_door_is_shut_even_the_right_password_waits(door, clock):
    for _ in range(FREE_TRIES):
        door.knock("wrong")

    assert door.knock("correct horse").wait == FIRST_WAIT
    clock.now += FIRST_WAIT
    assert door.knock("correct horse").right
    assert door.knock("wrong").wait == 0.0


def test_a_new_password_ends_what_was_signed_with_the_old_one(door):
    before = door.secret()

    door.set_password("another one")

    assert door.secret() != before
    assert door.secret() == door.secret()
    assert not door.knock("correct horse").right


def test_a_damaged_file_lets_nobody_in(door):
    door.path.write_bytes(b"\xff{")

    assert not door.has_password
    assert not door.knock("correct horse").right
