"""A whole station on a test stand: real drivers on simulated devices, a real ledger, a real PC/SC service.

What a hand does is a method (`tap`, `lay`, `lift`, `touch`); what a person sees is `view`; what the ledger and the
tags say is asked of them directly.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

from drivers.card_readers.virtual_card import VirtualCard
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.protocols import PAD_PROTOCOLS, AnySimulatedPad
from drivers.tag_pads.simulated_pad import Direction
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.bootstrap.station import Extras, Kiosk, build
from kiosk.circulation.model import (
    CardNumber,
    CardStatus,
    ItemStatus,
    Patron,
)
from kiosk.settings import Settings, load_settings
from kiosk.station.events import Touched
from kiosk.station.view import (
    DoneView,
    ReceiptState,
    ReturnsView,
    Row,
    RowState,
    SessionView,
    StackFirstView,
    StationView,
    Touch,
    WelcomeView,
)
from kiosk.tags.model import Usage
from tests.pcsc_bench import PcscBench
from tests.shelf import ARMED, CLEARED, OWNER, Shelf, fill, make_tag, today

CONFIG = Path(__file__).parents[1] / "config"
PATIENCE = 15.0
QUICK = {
    "idle_s": 1.5, "answer_s": 1.0, "returns_idle_s": 1.2, "done_s": 1.5, "notice_s": 0.8, "resting_card_s": 0.6,
    "same_card_s": 0.3, "parts_wait_s": 0.8, "put_back_s": 2.0, "gone_s": 1.0, "identify_s": 4.0, "probe_s": 0.4,
    "finish_s": 4.0, "language_s": 2.0, "start_s": 5.0,
}  # fmt: skip
"""The rhythm of a station for people in a hurry: the same order of things, seconds apart instead of half minutes."""

V = TypeVar("V", bound=StationView)
R = TypeVar("R", SessionView, StackFirstView, ReturnsView)


class Stand:
    """The station and everything it stands on. Made by `stand()`."""

    def __init__(self, settings: Settings, pad: AnySimulatedPad, bench: PcscBench, shelf: Shelf) -> None:
        self.settings = settings
        self.pad = pad
        self.bench = bench
        self.shelf = shelf
        self.printer: SimulatedEscposPrinter | None = None
        self.deaths: list[str] = []
        self.kiosk: Kiosk = self.switch_on()

    # --- power -----------------------------------------------------------------------------------------

    def switch_on(self) -> Kiosk:
        self.kiosk = build(self.settings, Extras(on_death=self.deaths.append))
        self.kiosk.start()
        return self.kiosk

    def switch_off(self) -> None:
        self.kiosk.stop()

    @contextmanager
    def pcscd_killed(self) -> Iterator[None]:
        """Let the PC/SC service crash, and start it again at the end. Cards have to be laid down anew then."""
        self.bench.pcscd.kill()
        try:
            yield
        finally:
            self.bench.pcscd.start()

    # --- what a hand does ------------------------------------------------------------------------------

    def card(self, patron: Patron, slot: int = 0) -> VirtualCard:
        return self.bench.card(self.shelf.card_uids[patron.id], patron.card, slot=slot)

    def tap(self, patron: Patron, slot: int = 0) -> VirtualCard:
        """Lay the patron's card on a card reader; lift it with `.remove()`."""
        card = self.card(patron, slot)
        card.insert()
        return card

    def unknown_card(self, slot: int = 0) -> VirtualCard:
        """A card no library has ever registered; lay it down with `.insert()`."""
        return self.bench.card("04DEADBEEF0001", CardNumber("29999999"), slot=slot)

    def type_pin(self, pin: str) -> None:
        for digit in pin:
            self.touch(Touch.DIGIT, digit)

    def lay(self, *tags: SimulatedTag) -> None:
        for tag in tags:
            self.pad.lay(tag)

    def lift(self, *tags: SimulatedTag) -> None:
        for tag in tags:
            self.pad.lift(tag.uid)

    def take_away(self, *tags: SimulatedTag) -> None:
        """Lift tags and wait until the station has noticed: not every screen shows it."""
        self.lift(*tags)
        uids, until = {tag.uid for tag in tags}, time.monotonic() + PATIENCE
        while uids & self.kiosk.shell.station._state.pad.lying:
            assert time.monotonic() < until, "the station never noticed that the books were lifted"
            time.sleep(0.01)

    def touch(self, touch: Touch, value: str = "") -> None:
        self.kiosk.shell.tell(Touched(touch, value, self.view.frame.visit))

    def opens(self) -> WelcomeView:
        """Wait until the station welcomes people and everything it was built with works."""
        prints = self.printer is not None
        lends = self.settings.station.lends
        return self.sees(
            WelcomeView, lambda view: (view.frame.lends, view.frame.returns, view.frame.prints) == (lends, True, prints)
        )

    def begin(self, patron: Patron) -> VirtualCard:
        """Let a patron come and tap: from the welcome to their visit on the screen."""
        self.opens()
        card = self.tap(patron)
        self.sees(SessionView)
        return card

    def end(self) -> DoneView:
        """Touch "done" and read the goodbye."""
        self.touch(Touch.DONE)
        return self.sees(DoneView)

    def snatch(self, tag: SimulatedTag, command: TagCode) -> None:
        """Lift a tag just as the pad hears the next such *command* for it."""
        self.when(tag, command, lambda: self.lift(tag))

    def when(self, tag: SimulatedTag, command: TagCode, act: Callable[[], None]) -> None:
        """Do something just as the pad hears the next such *command* for a tag, before it obeys."""
        asked = bytes([command, 0x01]) + bytes.fromhex(tag.uid)
        heard: list[bytes] = []

        def act_once(direction: Direction, frame: bytes) -> None:
            if direction is Direction.TO_PAD and asked in frame and not heard:
                heard.append(frame)
                act()

        self.pad.observe(act_once)

    @contextmanager
    def busy_ledger(self) -> Iterator[None]:
        """Hold every decision of the library in mid-commit, for less than a ledger waits (2 s)."""
        other = sqlite3.connect(self.settings.store.path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        finally:
            other.close()

    # --- what a person sees ----------------------------------------------------------------------------

    def page(self) -> str:
        """The screen as a browser that opens it now gets it."""
        with urlopen(self.kiosk.web.url, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    @property
    def view(self) -> StationView:
        return self.kiosk.shell.board.latest()[1]

    def sees(self, kind: type[V], wanted: Callable[[V], bool] = lambda _: True, timeout: float = PATIENCE) -> V:
        """Wait until the screen shows this. Fails with what it shows instead."""
        board, until = self.kiosk.shell.board, time.monotonic() + timeout
        version, view = board.latest()
        while not (isinstance(view, kind) and wanted(view)):
            assert not self.deaths, f"dead: {self.deaths}"
            news = board.newer_than(version, max(until - time.monotonic(), 0))
            assert news is not None, f"after {timeout} s the screen shows {view}"
            version, view = news
        return view

    def sees_rows(self, kind: type[R], *states: RowState) -> R:
        """Wait until the screen shows rows in exactly these states, in any order, and nothing is under way."""

        def settled(view: R) -> bool:
            return sorted(row.state for row in view.rows) == sorted(states) and not getattr(view, "busy", False)

        return self.sees(kind, settled)

    def rows(self) -> dict[str, Row]:
        """The rows of the screen by title, or by key where the title is unknown."""
        return {row.title or row.key: row for row in getattr(self.view, "rows", ())}

    # --- what the ledger says --------------------------------------------------------------------------

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        ledger = sqlite3.connect(f"file:{self.settings.store.path}?mode=ro", uri=True)
        try:
            return ledger.execute(question, values).fetchall()
        finally:
            ledger.close()

    def on_loan(self) -> dict[str, str]:
        """Who has which copy, by the ledger."""
        return dict(self.ask("SELECT item, patron FROM loans WHERE state = 'open'"))

    def debts(self) -> list[tuple[str, str]]:
        return self.ask("SELECT kind, item FROM debts WHERE closed IS NULL ORDER BY opened")

    def eventually(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that no screen shows."""
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, f"it never came to hold; the screen shows {self.view}"
            time.sleep(0.02)

    def owes(self, *debts: tuple[str, str]) -> None:
        """Wait until these debts are open and no other: kind and copy of each."""
        until = time.monotonic() + PATIENCE
        while sorted(self.debts()) != sorted(debts):
            assert time.monotonic() < until, f"the debts are {self.debts()}"
            time.sleep(0.01)

    def fees(self, patron: Patron) -> Decimal:
        """What somebody owes, by the ledger."""
        return Decimal(self.ask("SELECT fees FROM patrons WHERE id = ?", patron.id)[0][0])

    def holds(self) -> list[tuple[str, str, str | None]]:
        """Who waits for what: patron, status, the copy set aside."""
        return self.ask("SELECT patron, status, item FROM holds WHERE closed_at IS NULL ORDER BY placed_at")

    def open_intents(self) -> list[tuple[str, str]]:
        return self.ask("SELECT kind, item FROM intents WHERE state IN ('pending', 'owed')")

    def receipt(self) -> str:
        """Touch for the receipt of the visit that has just ended, and read it."""
        self.touch(Touch.PRINT)
        self.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)
        return self.slips()[-1]

    def slips(self) -> list[str]:
        """What the printer printed, newest last, as text."""
        assert self.printer is not None
        return ["\n".join(getattr(line, "text", "▒") for line in slip) for slip in self.printer.firmware.slips]


Station = Callable[..., AbstractContextManager[Stand]]
"""What a test of a flow asks for: the station of the stand, to be built once the shelf is filled."""


@contextmanager
def stand(
    folder: Path,
    bench: PcscBench,
    shelf: Shelf,
    *,
    printer: bool = False,
    pad: str = "feig",
    **sections: dict[str, Any],
) -> Iterator[Stand]:
    """Build a station of the central branch on simulated devices and switch it on. *pad* is the driver of its pad.

    *sections* go on top of the shipped settings: `timing={"idle_s": 9}`; `pcsc` and `escpos` on top of those
    drivers' options.
    """
    paper = SimulatedEscposPrinter(link=folder / "printer") if printer else None
    protocol = PAD_PROTOCOLS[pad]
    with protocol.simulate(link=folder / "pad") as table:
        devices = {
            "pad": {"driver": pad, pad: {"port": str(folder / "pad"), **protocol.on_terminal}},
            "card_reader": {"driver": "pcsc", "pcsc": _cards_on(bench) | sections.pop("pcsc", {})},
            "printer": _printing_on(paper, sections.pop("escpos", {})),
            "store": {"path": str(folder / "station.db"), "ballast_mb": 0},
            "web": {"port": sections.pop("web", {}).get("port", 0)},
            "timing": QUICK | sections.pop("timing", {}),
            "pin": {"needed": "never"} | sections.pop("pin", {}),
        }
        settings = load_settings(CONFIG, "central", "hall", devices | sections)
        fill(settings, shelf)
        one = Stand(settings, table, bench, shelf)
        one.printer = paper
        try:
            yield one
        finally:
            one.switch_off()
            if paper is not None:
                paper.unplug()


def _cards_on(bench: PcscBench) -> dict[str, Any]:
    """Options of card readers that are the slots of the bench; cards lifted are noticed at once."""
    return {"socket": str(bench.pcscd.socket), "names": [], "settle": 0.1}


def _printing_on(paper: SimulatedEscposPrinter | None, options: dict[str, Any]) -> dict[str, Any]:
    """The printer's section. Its slips can be read as text; without a code page they are pictures of it."""
    if paper is None:
        return {"driver": "none"}
    return {"driver": "escpos", "escpos": {"port": paper.path, "code_page": "cp1251"} | options}


__all__ = [
    "ARMED",
    "CLEARED",
    "OWNER",
    "CardStatus",
    "Decimal",
    "ItemStatus",
    "Shelf",
    "Stand",
    "Station",
    "Usage",
    "fill",
    "make_tag",
    "replace",
    "stand",
    "today",
]
