"""A week at two stations whose lines fail in every way there is: in the end nothing is lost, doubled or disputed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.central.centre import Centre, open_centre
from tests.central_bench import NETWORK
from tests.flows_central.network import holds_everywhere, network


@pytest.fixture
def centre(central_url: str) -> Iterator[Centre]:
    opened = open_centre(central_url, NETWORK)
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_week_with_lines_that_fail_loses_and_doubles_nothing(centre: Centre, tmp_path: Path, seed: int) -> None:
    with network(centre, tmp_path, seed) as net:
        net.live(acts=160)

        net.heal()

        assert net.done["lent"] > 20
        assert net.done["returned"] > 15
        assert any(branch.station.faults for branch in net.branches)
        holds_everywhere(net)


def test_a_week_without_any_line_is_sent_in_one_go(centre: Centre, tmp_path: Path) -> None:
    with network(centre, tmp_path, seed=7) as net:
        net.live(acts=200, speak=0.0)
        for branch in net.branches:
            assert net.events_of(branch) == {}

        net.heal()

        holds_everywhere(net)
