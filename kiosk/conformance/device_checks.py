"""Checks of what every device owes the station: opening, closing, a plug that is pulled and put back."""

import time
from collections.abc import Callable
from typing import Final

from kiosk.conformance.bench import Impossible, Unmet, must
from kiosk.conformance.running import AnyBench, check
from kiosk.devices import DeviceError, DeviceLost

PATIENCE_OF_A_STATION: Final = 8.0
"""Seconds one call may take: a worker that is silent for 10 s ends the whole station."""
BACK_WITHIN: Final = 15.0
"""Seconds a device may need after its plug was put back, its adapter included."""


def seconds(bench: AnyBench, act: Callable[[], object]) -> float:
    """Say how long *act* takes."""
    begun = bench.clock()
    act()
    return bench.clock() - begun


def says_what_it_is(bench: AnyBench) -> str:
    facts = bench.device.facts()
    must(bool(facts.model and facts.port), f"it says of itself only {facts}")
    return ", ".join(filter(None, (facts.model, facts.firmware, facts.port)))


def _opens_anew(bench: AnyBench) -> None:
    bench.device.close()
    bench.close()
    must(bool(bench.device.facts().model), "opened again, it does not say what it is")


def _closing_is_quiet(bench: AnyBench) -> None:
    device = bench.device
    try:
        device.close()
        device.close()
    finally:
        bench.close()


def _unplugged_is_lost(bench: AnyBench) -> None:
    """Ends with the plug put back and the device opened again."""
    device = bench.device
    if not bench.hands.pull_plug():
        raise Impossible("nobody pulled the plug")
    try:
        lasted = seconds(bench, lambda: _is_lost(bench))
        must(lasted < PATIENCE_OF_A_STATION, f"noticing that the plug was pulled took {lasted:.1f} s")
        device.close()
        device.close()
    finally:
        bench.close()
        bench.moved()
        back = bench.hands.put_plug()
    if not back:
        raise Impossible("nobody put the plug back")
    _comes_back(bench)


def _is_lost(bench: AnyBench) -> None:
    try:
        bench.touch(bench.device)
    except DeviceLost as lost:
        must(bool(str(lost)), "a device that was pulled out is lost without a word")
        return
    except DeviceError as other:
        raise Unmet(f"a device that was pulled out is {type(other).__name__} ({other}), not DeviceLost") from other
    raise Unmet("pulled out, it answers as if it were there")


def _comes_back(bench: AnyBench) -> None:
    until = bench.clock() + BACK_WITHIN
    while True:
        try:
            bench.touch(bench.device)
        except DeviceLost as lost:
            bench.close()
            if bench.clock() >= until:
                raise Unmet(f"plugged in again, it did not come back within {BACK_WITHIN:g} s: {lost}") from lost
            time.sleep(0.2)
        else:
            return


DEVICE_CHECKS: Final = (
    check(_closing_is_quiet, "it can be closed twice", "a station could not be stopped"),
    check(_opens_anew, "it can be opened again after it was closed", "a station could not be started again"),
    check(
        _unplugged_is_lost,
        "a plug that is pulled is noticed, and the device comes back with it",
        "the station would show what is not so, or need a restart after a cable was touched",
    ),
)
