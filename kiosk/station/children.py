"""What a child is told, and what is kept for their parents. Pure.

No child reads of debts and fines here: what keeps the station from lending goes to a grown-up on a slip.
"""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import CheckinNote
from kiosk.station.answers import Next
from kiosk.station.books import Book, Books, count
from kiosk.station.effects import PrintParentSlip
from kiosk.station.states import Done, Session, State
from kiosk.station.view import ParentSlip, RowState

FOR_GROWN_UPS = frozenset({Refusal.FEES, Refusal.OVERDUE})
_QUIET_NOTES = frozenset({CheckinNote.LATE.value, CheckinNote.FEE.value})


def told_a_child(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Keep amounts and counts of debts out of the reasons a child sees."""
    return tuple(Reason(reason.refusal) if reason.refusal in FOR_GROWN_UPS else reason for reason in reasons)


def kept_for_parents(blocks: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in blocks if reason.refusal in FOR_GROWN_UPS)


def told_of_return(book: Book) -> Book:
    """A returned copy as a child hears of it: it is back, and that is good; nothing of lateness and fees."""
    notes = tuple(note for note in book.notes if note not in _QUIET_NOTES)
    return replace(book, notes=notes, fee=type(book.fee)(0), late_days=0)


def is_child_here(state: State) -> bool:
    """Whether a child reads this screen: one known by the card, or anybody without a card at a station for children."""
    match state.phase:
        case Session(patron=patron):
            return patron.child
        case Done(child=child):
            return child
        case _:
            return state.setup.for_children


def stamps_of(books: Books) -> int:
    """How many reading stamps a visit is worth: one for every copy borrowed or brought back."""
    return count(books, RowState.LENT, RowState.RETURNED)


def slip_for_parents(state: State) -> Next:
    """Once a child's account is known: print for the parents what keeps their child from borrowing."""
    phase = state.phase
    if not isinstance(phase, Session) or phase.parent_slip is not ParentSlip.NONE or phase.account is None:
        return state, ()
    blocks = kept_for_parents(phase.patron.blocks)
    if not phase.patron.child or not blocks:
        return state, ()
    how = ParentSlip.PRINTING if state.prints else ParentSlip.TELL
    state = replace(state, phase=replace(phase, parent_slip=how))
    late = tuple(line for line in phase.account.loans if line.overdue)
    return state, (PrintParentSlip(state.visit, blocks, late),) if how is ParentSlip.PRINTING else ()


def parent_slip_ended(state: State, *, printed: bool) -> Next:
    phase = state.phase
    if isinstance(phase, Session) and phase.parent_slip is ParentSlip.PRINTING:
        how = ParentSlip.PRINTED if printed else ParentSlip.TELL
        state = replace(state, phase=replace(phase, parent_slip=how))
    return state, ()
