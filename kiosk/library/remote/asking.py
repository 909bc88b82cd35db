"""Asks the other system for the loans of a stack, one after the other, and finds out what it did when it went silent.

Nothing is written here. A request is repeated only after the system has said that the first one came to nothing: a
repeated checkout would be a renewal (Koha and Evergreen do not recognise a message they had before). A system that was
only slow may do it after it was looked at: there it is not repeated in this visit.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.circulation.model import ItemId
from kiosk.library.port import Copy
from kiosk.library.remote.line import Line
from kiosk.library.remote.system import ItemSeen, LoanSaid, OutcomePending, OutcomeUnknown, SystemSilent, Who

log = logging.getLogger(__name__)

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Has:
    """The patron has it on loan already."""

    seen: ItemSeen


@dataclass(frozen=True, slots=True)
class Unheard:
    """No answer. *perhaps*: the loan may have been made, and nobody could say."""

    perhaps: bool = False


@dataclass(frozen=True, slots=True)
class No:
    """Refused. *lent*: the system has it on loan to somebody else, which is worth more than its words."""

    said: LoanSaid
    lent: bool = False


Heard = LoanSaid | Has | No | Unheard


class StackAsked:
    """One stack of one patron, asked for copy by copy."""

    def __init__(self, line: Line, who: Who) -> None:
        self._line = line
        self._who = who
        self._charged: frozenset[ItemId] | None = None

    def ask(self, copies: Iterable[Copy]) -> dict[str, Heard]:
        """Say for each copy, by its key, what the system made of it. Never raises SystemSilent."""
        wanted = tuple(copies)
        try:
            self._charged = self._line.ask(lambda system: system.charged(self._who)) if wanted else None
        except SystemSilent as silent:
            log.warning("the library's system is silent: %s", silent)
            return dict.fromkeys((copy.key for copy in wanted), Unheard())
        return {copy.key: self._ask_one(copy.item) for copy in wanted}

    def _ask_one(self, item: ItemId) -> Heard:
        try:
            if self._charged is not None and item in self._charged:
                return Has(self._line.ask(lambda system: system.item(item)))
            was_free = self._charged is not None or self._is_free(item)
        except SystemSilent:
            return Unheard()
        for _ in range(_TRIES):
            try:
                said = self._line.ask(lambda system: system.lend(self._who, item))
            except OutcomeUnknown as unknown:
                log.warning("a loan was asked for and no answer came: %s", unknown)
                found = self._find_out(item, was_free=was_free)
                if found is not None:
                    return found
                if isinstance(unknown, OutcomePending):  # asked again now, it would be a renewal once both are done
                    return self._if_elsewhere(item) or Unheard(perhaps=True)
                continue
            except SystemSilent:
                return Unheard()
            if not said.lent:
                return self._refused(said)
            return Has(_seen(said)) if said.renewed else said
        return Unheard()

    def _refused(self, said: LoanSaid) -> No:
        """Look once why: a patron who is told that somebody else has it may wait for it, or give it back for them."""
        try:
            return No(said, lent=self._line.ask(lambda system: system.item(said.item)).on_loan is True)
        except SystemSilent:
            return No(said)

    def _if_elsewhere(self, item: ItemId) -> No | None:
        """Say no where the system, slow as it is, has the copy on loan to somebody else; None when it may lend it yet.

        The copy is looked at before the patron is: made in between, the loan is among theirs.
        """
        try:
            seen = self._line.ask(lambda system: system.item(item))
            if seen.on_loan is not True:
                return None
            charged = self._line.ask(lambda system: system.charged(self._who))
        except SystemSilent:
            return None
        elsewhere = charged is not None and item not in charged
        return No(LoanSaid(lent=False, item=item, title=seen.title), lent=True) if elsewhere else None

    def _is_free(self, item: ItemId) -> bool:
        """Where the system names no patron's loans by barcode: only a copy seen free before proves a loan after."""
        return self._line.ask(lambda system: system.item(item)).on_loan is False

    def _find_out(self, item: ItemId, *, was_free: bool) -> Heard | None:
        """Say what became of a loan that was asked for; None when it was surely not made."""
        try:
            charged = self._line.ask(lambda system: system.charged(self._who))
            if charged is not None and item not in charged:
                return None
            seen = self._line.ask(lambda system: system.item(item))
        except SystemSilent:
            return Unheard(perhaps=True)
        if charged is None and (not was_free or seen.on_loan is None):
            return Unheard(perhaps=True)
        if charged is None and not seen.on_loan:
            return None
        return LoanSaid(lent=True, item=item, title=seen.title, due=seen.due)


def _seen(said: LoanSaid) -> ItemSeen:
    return ItemSeen(said.item, known=True, title=said.title, on_loan=True, due=said.due)
