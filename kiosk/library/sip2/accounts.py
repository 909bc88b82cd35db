"""The lists of an account: what a patron has and waits for, page by page, by barcode or by title.

Whether a list names copies or titles no field says. "1984" is either, so where a profile does not know, a line is a
barcode only when the system knows a copy of that number and has it on loan.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.circulation.model import ItemId
from kiosk.library.remote.system import HoldSeen, ItemSeen, Who
from kiosk.library.sip2.codes import Summary, count_of
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.profile import Lists, Profile

_BARCODE = re.compile(r"(?=.*\d)[\w.$/+-]{3,40}")
_MOST_PAGES = 20

FIELD_OF = {
    Summary.HOLDS: (Field.HOLD_ITEM, "hold_count"),
    Summary.OVERDUE: (Field.OVERDUE_ITEM, "overdue_count"),
    Summary.CHARGED: (Field.CHARGED_ITEM, "charged_count"),
    Summary.UNAVAILABLE_HOLDS: (Field.UNAVAILABLE_HOLD_ITEM, "unavailable_count"),
}
"""Where each list stands in 64, and where its length."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of an account. `complete` when it has as many lines as the system counts, and it does count."""

    lines: tuple[str, ...]
    complete: bool


def looks_like_barcode(text: str) -> bool:
    """Say whether a line of a list may be a barcode: one word with a digit in it."""
    return _BARCODE.fullmatch(text) is not None


class _Line(Protocol):
    """What an account asks of the system."""

    def one_list(self, who: Who, wanted: Summary, first: int | None) -> Message: ...

    def look(self, item: ItemId) -> ItemSeen: ...

    def look_all(self, items: Sequence[ItemId]) -> dict[ItemId, ItemSeen]: ...

    def begin(self) -> None: ...


class Accounts:
    """Reads accounts over a line. Remembers whether this system's lists name copies, once that was seen."""

    def __init__(self, line: _Line, profile: Profile) -> None:
        self._line = line
        self._names_copies = {Lists.BARCODES: True, Lists.TITLES: False}.get(profile.lists)

    def charged(self, who: Who) -> frozenset[ItemId] | None:
        """Say which copies the patron has, late ones too; None when the lists do not name all of them for sure."""
        listed, said = self._whole(who, Summary.CHARGED)
        lists = [listed]
        if counts(said, Summary.OVERDUE):
            lists.append(self._whole(who, Summary.OVERDUE)[0])
        lines = dict.fromkeys(line for one in lists for line in one.lines)
        if not all(one.complete for one in lists) or not self._are_copies(tuple(lines)):
            return None
        return frozenset(map(ItemId, lines))

    def _are_copies(self, lines: tuple[str, ...]) -> bool:
        if self._names_copies is None and lines:
            self._names_copies = all(map(looks_like_barcode, lines)) and self._is_lent(lines[0])
        return self._names_copies is not False

    def _is_lent(self, line: str) -> bool:
        seen = self._line.look(ItemId(line))
        return seen.known and seen.on_loan is True

    def loans(self, who: Who) -> tuple[tuple[ItemSeen, ...], Message]:
        """Say what the patron has, each with title and due date, with the answer the list came in."""
        listed, said = self._whole(who, Summary.CHARGED)
        lines = dict.fromkeys(listed.lines)
        if counts(said, Summary.OVERDUE):
            lines |= dict.fromkeys(self._whole(who, Summary.OVERDUE)[0].lines)
        seen = self._line.look_all([ItemId(line) for line in lines if self._may_be_copy(line)])
        return tuple(_loan(line, seen.get(ItemId(line))) for line in lines), said

    def _may_be_copy(self, line: str) -> bool:
        return looks_like_barcode(line) if self._names_copies is None else self._names_copies

    def holds(self, who: Who, said: Message) -> tuple[HoldSeen, ...]:
        """Say what the patron waits for, what lies ready first; *said* counts both."""
        holds: list[HoldSeen] = []
        for wanted in (Summary.HOLDS, Summary.UNAVAILABLE_HOLDS):
            if counts(said, wanted):
                self._line.begin()
                lines = self._whole(who, wanted)[0].lines
                holds += [self._hold(line, ready=wanted is Summary.HOLDS) for line in lines]
        return tuple(holds)

    def _hold(self, line: str, *, ready: bool) -> HoldSeen:
        self._line.begin()
        title = self._line.look(ItemId(line)).title if looks_like_barcode(line) else ""
        return HoldSeen(key=line, title=title or line, ready=ready)

    def _whole(self, who: Who, wanted: Summary) -> tuple[Listed, Message]:
        return whole_list(lambda first: self._line.one_list(who, wanted, first), wanted)


def _loan(line: str, seen: ItemSeen | None) -> ItemSeen:
    """Show a loan. One that is named by its title is shown as it is; its due date is not to be had."""
    return seen if seen is not None and seen.known else ItemSeen(ItemId(line), known=True, title=line, on_loan=True)


def counts(said: Message, wanted: Summary) -> bool:
    """Say whether the system counts anything in a list; yes when it does not count."""
    return count_of(said[FIELD_OF[wanted][1]]) != 0


def whole_list(ask: Callable[[int | None], Message], wanted: Summary) -> tuple[Listed, Message]:
    """Read a list to its end; gives it with the first answer. A system that sends pages is asked for the next ones."""
    code, counted = FIELD_OF[wanted]
    first = said = ask(None)
    lines = list(dict.fromkeys(_lines(said, code)))
    count = count_of(said[counted])
    for _ in range(_MOST_PAGES):
        if count is None or not lines or len(lines) >= count:
            break
        said = ask(len(lines) + 1)
        new = [line for line in _lines(said, code) if line not in lines]
        if not new:
            break
        lines += new
    return Listed(tuple(lines), complete=count is not None and len(lines) >= count), first


def _lines(said: Message, code: str) -> list[str]:
    return [line.strip() for line in said.every(code) if line.strip()]
