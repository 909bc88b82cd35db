"""Tells the other system what has happened, in order, one thing after the other, and keeps what it answered.

Nothing is guessed and nothing is told twice: whatever was sent before without an answer is looked at first. What the
system refuses has happened all the same, so it becomes a debt for a librarian.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import Desk
from kiosk.library.local.gates import journal_debt
from kiosk.library.remote.line import Line, Terms
from kiosk.library.remote.people import Doorkeeper
from kiosk.library.remote.system import LibrarySystem, LoanSaid, OutcomeUnknown, ReturnSaid, SystemSilent
from kiosk.store.debts import DebtKind
from kiosk.store.dispatches import Dispatch, DispatchKind, DispatchState

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

MOST_TRIES = 5
"""Times a thing is sent that is never answered, before a librarian is asked: the others behind it wait."""


class Telling:
    """The queue of what is to be told, emptied from its front."""

    def __init__(self, desk: AtTheDesk, line: Line, door: Doorkeeper, terms: Terms) -> None:
        self._desk = desk
        self._line = line
        self._door = door
        self._settles = timedelta(seconds=terms.settles_s)
        self.is_behind = True  # whether something may wait: an earlier run may have left it

    def tell_all(self) -> Mapping[str, ReturnSaid]:
        """Tell everything that waits; returns what was said to returns, by request key.

        Raises: SystemSilent - what was not told waits, in its order.
        """
        heard: dict[str, ReturnSaid] = {}
        self.is_behind = True
        for dispatch in self._desk.look(lambda desk: desk.work.dispatches.waiting()):
            match dispatch.kind, dispatch.state:
                case DispatchKind.LEND, DispatchState.ASKED:
                    self._withdraw(dispatch)
                case DispatchKind.LEND, _:
                    self._lend(dispatch)
                case _:
                    said = self._take_back(dispatch)
                    if said is not None and dispatch.kind is DispatchKind.TAKE_BACK:
                        heard[dispatch.request_key] = said
        self.is_behind = bool(self._desk.look(lambda desk: desk.work.dispatches.waiting()))
        return heard

    def fall_behind(self) -> None:
        """Hear that something was written down that is to be told, or found out, before long."""
        self.is_behind = True

    def _lend(self, dispatch: Dispatch) -> None:
        """Tell of a loan that was made while the system was silent, unless it has it."""
        assert dispatch.patron is not None, "a loan is somebody's"
        who = self._door.who(dispatch.patron)
        has = self._has(dispatch)
        if has:
            self._note(dispatch, DispatchState.DONE, "it had it")
            return
        if (has is None and dispatch.tries) or dispatch.tries >= MOST_TRIES:
            self._refused(dispatch, ("whether the loan was made cannot be found out",))
            return
        said = self._send(dispatch, lambda system: system.lend(who, dispatch.item))
        if said.lent:
            self._desk.decide(lambda desk: _booked(desk, dispatch, said))
        else:
            self._refused(dispatch, said.said)

    def _withdraw(self, dispatch: Dispatch) -> None:
        """Take back a loan nobody was promised: it was asked for, and whether it was made was never heard."""
        has = self._has(dispatch)
        if has is None:
            self._refused(dispatch, ("whether the loan was made cannot be found out",))
            return
        at = dispatch.at
        assert at is not None, "what is written down has its time"
        if has is False and self._desk.look(lambda desk: desk.work.moment.at) < at + self._settles:
            return  # a system that is only slow may make it yet: it is looked at again
        if has:
            said = self._line.ask(lambda system: system.take_back(dispatch.item, at, cancels=True))
            if not said.taken:
                self._refused(dispatch, said.said)
                return
        self._note(dispatch, DispatchState.REFUSED, "taken back" if has else "it was never made")

    def _has(self, dispatch: Dispatch) -> bool | None:
        """Ask whether the patron has the copy; None when the system does not say."""
        assert dispatch.patron is not None, "a loan is somebody's"
        who = self._door.who(dispatch.patron)
        charged = self._line.ask(lambda system: system.charged(who))
        if charged is not None:
            return dispatch.item in charged
        seen = self._line.ask(lambda system: system.item(dispatch.item))
        return None if seen.on_loan else False

    def _take_back(self, dispatch: Dispatch) -> ReturnSaid | None:
        """Tell of a return, or that a loan came to nothing. One that was sent before is looked at first."""
        at, cancels = dispatch.at, dispatch.kind is DispatchKind.CANCEL
        assert at is not None, "what is written down has its time"
        if dispatch.tries and self._is_back(dispatch):
            self._note(dispatch, DispatchState.DONE, "it had heard")
            return None
        try:
            said = self._send(dispatch, lambda system: system.take_back(dispatch.item, at, cancels=cancels))
        except OutcomeUnknown as silent:
            if dispatch.tries + 1 < MOST_TRIES:
                raise
            self._refused(dispatch, (f"sent {MOST_TRIES} times and never answered: {silent}",))
            return None
        if said.taken:
            self._note(dispatch, DispatchState.DONE, *said.said)
        else:
            self._refused(dispatch, said.said)
        return said

    def _is_back(self, dispatch: Dispatch) -> bool:
        return self._line.ask(lambda system: system.item(dispatch.item)).on_loan is False

    def _send(self, dispatch: Dispatch, request: Callable[[LibrarySystem], Answer]) -> Answer:
        """Send, and note before that it is being sent: a power cut here leaves something to look at."""
        self._desk.decide(lambda desk: desk.work.dispatches.count(dispatch, dispatch.tries + 1))
        try:
            return self._line.ask(request)
        except OutcomeUnknown:
            raise
        except SystemSilent:
            self._desk.decide(lambda desk: desk.work.dispatches.count(dispatch, dispatch.tries))
            raise

    def _note(self, dispatch: Dispatch, state: DispatchState, *said: str) -> None:
        self._desk.decide(lambda desk: desk.work.dispatches.note(dispatch, state, " ".join(said)))

    def _refused(self, dispatch: Dispatch, said: tuple[str, ...]) -> None:
        log.warning("the library's system refused: %s", dispatch.kind)
        self._desk.decide(lambda desk: refuse(desk, dispatch, said))


def _booked(desk: Desk, dispatch: Dispatch, said: LoanSaid) -> None:
    """Close a loan that was told, and keep the day the system says it is due."""
    desk.work.dispatches.note(dispatch, DispatchState.DONE, " ".join(said.said))
    loan = desk.work.loans.open_of_items([dispatch.item]).get(dispatch.item)
    if loan is not None and loan.patron == dispatch.patron and said.due is not None:
        desk.work.loans.fall_due(loan.id, said.due)


def refuse(desk: Desk, dispatch: Dispatch, said: tuple[str, ...]) -> None:
    """Close what the system refused, and leave a debt: it has happened, and somebody has to book it."""
    words = " ".join(said)
    desk.work.dispatches.note(dispatch, DispatchState.REFUSED, words)
    evidence = {"asked": dispatch.kind.value, "said": words, "request": dispatch.request_key}
    if dispatch.patron is not None:
        evidence["patron"] = dispatch.patron
    journal_debt(desk, desk.work.debts.open(DebtKind.SYSTEM_REFUSED, dispatch.item, evidence=evidence))
