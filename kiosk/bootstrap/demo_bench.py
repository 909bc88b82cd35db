"""The bench of the demo: what a hand does to the table, and what can be seen of table, wire and ledger.

It moves hardware and reads the ledger; it tells the station nothing.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from drivers.tag_pads.feig_simulator import Direction
from kiosk.bootstrap.demo_facts import LedgerFacts
from kiosk.bootstrap.demo_look import Onlooker
from kiosk.bootstrap.demo_table import DemoTable, TableBook
from kiosk.devices import PaperState, TagUid
from web_ui.bench.port import BenchRefused, BenchSnapshot, Channel, WireBytes

LOOK_EVERY = 0.15
"""Seconds between two looks at what the station did to tags and ledger."""
KEPT_BYTES = 400


@dataclass(frozen=True, slots=True)
class Plug:
    """Something that can be pulled out and put back."""

    put_in: Callable[[], None]
    pull: Callable[[], None]


class DemoBench:
    """The bench as `web_ui.bench.port.Bench` wants it. Use as a context manager: it has a thread that looks."""

    def __init__(self, table: DemoTable, facts: LedgerFacts) -> None:
        self._table = table
        self._onlooker = Onlooker(table, facts, {})
        self._hands = threading.RLock()  # one hand at a time
        self._bell = threading.Condition()
        self._wire: deque[WireBytes] = deque(maxlen=KEPT_BYTES)
        self._numbers = itertools.count(1)
        self._slots: dict[str, int] = {}
        self._unplugged: set[str] = set()
        self._plugs = self._all_plugs()
        self._version = 1
        self._snapshot = self._look()
        self._leaving = threading.Event()
        self._eye = threading.Thread(target=self._keep_looking, name="bench", daemon=True)
        table.pad.observe(self._on_frame)
        for slot in table.slots:
            slot.on_apdu = self._on_apdu

    def __enter__(self) -> Self:
        self._eye.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._eye.join()

    # --- what can be seen ------------------------------------------------------------------------------

    def latest(self) -> tuple[int, BenchSnapshot]:
        with self._bell:
            return self._version, self._snapshot

    def newer_than(self, version: int, timeout: float) -> tuple[int, BenchSnapshot] | None:
        with self._bell:
            self._bell.wait_for(lambda: self._version != version, timeout)
            return (self._version, self._snapshot) if self._version != version else None

    def bytes_after(self, number: int) -> tuple[WireBytes, ...]:
        with self._bell:
            return tuple(line for line in self._wire if line.number > number)

    def _keep_looking(self) -> None:
        while not self._leaving.wait(LOOK_EVERY):
            self._refresh()

    def _refresh(self) -> None:
        seen = self._look()
        with self._bell:
            if seen != self._snapshot:
                self._snapshot = seen
                self._version += 1
                self._bell.notify_all()

    def _look(self) -> BenchSnapshot:
        return self._onlooker.look(self._slots, {name: name not in self._unplugged for name in self._plugs})

    def _on_frame(self, direction: Direction, frame: bytes) -> None:
        self._hear(Channel.PAD, frame, outgoing=direction is Direction.TO_PAD)

    def _on_apdu(self, data: bytes, is_answer: bool) -> None:
        self._hear(Channel.CARD, data, outgoing=not is_answer)

    def _hear(self, channel: Channel, data: bytes, *, outgoing: bool) -> None:
        with self._bell:
            self._wire.append(WireBytes(next(self._numbers), channel, outgoing, data))

    # --- what a hand does ------------------------------------------------------------------------------

    def insert_card(self, card: str) -> None:
        with self._hands:
            known = self._table.cards.get(card)
            if known is None:
                raise BenchRefused("Такої картки немає на столі. / There is no such card on the table.")
            if card in self._slots:
                return
            free = [place for place in range(len(self._table.slots)) if place not in self._slots.values()]
            if not free:
                raise BenchRefused("На зчитувачі вже дві картки. / Two cards lie there already.")
            slot = self._table.slots[free[0]]
            slot.become(known.uid, known.number)
            self._slots[card] = free[0]
            if "pcsc" not in self._unplugged:
                self._into(slot.insert)
            self._refresh()

    def remove_card(self, card: str) -> None:
        with self._hands:
            place = self._slots.pop(card, None)
            if place is not None:
                self._table.slots[place].remove()
            self._refresh()

    def lay(self, books: tuple[str, ...]) -> None:
        with self._hands:
            self._table.pad.lay(*(self._known(one).tag for one in books))
            self._refresh()

    def lift(self, books: tuple[str, ...]) -> None:
        with self._hands:
            for book in [self._known(one) for one in books]:
                self._table.pad.lift(book.tag.uid)
            self._refresh()

    def lift_all(self) -> None:
        with self._hands:
            self._table.pad.lift_all()
            self._refresh()

    def lock(self, book: str) -> None:
        with self._hands:
            tag = self._known(book).tag
            tag.lock("afi")
            tag.lock("eas")
            self._refresh()

    def unlock(self, book: str) -> None:
        with self._hands:
            self._known(book).tag.unlock()
            self._refresh()

    def snatch(self, book: str) -> None:
        with self._hands:
            self._table.snatched.symmetric_difference_update({self._known(book).tag.uid})
            self._refresh()

    def plug(self, device: str) -> None:
        with self._hands:
            self._into(self._plug_of(device).put_in)
            self._unplugged.discard(device)
            self._refresh()

    def unplug(self, device: str) -> None:
        with self._hands:
            plug = self._plug_of(device)
            self._unplugged.add(device)
            plug.pull()
            self._refresh()

    def _known(self, book: str) -> TableBook:
        try:
            return self._table.books[TagUid(book)]
        except KeyError:
            raise BenchRefused("Такої книжки немає на столі. / There is no such book on the table.") from None

    def _plug_of(self, device: str) -> Plug:
        try:
            return self._plugs[device]
        except KeyError:
            raise BenchRefused(f"Немає такого пристрою: {device}. / There is no such device.") from None

    @staticmethod
    def _into(put: Callable[[], None]) -> None:
        try:
            put()
        except OSError as err:
            raise BenchRefused(f"Не входить: {err.strerror}. / It does not go in.") from err

    def _all_plugs(self) -> dict[str, Plug]:
        table = self._table
        firmware = table.printer.firmware

        def paper_out() -> None:
            firmware.paper = PaperState.OUT

        return {
            "pad": Plug(table.pad.plug, table.pad.unplug),
            "pcsc": Plug(self._start_pcscd, table.pcscd.kill),
            "printer": Plug(table.printer.plug, table.printer.unplug),
            "paper": Plug(table.printer.refill, paper_out),
        }

    def _start_pcscd(self) -> None:
        """The service is back: cards that lie on a card reader lie there still."""
        self._table.pcscd.start()
        for place in self._slots.values():
            slot = self._table.slots[place]
            slot.remove()
            slot.insert()
