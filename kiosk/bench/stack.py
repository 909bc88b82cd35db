"""How long a whole stack takes, from lying on the pad to standing on the screen, beside what physics allows.

Everything is real but the radio: the driver, the bytes on a pseudo-terminal with the wire and air times of the
simulated pad (a process of its own), the ledger on the disk, the web server and a browser's stream.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from drivers.tag_pads.air_time import TALKS, floor_ms
from drivers.tag_pads.protocols import PAD_PROTOCOLS
from kiosk.bench.library import CARD_UIDS, COPIES, bench_settings, seed_library
from kiosk.bench.pad import MeasuredPad
from kiosk.bench.screen_ear import ScreenEar
from kiosk.bootstrap.station import Extras, Kiosk, build
from kiosk.devices import CardChange, CardIdentity, CardInserted, DeviceFacts, TagUid
from kiosk.station.events import Touched
from kiosk.station.view import RowState, SessionView, StationView, Touch, WelcomeView

PATIENCE = 60.0
EMPTY_PAD = 0.7
"""Seconds until a pad that was lifted empty is known to be: a stack is laid on a station at rest."""


@dataclass(frozen=True, slots=True)
class StackResult:
    """Milliseconds. `limit` is the floor of the pad's protocol and the radio for the same tags and baud rate."""

    pad: str
    items: int
    baud: int
    runs: int
    median_ms: float
    worst_ms: float
    limit_ms: float
    limit_wire_ms: float
    limit_air_ms: float
    ratio: float


class TapOnDemand:
    """A card reader that reads the next patron's card when it is told: the tap is not what is measured here."""

    def __init__(self) -> None:
        self._taps = 0
        self._told = False

    def facts(self) -> DeviceFacts:
        return DeviceFacts("tap on demand", "", "")

    def wait(self, timeout: float) -> CardChange | None:
        if not self._told:
            time.sleep(min(timeout, 0.02))
            return None
        self._told = False
        self._taps += 1
        return CardInserted("bench", CardIdentity("uid", CARD_UIDS.format(self._taps - 1)))

    def tap(self) -> None:
        self._told = True

    def close(self) -> None:
        """Nothing is held open."""


def measure_stack(
    pad_driver: str,
    items: int,
    baud: int,
    runs: int,
    config_dir: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> StackResult:
    """Lay *items* tags *runs* times on a pad and measure. Raises: TimeoutError when a stack does not come through."""
    took = []
    with (
        _station(pad_driver, items, runs, baud, config_dir) as (kiosk, pad, card_reader),
        ScreenEar(kiosk.web.url) as ear,
    ):
        for run in range(runs):
            took.append(_one_stack(kiosk, pad, card_reader, ear, _uids(run, items)) * 1000)
            progress(run + 1)
    limit = floor_ms(items, baud, talk=TALKS[pad_driver])
    return StackResult(
        pad=pad_driver,
        items=items,
        baud=baud,
        runs=runs,
        median_ms=round(median(took), 1),
        worst_ms=round(max(took), 1),
        limit_ms=round(limit.total, 1),
        limit_wire_ms=round(limit.wire, 1),
        limit_air_ms=round(limit.air, 1),
        ratio=round(median(took) / limit.total, 3),
    )


@contextmanager
def _station(
    driver: str, items: int, runs: int, baud: int, config_dir: Path
) -> Iterator[tuple[Kiosk, MeasuredPad, TapOnDemand]]:
    tags = [tag for run in range(runs) for tag in _tags(run, items)]
    with tempfile.TemporaryDirectory(prefix="littera-") as folder, MeasuredPad(tags, driver, baud, Path(folder)) as pad:
        options = {"port": pad.port, **PAD_PROTOCOLS[driver].on_terminal}
        settings = bench_settings(config_dir, Path(folder), pad={"driver": driver, driver: options})
        seed_library(settings, items * runs, runs)
        card_reader = TapOnDemand()
        with build(settings, Extras(open_card_reader=lambda: card_reader)) as kiosk:
            until(kiosk, lambda view: isinstance(view, WelcomeView) and view.frame.lends)
            yield kiosk, pad, card_reader


def _uids(run: int, items: int) -> list[TagUid]:
    """UIDs of one stack: seeded, so that every measurement meets the same collisions."""
    rng = random.Random(run)  # noqa: S311 - repeatable, not secret
    return [TagUid(f"E00401{rng.getrandbits(40):010X}") for _ in range(items)]


def _tags(run: int, items: int) -> list[dict[str, object]]:
    """Tags of one stack, as the simulated pad's file has them. Every run has its own copies."""
    return [
        {"uid": uid, "item_id": COPIES.format(run * items + number), "owner": "UA-ZT0001", "model": "iso28560-3"}
        for number, uid in enumerate(_uids(run, items))
    ]


def _one_stack(kiosk: Kiosk, pad: MeasuredPad, card_reader: TapOnDemand, ear: ScreenEar, uids: list[TagUid]) -> float:
    """Seconds from the last tag on the pad to the screen that says all are lent, in one visit."""
    card_reader.tap()
    until(kiosk, lambda view: isinstance(view, SessionView))
    time.sleep(EMPTY_PAD + random.random() / 50)  # noqa: S311 - the pad shall be anywhere in its round
    pad.lay(uids)
    began = time.perf_counter()
    version = until(kiosk, lambda view: _all_lent(view, len(uids)))
    took = ear.seen_at(version) - began
    pad.lift_all()
    touch(kiosk, Touch.DONE)
    until(kiosk, lambda view: not isinstance(view, SessionView))
    touch(kiosk, Touch.DONE)
    until(kiosk, lambda view: isinstance(view, WelcomeView))
    return took


def _all_lent(view: StationView, items: int) -> bool:
    return isinstance(view, SessionView) and sum(row.state is RowState.LENT for row in view.rows) == items


def touch(kiosk: Kiosk, meaning: Touch) -> None:
    """Touch the screen that is shown."""
    kiosk.shell.tell(Touched(meaning, visit=kiosk.shell.board.latest()[1].frame.visit))


def until(kiosk: Kiosk, wanted: Callable[[StationView], bool]) -> int:
    """Wait for a view; say its version. Raises: TimeoutError with what is shown instead."""
    board, until = kiosk.shell.board, time.monotonic() + PATIENCE
    version, view = board.latest()
    while not wanted(view):
        news = board.newer_than(version, until - time.monotonic())
        if news is None:
            raise TimeoutError(f"the station shows {type(view).__name__}: {view}")
        version, view = news
    return version
