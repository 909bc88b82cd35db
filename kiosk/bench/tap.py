"""How long a tap takes, from the card in the field to the account on the screen, beside what the card itself needs.

A real PC/SC service with a virtual card, the real driver in its own process, the ledger, the web server; and where
Playwright and Chromium are installed, a real browser, else a browser's stream.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median, quantiles
from typing import Protocol

from drivers.card_readers.pcsc_daemon import VirtualPcscd
from drivers.card_readers.virtual_card import VirtualCard
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from kiosk.bench.library import CARD_UIDS, bench_settings, seed_library
from kiosk.bench.screen_ear import ScreenEar
from kiosk.bench.stack import touch, until
from kiosk.bootstrap.station import Kiosk, build
from kiosk.station.view import SessionView, Touch, WelcomeView

BETWEEN = 0.4
"""Seconds between two taps: longer than the driver holds a lift back, and the service takes to notice it."""


@dataclass(frozen=True, slots=True)
class TapResult:
    """Milliseconds. `card` is the card's own time for its APDUs, `above` what the station adds to it."""

    runs: int
    screen: str
    median_ms: float
    p99_ms: float
    card_median_ms: float
    above_median_ms: float
    above_p99_ms: float


class Eye(Protocol):
    """Says when a screen of at least this version was there, on the clock of time.perf_counter."""

    def seen_at(self, version: int) -> float: ...


class ApduClock:
    """Listens to the virtual card: from its first command to its last answer of one tap."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = 0.0

    def start(self) -> None:
        self._first = None

    def __call__(self, _apdu: bytes, _is_answer: bool) -> None:
        self._last = time.perf_counter()
        if self._first is None:
            self._first = self._last

    @property
    def seconds(self) -> float:
        return 0.0 if self._first is None else self._last - self._first


def measure_taps(runs: int, config_dir: Path, progress: Callable[[int], None] = lambda _: None) -> TapResult:
    """Tap *runs* times and measure. Raises: TimeoutError when a tap does not come through; ServiceUnavailable."""
    whole, card_own = [], []
    with _station(config_dir) as (kiosk, card), _eye(kiosk) as (name, eye):
        clock = ApduClock()
        card.on_apdu = clock
        for run in range(runs):
            clock.start()
            began = time.perf_counter()
            card.insert()
            version = until(kiosk, lambda view: isinstance(view, SessionView) and view.account is not None)
            whole.append((eye.seen_at(version) - began) * 1000)
            card_own.append(clock.seconds * 1000)
            _go_home(kiosk, card)
            progress(run + 1)
    above = [all_of_it - own for all_of_it, own in zip(whole, card_own, strict=True)]
    return TapResult(
        runs=runs,
        screen=name,
        median_ms=round(median(whole), 1),
        p99_ms=_p99(whole),
        card_median_ms=round(median(card_own), 2),
        above_median_ms=round(median(above), 1),
        above_p99_ms=_p99(above),
    )


def _p99(values: list[float]) -> float:
    return round(quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0], 1)


def _go_home(kiosk: Kiosk, card: VirtualCard) -> None:
    card.remove()
    touch(kiosk, Touch.DONE)
    until(kiosk, lambda view: isinstance(view, WelcomeView) and not view.lift_card)
    time.sleep(BETWEEN)


@contextmanager
def _station(config_dir: Path) -> Iterator[tuple[Kiosk, VirtualCard]]:
    with (
        tempfile.TemporaryDirectory(prefix="littera-") as folder,
        VirtualPcscd(Path(folder)) as pcscd,
        SimulatedFeigPad() as pad,
    ):
        card_reader = {"names": [], "socket": str(pcscd.socket), "settle": 0.05}
        settings = bench_settings(
            config_dir, Path(folder), pad={"feig": {"port": pad.port, "parity": "N"}}, card_reader={"pcsc": card_reader}
        )
        seed_library(settings, copies=1, patrons=1)
        card = VirtualCard(pcscd.slots[0].port, CARD_UIDS.format(0), None)
        try:
            with build(settings) as kiosk:
                until(kiosk, lambda view: isinstance(view, WelcomeView) and view.frame.lends)
                yield kiosk, card
        finally:
            card.remove()


@contextmanager
def _eye(kiosk: Kiosk) -> Iterator[tuple[str, Eye]]:
    """Look with the best eye there is: a browser where one is installed, else an ear at the stream."""
    if find_spec("playwright") is not None and (chromium := which("chromium")) is not None:
        from kiosk.bench.browser_eye import BrowserEye  # noqa: PLC0415 - only where Playwright is installed

        with BrowserEye(kiosk.web.url, chromium) as eye:
            yield "chromium", eye
    else:
        with ScreenEar(kiosk.web.url) as ear:
            yield "stream", ear
