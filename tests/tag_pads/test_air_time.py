import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.tag_pads import air_time

uids = st.integers(0, 2**40 - 1).map(lambda serial: f"E00401{serial:010X}")
stacks = st.lists(uids, min_size=1, max_size=30, unique=True)


@pytest.mark.parametrize(
    ("computed", "published"),
    [
        (air_time.read_blocks_ms(8), 15.9),
        (air_time.system_description_ms(), 9.8),
        (air_time.write_afi_ms(air_time.T1), 5.9),
        (air_time.write_afi_ms(), 11.3),
        (air_time.write_afi_ms(10), 15.6),
        (air_time.stay_quiet_ms(), 4.05),
        (air_time.write_block_ms(), 12.5),
        (air_time.wire_ms(1, 38400), 0.2865),
    ],
)
def test_single_commands_take_the_time_of_the_standard(computed: float, published: float):
    assert computed == pytest.approx(published, abs=0.06)


@pytest.mark.parametrize(("stack", "inventory"), [(1, 6.2), (5, 24.6), (10, 47.5), (20, 95.1)])
def test_the_least_time_of_an_inventory_is_every_tag_answering_once(stack: int, inventory: float):
    each = air_time.read_blocks_ms(8) + air_time.write_afi_ms() + air_time.system_description_ms()

    assert air_time.floor_ms(stack, 38400).air - stack * each == pytest.approx(inventory, abs=0.06)


@pytest.mark.parametrize(
    ("stack", "slots", "mean"), [(5, 16, 38), (10, 16, 81), (20, 16, 180), (10, 1, 123), (20, 1, 253)]
)
def test_anticollision_takes_what_a_thousand_random_stacks_take_on_average(stack: int, slots: int, mean: float):
    chance = random.Random(stack)
    times = [
        air_time.inventory_ms([f"E00401{chance.getrandbits(40):010X}" for _ in range(stack)], slots=slots)
        for _ in range(200)
    ]

    assert sum(times) / len(times) == pytest.approx(mean, rel=0.05)


@given(stacks, st.sampled_from([1, 16]))
def test_no_inventory_beats_the_floor(stack: list[str], slots: int):
    least = air_time.floor_ms(len(stack), 38400).air - len(stack) * (
        air_time.read_blocks_ms(8) + air_time.write_afi_ms() + air_time.system_description_ms()
    )

    assert air_time.inventory_ms(stack, slots=slots) >= least - 1e-6


@given(stacks)
def test_the_same_stack_takes_the_same_time_in_any_order(stack: list[str]):
    assert air_time.inventory_ms(stack) == pytest.approx(air_time.inventory_ms(stack[::-1]))


def test_an_empty_pad_is_quickly_asked_with_one_slot():
    assert air_time.inventory_ms([], slots=1) < air_time.inventory_ms([], slots=16) / 3


@pytest.mark.parametrize(("pad", "stack", "wire"), [("feig", 5, 192), ("threem", 5, 361), ("elatec", 1, 252)])
def test_the_least_time_on_the_wire_is_that_of_the_pads_own_bytes(pad: str, stack: int, wire: int):
    talk = air_time.TALKS[pad]

    assert air_time.floor_ms(stack, talk.baud, talk=talk).wire == pytest.approx(wire, abs=1)
