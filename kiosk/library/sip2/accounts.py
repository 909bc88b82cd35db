"""The lists of an account: what a patron has and waits for, page by page, by barcode or by title."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.circulation.model import ItemId
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
    """One list of an account. `complete` when it has as many lines as the system counts."""

    lines: tuple[str, ...]
    complete: bool


def looks_like_barcode(text: str) -> bool:
    """Say whether a line of a list is a barcode rather than a title: one word with a digit in it."""
    return _BARCODE.fullmatch(text) is not None


def barcodes(listed: Listed, profile: Profile) -> tuple[ItemId, ...] | None:
    """Give the copies a list names; None when it names titles."""
    if profile.lists is Lists.TITLES:
        return None
    if profile.lists is Lists.AUTO and not all(map(looks_like_barcode, listed.lines)):
        return None
    return tuple(ItemId(line) for line in listed.lines)


def whole_list(ask: Callable[[Summary, int | None], Message], wanted: Summary) -> tuple[Listed, Message]:
    """Read a list to its end; gives it with the first answer. A system that sends pages is asked for the next ones."""
    code, counted = FIELD_OF[wanted]
    first = said = ask(wanted, None)
    lines = list(dict.fromkeys(_lines(said, code)))
    count = count_of(said[counted])
    for _ in range(_MOST_PAGES):
        if count is None or not lines or len(lines) >= count:
            break
        said = ask(wanted, len(lines) + 1)
        new = [line for line in _lines(said, code) if line not in lines]
        if not new:
            break
        lines += new
    return Listed(tuple(lines), complete=count is None or len(lines) >= count), first


def _lines(said: Message, code: str) -> list[str]:
    return [line.strip() for line in said.every(code) if line.strip()]
