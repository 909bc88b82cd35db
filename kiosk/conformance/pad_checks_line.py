"""Checks of the line to a pad: whose port it is, how long a question may take, and what every device owes."""

from collections.abc import Callable
from typing import Final

from kiosk.conformance.bench import Bench, Unmet, must
from kiosk.conformance.device_checks import DEVICE_CHECKS, PATIENCE_OF_A_STATION, seconds
from kiosk.conformance.running import check
from kiosk.devices import DeviceLost, TagPad, TagUid


def _one_owner(bench: Bench) -> None:
    bench.pad.inventory()
    try:
        second = bench.open_device()
    except DeviceLost:
        bench.pad.inventory()
        return
    second.close()
    bench.close()
    raise Unmet("a second driver opened the port of the first: their frames would mix")


def _answers_in_time(bench: Bench) -> str:
    uid = bench.one()
    longest = max(seconds(bench, act) for act in _questions(bench.pad, uid))
    must(longest < PATIENCE_OF_A_STATION, f"a question took {longest:.1f} s")
    return f"{longest * 1000:.0f} ms at most"


def _questions(pad: TagPad, uid: TagUid) -> tuple[Callable[[], object], ...]:
    return (pad.inventory, lambda: pad.read(uid), lambda: pad.read_all(uid), lambda: pad.read_gate(uid))


LINE_CHECKS: Final = (
    check(
        _answers_in_time,
        "every question is answered before a station loses patience",
        "the station would start anew in mid-visit",
    ),
    check(_one_owner, "two drivers never share its port", "frames of two programs would mix, and books be lent twice"),
    *DEVICE_CHECKS,
)
