"""When the station must act though nothing happens: the next deadline of a state. Pure; `step` does what is due."""

from collections.abc import Iterator

from kiosk.station.books import Book, Books, count
from kiosk.station.endings import as_usual, busy
from kiosk.station.setup import Timing
from kiosk.station.states import (
    AskingPin,
    Done,
    Identifying,
    Notice,
    Returning,
    Service,
    Session,
    StackFirst,
    Starting,
    State,
    Welcome,
)
from kiosk.station.untagged import is_scanned, seen_by, waits_for_tag
from kiosk.station.view import ReceiptState, RowState


def next_deadline(state: State) -> float | None:
    """The earliest time something is due, on the clock events are stamped with; None = nothing ever is."""
    return min(_all(state), default=None)


def idle_at(state: State) -> float | None:
    """When to ask "are you still there?"; None while somebody works on something or nobody is asked."""
    match state.phase:
        case Session(finishing=None) as phase if not busy(state):
            return phase.active_at + state.setup.timing.idle if phase.asked_at is None else None
        case AskingPin(checking=False, asked_at=None, active_at=active_at):
            return active_at + state.setup.timing.idle
        case StackFirst(asked_at=None, active_at=active_at):
            return active_at + state.setup.timing.idle
        case _:
            return None


def leave_at(state: State) -> float | None:
    """When the question counts as answered with silence."""
    match state.phase:
        case Session(asked_at=float(asked_at), finishing=None):
            return asked_at + state.setup.timing.answer
        case AskingPin(asked_at=float(asked_at)) | StackFirst(asked_at=float(asked_at)):
            return asked_at + state.setup.timing.answer
        case _:
            return None


def gone_at(state: State) -> float | None:
    """When a visit whose books have all been taken away counts as over.

    A card that rests on its card reader keeps the visit: its being lifted is the sign.
    """
    phase, timing = state.phase, state.setup.timing
    if not isinstance(phase, Session | Returning) or phase.finishing is not None or busy(state):
        return None
    scanned = any(is_scanned(book) for book in phase.books)  # nobody sees them taken away
    if isinstance(phase, Returning) and not state.pad.lying and not scanned:
        return _latest(state, phase.active_at) + timing.gone
    if isinstance(phase, Returning):
        return phase.active_at + timing.returns_idle if count(phase.books, RowState.RETURNED) else _quiet(state)
    moved = count(phase.books, RowState.LENT, RowState.RETURNED)
    waits = count(phase.books, RowState.PUT_BACK)
    if scanned or state.pad.lying or not moved or waits or state.cards or phase.on_account:
        return None
    return _latest(state, phase.active_at) + timing.gone


def _quiet(state: State) -> float | None:
    return state.phase.active_at + state.setup.timing.idle if isinstance(state.phase, Returning) else None


def _latest(state: State, active_at: float) -> float:
    return max(active_at, state.pad_empty_since or active_at)


def _all(state: State) -> Iterator[float]:
    timing = state.setup.timing
    match state.phase:
        case Starting(since):
            yield since + timing.start
        case Welcome(since) if not as_usual(state):
            yield since + timing.language
        case Identifying(since=since):
            yield since + timing.identify
        case Notice(ends_at):
            yield ends_at
        case Done() as phase:
            yield done_at(phase, timing)
        case Service(active_at):
            yield active_at + timing.service
    yield from (time for time in (idle_at(state), leave_at(state), gone_at(state)) if time is not None)
    if isinstance(state.phase, Session | StackFirst | Returning):
        yield from _of_books(state.phase.books, timing)
    if isinstance(state.phase, Session | Returning):
        yield from (seen_by(book, timing) for book in state.phase.books if waits_for_tag(book))
    if isinstance(state.phase, Session | Returning) and state.phase.finishing is not None:
        yield state.phase.finishing + timing.finish
    if state.library_down_since is not None:
        yield state.library_down_since + timing.probe


def done_at(phase: Done, timing: Timing) -> float:
    """When the goodbye ends. A receipt that is being printed holds it, but not for ever."""
    held = phase.receipt in (ReceiptState.PRINTING, ReceiptState.MAILING)
    return phase.ends_at + (timing.finish if held else 0)


def _of_books(books: Books, timing: Timing) -> Iterator[float]:
    for book in books:
        if waits_for_parts(book):
            yield book.since + timing.parts_wait
        if book.state is RowState.PUT_BACK and not book.asked and not was_given_up(book):
            yield book.since + timing.put_back


def waits_for_parts(book: Book) -> bool:
    return book.state is RowState.WAITING and not book.asked and book.seen < book.parts


def was_given_up(book: Book) -> bool:
    """Whether a book that was not put back in time has been reported already."""
    return "given-up" in book.notes
