"""What can be seen of the demo's table and ledger, as one snapshot. Looks and compares; moves nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from drivers.printers.escpos_paper import Printed
from kiosk.bootstrap.demo_facts import LedgerFacts, LedgerPage
from kiosk.bootstrap.demo_table import DemoTable, TableBook, TableCard
from kiosk.devices import LineStyle, TagUid
from kiosk.tags.afi import Gate
from web_ui.bench.port import (
    BenchBook,
    BenchCard,
    BenchDevice,
    BenchReceipt,
    BenchSnapshot,
    GateBit,
    StripLine,
)

_GATES = {Gate.ARMED: GateBit.ARMED, Gate.CLEARED: GateBit.CLEARED, Gate.UNCLEAR: GateBit.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Sees the table, its plugs and the ledger. Books that look as before stay the same objects: cheap to compare."""

    table: DemoTable
    facts: LedgerFacts
    seen: dict[TagUid, tuple[object, BenchBook]]

    def look(self, lying_cards: Mapping[str, int], plugged: Mapping[str, bool]) -> BenchSnapshot:
        """*lying_cards* says in which slot each card lies; *plugged* which plugs are in."""
        page, lying = self.facts.read(), self.table.lying()
        return BenchSnapshot(
            cards=tuple(_card(card, lying_cards.get(card.key)) for card in self.table.cards.values()),
            books=tuple(self._book(book, page, lying) for book in self.table.books.values()),
            devices=tuple(BenchDevice(name, is_in) for name, is_in in plugged.items()),
            receipts=_strips(self.table.printer.firmware.slips),
            loans=page.loans,
            journal=page.journal,
            debts=page.debts,
        )

    def _book(self, book: TableBook, page: LedgerPage, lying: frozenset[TagUid]) -> BenchBook:
        tag = book.tag
        on_pad, snatching, on_loan = tag.uid in lying, tag.uid in self.table.snatched, book.item in page.on_loan
        looks = (tag.afi, tag.eas, tag.afi_locked, on_pad, snatching, on_loan)
        before = self.seen.get(tag.uid)
        if before is not None and before[0] == looks:
            return before[1]
        now = BenchBook(
            id=tag.uid,
            title=book.title,
            author=book.author,
            on_pad=on_pad,
            gate=_GATES[self.table.gate_of(book)],
            on_loan=on_loan,
            locked=tag.afi_locked,
            snatching=snatching,
            odd=book.odd,
            part=book.part,
            age_from=book.age_from,
            for_children=book.for_children,
        )
        self.seen[tag.uid] = (looks, now)
        return now


def _card(card: TableCard, slot: int | None) -> BenchCard:
    return BenchCard(card.key, card.name, card.says, "" if slot is None else f"{slot + 1}", card.odd)


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
