from collections.abc import Iterator

import pytest

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Request
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_pad import Direction
from tests.tag_pads.clock import Clock


@pytest.fixture
def simulated() -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad() as simulated:
        yield simulated


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feig(simulated: SimulatedFeigPad, clock: Clock) -> Iterator[FeigPad]:
    opened = FeigPad(FeigSettings(simulated.port), clock)
    yield opened
    opened.close()


@pytest.fixture
def asked(simulated: SimulatedFeigPad, feig: FeigPad) -> list[Request]:
    """What the pad was asked since it was opened."""
    seen: list[Request] = []
    simulated.observe(lambda way, raw: seen.append(Request.from_bytes(raw)) if way is Direction.TO_PAD else None)
    return seen
