"""The bench of the demo: what a hand does to the table, and what can be seen of table, wire and ledger.

It moves hardware and reads the ledger; it tells the station nothing.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from drivers.printers.escpos_paper import Printed
from drivers.tag_pads.feig_simulator import Direction
from kiosk.bootstrap.demo_facts import LedgerFacts
from kiosk.bootstrap.demo_table import DemoTable, TableBook, TableCard
from kiosk.devices import LineStyle, PaperState, TagUid
from kiosk.tags.afi import Gate
from web_ui.bench.port import (
    BenchBook,
    BenchCard,
    BenchDevice,
    BenchReceipt,
    BenchRefused,
    BenchSnapshot,
    Channel,
    GateBit,
    StripLine,
    WireBytes,
)

LOOK_EVERY = 0.15
"""Seconds between two looks at what the station did to tags and ledger."""
KEPT_BYTES = 400
_GATES = {Gate.ARMED: GateBit.ARMED, Gate.CLEARED: GateBit.CLEARED, Gate.UNCLEAR: GateBit.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Plug:
    """Something that can be pulled out and put back."""

    says: str
    is_in: Callable[[], bool]
    put_in: Callable[[], None]
    pull: Callable[[], None]


class DemoBench:
    """The bench as `web_ui.bench.port.Bench` wants it. Use as a context manager: it has a thread that looks."""

    def __init__(self, table: DemoTable, facts: LedgerFacts) -> None:
        self._table = table
        self._facts = facts
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
        lying = self._table.lying()
        on_loan = self._facts.on_loan()
        return BenchSnapshot(
            cards=tuple(self._card(card) for card in self._table.cards.values()),
            books=tuple(self._book(book, lying, on_loan) for book in self._table.books.values()),
            devices=tuple(BenchDevice(name, plug.is_in(), plug.says) for name, plug in self._plugs.items()),
            receipts=_strips(self._table.printer.firmware.slips),
            loans=self._facts.loans(),
            journal=self._facts.journal(),
            debts=self._facts.debts(),
        )

    def _card(self, card: TableCard) -> BenchCard:
        place = self._slots.get(card.key)
        return BenchCard(card.key, card.name, card.says, "" if place is None else f"{place + 1}", card.odd)

    def _book(self, book: TableBook, lying: frozenset[TagUid], on_loan: frozenset[str]) -> BenchBook:
        uid = book.tag.uid
        return BenchBook(
            id=uid,
            title=book.title,
            author=book.author,
            on_pad=uid in lying,
            gate=_GATES[self._table.gate_of(book)],
            on_loan=book.item in on_loan,
            locked=book.tag.afi_locked,
            snatching=uid in self._table.snatched,
            odd=book.odd,
        )

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
            if "card-reader" not in self._unplugged and "pcsc" not in self._unplugged:
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
            for book in [self._known(one) for one in books]:
                self._table.pad.lay(book.tag)
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

        def is_in(name: str) -> Callable[[], bool]:
            return lambda: name not in self._unplugged

        def paper_out() -> None:
            firmware.paper = PaperState.OUT

        return {
            "pad": Plug("FEIG", is_in("pad"), table.pad.plug, table.pad.unplug),
            "pcsc": Plug("pcscd", is_in("pcsc"), self._start_pcscd, table.pcscd.kill),
            "printer": Plug("ESC/POS", is_in("printer"), table.printer.plug, table.printer.unplug),
            "paper": Plug("", is_in("paper"), table.printer.refill, paper_out),
        }

    def _start_pcscd(self) -> None:
        """The service is back: cards that lie on a card reader lie there still."""
        self._table.pcscd.start()
        for place in self._slots.values():
            slot = self._table.slots[place]
            slot.remove()
            slot.insert()


def _strips(slips: Iterable[Iterable[object]]) -> tuple[BenchReceipt, ...]:
    """Printed slips as paper strips, newest first."""
    numbered = enumerate(slips, start=1)
    strips = [BenchReceipt(number, tuple(_strip_line(line) for line in slip)) for number, slip in numbered]
    return tuple(reversed(strips))


def _strip_line(line: object) -> StripLine:
    if not isinstance(line, Printed):
        return StripLine("▒▒▒")  # a painted line: the demo's printer has the letters, so there is none
    style = LineStyle.LARGE if line.size > 1 else LineStyle.STRONG if line.bold else LineStyle.NORMAL
    return StripLine(line.text, (LineStyle.QUIET if line.small else style).value, line.centred)
