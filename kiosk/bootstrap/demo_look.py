"""What can be seen of the demo's table, rigs and ledgers, as one snapshot. Looks and compares; moves nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from drivers.printers.escpos_paper import Printed
from kiosk.bootstrap.demo_facts import LedgerPage
from kiosk.bootstrap.demo_rig import DemoRig
from kiosk.bootstrap.demo_table import DemoTable, TableBook, TableCard
from kiosk.devices import LineStyle, TagUid
from kiosk.tags.afi import Gate
from web_ui.bench.port import (
    BenchBook,
    BenchCard,
    BenchDevice,
    BenchLedger,
    BenchReceipt,
    BenchSnapshot,
    GateBit,
    StripLine,
)

CENTRE = "centre"
_GATES = {Gate.ARMED: GateBit.ARMED, Gate.CLEARED: GateBit.CLEARED, Gate.UNCLEAR: GateBit.UNKNOWN}


class Ledger(Protocol):
    """Whatever has loans to show."""

    def read(self) -> LedgerPage: ...


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Sees the table, the rigs and the ledgers. Books that look as before stay the same objects: cheap to compare.

    `centre` is what decides: the centre, or a library system of somebody else's. `in_touch` says by station whether it
    answered last; a station that does not run yet is not in it.
    """

    table: DemoTable
    rigs: Mapping[str, DemoRig]
    ledgers: Mapping[str, Ledger]
    centre: Ledger
    in_touch: Mapping[str, Callable[[], bool]]
    seen: dict[TagUid, tuple[object, BenchBook]] = field(default_factory=dict)

    def look(self, cards: Mapping[str, tuple[str, int]]) -> BenchSnapshot:
        """*cards* says at which station and in which slot each card lies that lies somewhere."""
        pages = {station: ledger.read() for station, ledger in self.ledgers.items()}
        known, lies = self.centre.read(), self._lying()
        on_loan = known.on_loan.union(*(page.on_loan for page in pages.values() if page.queue))
        return BenchSnapshot(
            cards=tuple(_card(card, cards.get(card.key)) for card in self.table.cards.values()),
            books=tuple(self._book(book, on_loan, lies.get(book.tag.uid, "")) for book in self.table.books.values()),
            devices=tuple(
                BenchDevice(name, name not in rig.unplugged, station)
                for station, rig in self.rigs.items()
                for name in rig.plugs
            ),
            receipts=tuple(strip for station, rig in self.rigs.items() for strip in _strips(station, rig)),
            ledgers=(
                *(_ledger(station, page, self._hears(station)) for station, page in pages.items()),
                BenchLedger(CENTRE, len(known.on_loan), loans=known.loans, journal=known.journal, debts=known.debts),
            ),
        )

    def _hears(self, station: str) -> bool:
        return station in self.in_touch and self.in_touch[station]()

    def _lying(self) -> dict[TagUid, str]:
        return {uid: station for station, rig in self.rigs.items() for uid in rig.lying()}

    def _book(self, book: TableBook, loans: frozenset[str], at: str) -> BenchBook:
        tag = book.tag
        snatching, on_loan = tag.uid in self.table.snatched, book.item in loans
        looks = (tag.afi, tag.eas, tag.afi_locked, at, snatching, on_loan)
        before = self.seen.get(tag.uid)
        if before is not None and before[0] == looks:
            return before[1]
        now = BenchBook(
            id=tag.uid,
            title=book.title,
            author=book.author,
            on_pad=bool(at),
            gate=_GATES[self.table.gate_of(book)],
            on_loan=on_loan,
            locked=tag.afi_locked,
            snatching=snatching,
            odd=book.odd,
            part=book.part,
            age_from=book.age_from,
            for_children=book.for_children,
            at=at,
        )
        self.seen[tag.uid] = (looks, now)
        return now


def _ledger(station: str, page: LedgerPage, hears: bool) -> BenchLedger:
    return BenchLedger(station, len(page.on_loan), page.queue, hears, page.loans, page.journal, page.debts)


def _card(card: TableCard, lies: tuple[str, int] | None) -> BenchCard:
    at, slot = ("", "") if lies is None else (lies[0], f"{lies[1] + 1}")
    return BenchCard(card.key, card.name, card.says, slot, card.odd, at)


def _strips(station: str, rig: DemoRig) -> tuple[BenchReceipt, ...]:
    """Printed slips as paper strips, newest first."""
    slips: Iterable[Iterable[object]] = rig.printer.firmware.slips
    numbered = enumerate(slips, start=1)
    strips = [BenchReceipt(number, tuple(_strip_line(line) for line in slip), station) for number, slip in numbered]
    return tuple(reversed(strips))


def _strip_line(line: object) -> StripLine:
    if not isinstance(line, Printed):
        return StripLine("▒▒▒")  # a painted line: the demo's printer has the letters, so there is none
    style = LineStyle.LARGE if line.size > 1 else LineStyle.STRONG if line.bold else LineStyle.NORMAL
    return StripLine(line.text, (LineStyle.QUIET if line.small else style).value, line.centred)
