"""Checks of the line to a pad: opening, closing, a plug that is pulled, how long a question may take."""

import time
from collections.abc import Callable
from typing import Final

from kiosk.conformance.bench import Bench, Impossible, Unmet, must
from kiosk.conformance.running import check
from kiosk.devices import DeviceError, DeviceLost, TagPad, TagUid

PATIENCE_OF_A_STATION: Final = 8.0
"""Seconds one call may take: a worker that is silent for 10 s ends the whole station."""
BACK_WITHIN: Final = 15.0
"""Seconds a pad may need after its plug was put back, its adapter included."""


def _opens_anew(bench: Bench) -> None:
    bench.pad.close()
    bench.close()
    must(bool(bench.pad.facts().model), "opened again, it does not say what it is")


def _one_owner(bench: Bench) -> None:
    bench.pad.inventory()
    try:
        second = bench.open_pad()
    except DeviceLost:
        bench.pad.inventory()
        return
    second.close()
    bench.close()
    raise Unmet("a second driver opened the port of the first: their frames would mix")


def _closing_is_quiet(bench: Bench) -> None:
    pad = bench.pad
    try:
        pad.close()
        pad.close()
    finally:
        bench.close()


def _answers_in_time(bench: Bench) -> str:
    uid = bench.one()
    longest = max(_seconds(bench, act) for act in _questions(bench.pad, uid))
    must(longest < PATIENCE_OF_A_STATION, f"a question took {longest:.1f} s")
    return f"{longest * 1000:.0f} ms at most"


def _questions(pad: TagPad, uid: TagUid) -> tuple[Callable[[], object], ...]:
    return (pad.inventory, lambda: pad.read(uid), lambda: pad.read_all(uid), lambda: pad.read_gate(uid))


def _seconds(bench: Bench, act: Callable[[], object]) -> float:
    begun = bench.clock()
    act()
    return bench.clock() - begun


def _unplugged_is_lost(bench: Bench) -> None:
    """Ends with the plug put back and the pad opened again."""
    pad = bench.pad
    if not bench.hands.pull_plug():
        raise Impossible("nobody pulled the plug")
    try:
        lasted = _seconds(bench, lambda: _is_lost(pad))
        must(lasted < PATIENCE_OF_A_STATION, f"noticing that the plug was pulled took {lasted:.1f} s")
        pad.close()
        pad.close()
    finally:
        bench.close()
        bench.moved()
        back = bench.hands.put_plug()
    if not back:
        raise Impossible("nobody put the plug back")
    _comes_back(bench)


def _is_lost(pad: TagPad) -> None:
    try:
        pad.inventory()
    except DeviceLost as lost:
        must(bool(str(lost)), "a pad that was pulled out is lost without a word")
        return
    except DeviceError as other:
        raise Unmet(f"a pad that was pulled out is {type(other).__name__} ({other}), not DeviceLost") from other
    raise Unmet("a pad that was pulled out still tells what lies on it")


def _comes_back(bench: Bench) -> None:
    until = bench.clock() + BACK_WITHIN
    while True:
        try:
            bench.pad.inventory()
        except DeviceLost as lost:
            bench.close()
            if bench.clock() >= until:
                raise Unmet(f"plugged in again, it did not come back within {BACK_WITHIN:g} s: {lost}") from lost
            time.sleep(0.2)
        else:
            return


LINE_CHECKS: Final = (
    check(
        _answers_in_time,
        "every question is answered before a station loses patience",
        "the station would start anew in mid-visit",
    ),
    check(_one_owner, "two drivers never share its port", "frames of two programs would mix, and books be lent twice"),
    check(_closing_is_quiet, "it can be closed twice", "a station could not be stopped"),
    check(_opens_anew, "it can be opened again after it was closed", "a station could not be started again"),
    check(
        _unplugged_is_lost,
        "a plug that is pulled is noticed, and the pad comes back with it",
        "the station would show books that are not there, or need a restart after a cable was touched",
    ),
)
