"""The receipt of a visit: what happened becomes the lines of a slip, in the language the patron chose.

Knows no printer and no translations: a printer gets a `Slip`, the words come from `Phrases`. A receipt is
left lying about, so it has no place for a name, a card number or a debt: only for books and dates.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Protocol, TypeVar

from kiosk.devices import LineStyle, Slip, SlipLine
from kiosk.receipts.template import Part, Template

MOST_STAMPS = 10
"""Stars drawn on a child's slip; the words under them give the whole number."""
STANDARD_COLUMNS = 42
"""How many letters an 80 mm printer puts on a line in the font most of them wake up with."""


class Phrases(Protocol):
    """The words of every language: `web_ui/texts` at the station, a small table in tests."""

    def say(self, lang: str, key: str, n: int | None = None, **values: object) -> str:
        """Say the text *key* in *lang*; *n* chooses the plural form and is its number."""
        ...

    def day(self, lang: str, day: date) -> str: ...

    def money(self, lang: str, amount: Decimal) -> str: ...


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A copy lent or renewed until *due*."""

    title: str
    author: str
    due: date


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A copy returned, and what came of it.

    `held` = somebody waits for it, `destination` = the branch it travels to, `gate_owed` = the return stands
    and staff will see to the gate bit.
    """

    title: str
    author: str
    late_days: int = 0
    fee: Decimal = Decimal(0)
    destination: str = ""
    held: bool = False
    gate_owed: bool = False


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """A copy a person has to see to. *words* say why and what to do, already in the receipt's language."""

    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """One visit. `refused` stays with the patron or on the pad; `trouble` waits for a librarian."""

    language: str
    branch: str
    station: str
    printed_at: datetime
    number: str
    lent: tuple[ReceiptLine, ...] = ()
    returned: tuple[ReturnedLine, ...] = ()
    renewed: tuple[ReceiptLine, ...] = ()
    refused: tuple[TroubleLine, ...] = ()
    trouble: tuple[TroubleLine, ...] = ()
    stamps: int = 0  # a child's reading stamps of this visit
    token: str = ""  # what proves the visit; "" where the station has no key


@dataclass(frozen=True, slots=True)
class ParentNote:
    """What keeps a child from borrowing, for the parents: fees in all, and the copies that are late. Names nobody."""

    language: str
    branch: str
    printed_at: datetime
    phone: str = ""
    fees: Decimal = Decimal(0)
    late: tuple[ReceiptLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfNote:
    """A returned copy that does not go back to its shelf, for the member of staff who empties the box.

    `held` = somebody waits for it; `code` tells staff who, and nobody else. `destination` is the branch it goes to.
    """

    language: str
    branch: str
    printed_at: datetime
    title: str
    item: str
    destination: str = ""
    held: bool = False
    code: str = ""


_Line = TypeVar("_Line", ReceiptLine, ReturnedLine, TroubleLine)


def render(receipt: Receipt, phrases: Phrases, template: Template | None = None) -> Slip:
    """Put a receipt into words: a head, one block per kind of movement that happened, a foot."""
    scribe = _Scribe(receipt, phrases, template or Template())
    lines = (*scribe.head(), *scribe.movements(), *scribe.foot())
    return Slip(lines=lines, title=receipt.number)


def render_shelf_note(note: ShelfNote, phrases: Phrases) -> Slip:
    """Put a shelf note into words: which shelf in large letters, then for whom and where to."""

    def say(key: str, **values: object) -> str:
        return phrases.say(note.language, key, None, **values)

    day = phrases.day(note.language, note.printed_at.date())
    kind = "receipt.shelf-transfer" if note.destination else "receipt.shelf-hold"
    lines = [SlipLine(say(kind), LineStyle.LARGE, centred=True)]
    if note.destination:
        lines.append(SlipLine(say("receipt.shelf-to", branch=note.destination), LineStyle.STRONG, centred=True))
    if note.held:
        waits = say("receipt.shelf-code", code=note.code) if note.code else say("receipt.shelf-waits")
        lines.append(SlipLine(waits, LineStyle.STRONG, centred=True))
    lines += [
        SlipLine(""),
        SlipLine(note.title) if note.title else SlipLine(say("receipt.shelf-unknown")),
        SlipLine(say("receipt.shelf-item", item=note.item)),
        SlipLine(f"{note.branch}, {day}, {note.printed_at:%H:%M}", LineStyle.QUIET),
    ]
    return Slip(lines=tuple(lines), title=note.item)


def render_parent_note(note: ParentNote, phrases: Phrases) -> Slip:
    """Put a slip for parents into words: kindly why, exactly what, and whom to ask."""

    def say(key: str, n: int | None = None, **values: object) -> str:
        return phrases.say(note.language, key, n, **values)

    lines = [SlipLine(say("receipt.parents-title"), LineStyle.LARGE, centred=True), SlipLine("")]
    lines.append(SlipLine(say("receipt.parents-why")))
    if note.fees:
        lines.append(SlipLine(say("receipt.parents-fees", amount=phrases.money(note.language, note.fees))))
    if note.late:
        lines.append(SlipLine(say("receipt.parents-late", len(note.late))))
    for place, line in enumerate(note.late, start=1):
        lines.append(SlipLine(f"{place}. {line.title}"))
        lines.append(SlipLine(say("receipt.due", day=phrases.day(note.language, line.due))))
    lines += [SlipLine(""), SlipLine(say("receipt.parents-do"))]
    if note.phone:
        lines.append(SlipLine(say("receipt.parents-phone", phone=note.phone)))
    day = phrases.day(note.language, note.printed_at.date())
    lines.append(SlipLine(f"{note.branch}, {day}, {note.printed_at:%H:%M}", LineStyle.QUIET))
    return Slip(lines=tuple(lines), title="parents")


def plain_text(slip: Slip, columns: int = STANDARD_COLUMNS) -> str:
    """Set a slip as plain text of *columns* letters: for a file, an e-mail, a preview. A QR code is its letters."""
    return "".join(
        (part.center(columns).rstrip() if line.centred else part) + "\n"
        for line in slip.lines
        for part in wrapped(line.text, columns)
    )


def wrapped(text: str, columns: int) -> list[str]:
    """Break *text* into lines of at most *columns* letters, at spaces where it can; no text is one empty line.

    A word longer than the line is cut, never lost. Raises ValueError when *columns* is not positive.
    """
    return wrap(printable(text), columns, break_on_hyphens=False) or [""]


def printable(text: str) -> str:
    """Keep what can be printed: a control character, which a printer may take for a command, becomes a space."""
    composed = unicodedata.normalize("NFC", text)  # и + breve is one letter on paper and in every code page
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in composed)


@dataclass(frozen=True, slots=True)
class _Scribe:
    receipt: Receipt
    phrases: Phrases
    template: Template

    def head(self) -> Iterator[SlipLine]:
        receipt, has = self.receipt, self.template.has
        day = self.phrases.day(receipt.language, receipt.printed_at.date())
        yield SlipLine(self._say("receipt.title"), LineStyle.LARGE, centred=True)
        yield from (SlipLine(line, centred=True) for line in self.template.head.get(receipt.language, ()))
        if has(Part.PLACE):
            yield SlipLine(self._say("receipt.at", branch=receipt.branch, station=receipt.station), centred=True)
        if has(Part.TIME):
            yield SlipLine(f"{day}, {receipt.printed_at:%H:%M}", LineStyle.QUIET, centred=True)
        if has(Part.NUMBER):
            yield SlipLine(f"№ {receipt.number}", LineStyle.QUIET, centred=True)

    def movements(self) -> Iterator[SlipLine]:
        receipt = self.receipt
        yield from self._due_section(Part.LENT, "receipt.lent", receipt.lent)
        yield from self._due_section(Part.RENEWED, "receipt.renewed", receipt.renewed)
        yield from self._section(Part.RETURNED, "receipt.returned", receipt.returned, self._came_back)
        yield from self._section(Part.REFUSED, "receipt.not-lent", receipt.refused, self._explained)
        yield from self._section(Part.TROUBLE, "receipt.trouble", receipt.trouble, self._explained)

    def foot(self) -> Iterator[SlipLine]:
        language, template = self.receipt.language, self.template
        yield SlipLine("")
        if self.receipt.stamps and template.has(Part.STAMPS):
            yield SlipLine("★ " * min(self.receipt.stamps, MOST_STAMPS), LineStyle.LARGE, centred=True)
            yield SlipLine(self._say("receipt.stamps", self.receipt.stamps), LineStyle.STRONG, centred=True)
        yield from self._code()
        if template.has(Part.HOURS):
            yield from (SlipLine(line, LineStyle.QUIET, centred=True) for line in template.hours.get(language, ()))
        if template.has(Part.PHONE) and template.phone:
            phone = self._say("receipt.phone", phone=template.phone)
            yield SlipLine(phone, LineStyle.QUIET, centred=True)
        yield from (SlipLine(line, centred=True) for line in template.foot.get(language, ()))
        if template.has(Part.THANKS):
            yield SlipLine(template.greeting.get(language) or self._say("receipt.thanks"), centred=True)

    def _code(self) -> Iterator[SlipLine]:
        if self.receipt.token and self.template.has(Part.CODE):
            yield SlipLine(self.template.page + self.receipt.token, LineStyle.CODE, centred=True)
            yield SlipLine(self._say("receipt.code"), LineStyle.QUIET, centred=True)
            yield SlipLine("")

    def _due_section(self, part: Part, key: str, entries: tuple[ReceiptLine, ...]) -> Iterator[SlipLine]:
        """Say a day all copies share once, large enough to be found; days that differ stand with each copy."""
        if len({entry.due for entry in entries}) != 1 or len(entries) == 1:
            yield from self._section(part, key, entries, self._due)
            return
        lines = tuple(self._section(part, key, entries, self._author))
        head = 2  # the empty line, and what it is
        shared = SlipLine(self._due_words(entries[0]), LineStyle.STRONG)
        yield from (*lines[:head], *((shared,) if lines else ()), *lines[head:])

    def _section(
        self, part: Part, key: str, entries: tuple[_Line, ...], tell: Callable[[_Line], Iterator[str]]
    ) -> Iterator[SlipLine]:
        if not entries or not self.template.has(part):
            return
        yield SlipLine("")
        yield SlipLine(f"{self._say(key)}: {self._say('receipt.count', n=len(entries))}", LineStyle.STRONG)
        for place, entry in enumerate(entries, start=1):
            yield SlipLine(f"{place}. {entry.title}")
            author = "" if isinstance(entry, TroubleLine) else entry.author
            yield from (SlipLine(told, LineStyle.QUIET if told == author else LineStyle.NORMAL) for told in tell(entry))

    def _author(self, line: ReceiptLine | ReturnedLine) -> Iterator[str]:
        if line.author and self.template.has(Part.AUTHORS):
            yield line.author

    def _due(self, line: ReceiptLine) -> Iterator[str]:
        yield from self._author(line)
        yield self._due_words(line)

    def _due_words(self, line: ReceiptLine) -> str:
        return self._say("receipt.due", day=self.phrases.day(self.receipt.language, line.due))

    def _came_back(self, line: ReturnedLine) -> Iterator[str]:
        yield from self._author(line)
        if line.late_days:
            yield self._say("receipt.late", n=line.late_days)
        if line.fee:
            yield self._say("receipt.fee", amount=self.phrases.money(self.receipt.language, line.fee))
        if line.held and line.destination:
            yield self._say("receipt.held-elsewhere", branch=line.destination)
        elif line.held:
            yield self._say("receipt.held")
        elif line.destination:
            yield self._say("receipt.other-branch", branch=line.destination)
        if line.gate_owed:
            yield self._say("receipt.gate-owed")

    def _explained(self, line: TroubleLine) -> Iterator[str]:
        yield from line.words

    def _say(self, key: str, n: int | None = None, **values: object) -> str:
        return self.phrases.say(self.receipt.language, key, n, **values)
