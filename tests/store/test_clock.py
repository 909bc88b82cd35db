"""Time a ledger may rest on: faults of real clocks, one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.store.clock import BUILT, TrustedClock, seconds_since_boot, time_server_agrees, wall_clock

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Machine:
    """A computer whose clocks do as they are told."""

    wall: datetime = NOON
    monotonic: float = 100.0
    synchronised: bool = False

    def clock(self, last_durable: datetime | None = None) -> TrustedClock:
        return TrustedClock(lambda: self.wall, lambda: self.monotonic, last_durable, lambda: self.synchronised)

    def run(self, span: timedelta) -> None:
        self.wall += span
        self.monotonic += span.total_seconds()


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_good_clock_is_trusted_and_followed(machine: Machine) -> None:
    clock = machine.clock(last_durable=NOON - timedelta(hours=12))
    clock.now()
    machine.run(timedelta(hours=3))

    moment = clock.now()

    assert (moment.at, moment.trusted) == (NOON + timedelta(hours=3), True)


def test_a_clock_in_1970_goes_on_from_the_last_durable_time(machine: Machine) -> None:
    machine.wall = EPOCH
    clock = machine.clock(last_durable=NOON)
    machine.run(timedelta(minutes=10))

    moment = clock.now()

    assert (moment.at, moment.trusted) == (NOON + timedelta(minutes=10), False)


def test_a_new_station_with_a_clock_in_1970_never_counts_before_the_program_was_built(
    machine: Machine,
) -> None:
    machine.wall = EPOCH

    assert machine.clock().now().at >= BUILT


def test_a_clock_behind_the_journal_is_not_trusted(machine: Machine) -> None:
    moment = machine.clock(last_durable=NOON + timedelta(days=1)).now()

    assert (moment.at, moment.trusted) == (NOON + timedelta(days=1), False)


def test_a_clock_in_2099_is_not_trusted(machine: Machine) -> None:
    machine.wall = datetime(2099, 1, 1, tzinfo=UTC)

    moment = machine.clock(last_durable=NOON).now()

    assert (moment.at, moment.trusted) == (NOON, False)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3000)])
def test_a_clock_that_jumps_while_running_is_not_followed(machine: Machine, jump: timedelta) -> None:
    clock = machine.clock(last_durable=NOON)
    clock.now()
    machine.run(timedelta(minutes=1))
    machine.wall += jump

    moments = [clock.now() for _ in range(2)]

    assert [(moment.at, moment.trusted) for moment in moments] == [(NOON + timedelta(minutes=1), False)] * 2


def test_a_clock_that_jumps_back_to_where_it_was_is_trusted_again(machine: Machine) -> None:
    clock = machine.clock(last_durable=NOON)
    clock.now()
    machine.wall = EPOCH
    clock.now()
    machine.wall = NOON

    assert clock.now().trusted


def test_a_clock_set_right_after_a_bad_start_is_trusted(machine: Machine) -> None:
    machine.wall = EPOCH
    clock = machine.clock(last_durable=NOON)
    clock.now()
    machine.wall = NOON + timedelta(days=2)

    moment = clock.now()

    assert (moment.at, moment.trusted) == (NOON + timedelta(days=2), True)


def test_a_jump_a_time_server_agrees_with_is_followed(machine: Machine) -> None:
    clock = machine.clock(last_durable=NOON)
    clock.now()
    machine.wall += timedelta(days=3)
    machine.synchronised = True

    moment = clock.now()

    assert (moment.at, moment.trusted) == (NOON + timedelta(days=3), True)


def test_only_a_time_server_may_turn_time_back(machine: Machine) -> None:
    wrong = NOON + timedelta(days=300)
    clock = machine.clock(last_durable=wrong)
    assert clock.now().at == wrong
    machine.synchronised = True

    assert clock.now().at == NOON


def test_no_time_server_vouches_for_1970(machine: Machine) -> None:
    machine.wall, machine.synchronised = EPOCH, True

    assert not machine.clock().now().trusted


def test_slow_drift_is_followed_and_time_never_runs_backwards(machine: Machine) -> None:
    clock = machine.clock(last_durable=NOON)
    first = clock.now()
    machine.wall -= timedelta(seconds=90)

    second = clock.now()

    assert second.trusted
    assert second.at >= first.at


def test_a_time_server_has_agreed_once_its_sign_is_there(tmp_path: Path) -> None:
    before = time_server_agrees(tmp_path / "synchronized")
    (tmp_path / "synchronized").touch()

    assert (before, time_server_agrees(tmp_path / "synchronized")) == (False, True)


def test_the_clocks_of_this_machine_tell_utc_and_seconds() -> None:
    assert wall_clock().tzinfo is UTC
    assert seconds_since_boot() <= seconds_since_boot()
