"""The FEIG driver on a real port, the simulated pad behind it: the contract of every pad, on both profiles."""

from collections.abc import Iterator

import pytest

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from tests.tag_pads.conformance import TagPadConformance


@pytest.fixture(params=["mr102", "cpr"])
def twin(request: pytest.FixtureRequest) -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad(profile=request.param) as simulated:
        yield simulated


@pytest.fixture
def pad(twin: SimulatedFeigPad) -> Iterator[FeigPad]:
    opened = FeigPad(FeigSettings(twin.port))
    yield opened
    opened.close()


class TestFeigKeepsTheContract(TagPadConformance):
    """On both profiles."""
