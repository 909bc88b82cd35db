"""Every pad driver keeps the contract, over its own simulated pad on a real port: a new row of the table too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.tag_pads.protocols import PAD_PROTOCOLS
from kiosk.conformance.bench import Bench
from kiosk.conformance.pad_checks import PAD_CHECKS
from kiosk.conformance.running import Check, Outcome, run
from tests.tag_pads.hands import SimulatedHands

MODELS = [(name, profile) for name, protocol in PAD_PROTOCOLS.items() for profile in protocol.profiles]
MAY_BE_SKIPPED = {
    "eas_is_switched": {"cpr"},  # classic-pro pads know no EAS
    "too_many_do_no_harm": {"mr102", "cpr", "810", "210"},  # they tell as many as lie there
    "a_stack_is_told": {"twn4", "twn4-crc"},  # one tag at a time
}


@pytest.fixture(params=MODELS, ids="-".join)
def model(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture
def bench(model: tuple[str, str], tmp_path: Path) -> Iterator[Bench]:
    protocol, profile = PAD_PROTOCOLS[model[0]], model[1]
    link = tmp_path / "pad"
    with protocol.simulate(link=link, profile=profile) as simulated:
        options = protocol.on_terminal | ({"crc": True} if profile == "twn4-crc" else {})
        settings = protocol.settings_class(port=str(link), **options)
        made = Bench(lambda: protocol.open(settings), SimulatedHands(simulated), stack=40)
        yield made
        made.close()


@pytest.mark.parametrize("check", PAD_CHECKS, ids=lambda check: check.name)
def test_a_driver_over_its_own_simulated_pad_keeps_its_contract(bench: Bench, model: tuple[str, str], check: Check):
    (result,) = run([check], bench)

    excused = model[1] in MAY_BE_SKIPPED.get(check.name, set())
    assert (result.outcome, result.says if result.outcome is not Outcome.MET else "") == (
        (Outcome.SKIPPED, result.says) if excused else (Outcome.MET, "")
    )
