"""How a visit begins: a card, a stack without a card, a touch. Pure."""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.devices import CardFault, CardIdentity
from kiosk.library.port import Identified, PinLocked, PinRight, PinWrong, Recognised, RequestKey, Unwelcome
from kiosk.station import stack
from kiosk.station.answers import Next
from kiosk.station.books import Book, Wish, put
from kiosk.station.effects import AskAccount, BeginCheckin, CheckPin, Identify
from kiosk.station.endings import welcome, wind_up
from kiosk.station.events import CardPresented
from kiosk.station.rights import opens_account
from kiosk.station.setup import ReturnsHabit
from kiosk.station.states import (
    AskingPin,
    CardOn,
    Done,
    Identifying,
    Notice,
    Returning,
    Session,
    StackFirst,
    Starting,
    State,
    Welcome,
)
from kiosk.station.untagged import is_scanned, scanned_items, waits_for_tag
from kiosk.station.view import RowState, Touch


def card_presented(state: State, presented: CardPresented, now: float) -> Next:
    """A card was tapped: begin a visit, end the running one, or ask for one card at a time.

    One that lay there when the card reader came up was not tapped: it rests, or was forgotten.
    """
    on = CardOn(presented.slot, presented.card, now)
    state = replace(state, cards=(*(old for old in state.cards if old.slot != on.slot), on))
    return (state, ()) if presented.lay_there else shown(state, on, now)


def shown(state: State, on: CardOn, now: float) -> Next:
    """A card was tapped, or its barcode scanned: what comes of it."""
    card = on.card
    match state.phase:
        case Starting():
            return state, ()
        case Welcome() | StackFirst() | Done() | Notice():
            return identify(state, on, now)
        case Identifying(card=first) | AskingPin(card=first) if first != card:
            return show(state, Notice(now + state.setup.timing.notice, hint="card-several")), ()
        case Session(card=mine, began=began) if mine == card:
            again = now >= began + state.setup.timing.same_card
            return wind_up(state, now) if again else (state, ())
        case Session() | Returning():
            return wind_up(replace(state, next_card=on), now)
        case _:
            return state, ()


def identify(state: State, on: CardOn, now: float) -> Next:
    """Ask the library whose card it is; a new visit begins."""
    if not state.lends and state.library_down_since is not None:
        reasons = (Reason(Refusal.LIBRARY_SILENT),)
        return show(state, Notice(now + state.setup.timing.notice, reasons)), ()
    scanned = scanned_items(state.phase.books) if isinstance(state.phase, StackFirst) else state.scanned
    state = replace(state, visit=state.visit + 1, scanned=scanned, phase=Identifying(on.card, on.slot, now))
    return state, (Identify(state.visit, on.card),)


def card_unreadable(state: State, fault: CardFault, now: float) -> Next:
    """Say what to do with a card that could not be read; never in the middle of somebody's visit."""
    if isinstance(state.phase, Welcome | Notice | Identifying | Done | StackFirst):
        return show(state, Notice(now + state.setup.timing.notice, hint=f"card-{fault.value}")), ()
    return state, ()


def show(state: State, notice: Notice) -> State:
    return replace(state, phase=notice)


def patron_answered(state: State, answer: Identified | Unwelcome, now: float) -> Next:
    phase = state.phase
    if not isinstance(phase, Identifying):
        return state, ()
    if isinstance(answer, Unwelcome):
        return show(state, Notice(now + state.setup.timing.notice, answer.reasons)), ()
    if answer.language in state.setup.languages and state.language == state.setup.language:
        state = replace(state, language=answer.language or state.language)
    if answer.pin_needed:
        return replace(state, phase=AskingPin(answer, phase.card, phase.slot, active_at=now)), ()
    return begin_session(state, answer, phase.card, now)


def begin_session(state: State, patron: Identified, card: CardIdentity, now: float) -> Next:
    """A patron is known: everything that lies on the pad is theirs to borrow, but what another left behind."""
    if state.pad.left_by == patron.patron:
        state = replace(state, pad=replace(state.pad, left=frozenset(), left_by=None))
    session = Session(patron, card, began=now, active_at=now)
    state, effects = stack.refresh(replace(state, phase=session), session, now)
    account = (AskAccount(state.visit, patron.patron),) if opens_account(state, session) else ()
    return state, (*account, *effects)


def pin_touched(state: State, phase: AskingPin, touch: Touch, value: str, now: float) -> Next:
    phase = replace(phase, active_at=now, asked_at=None)
    match touch:
        case Touch.DIGIT if not phase.checking and value.isdecimal() and len(value) == 1:
            typed = phase.typed + value
            if len(typed) < state.setup.pin_length:
                return replace(state, phase=replace(phase, typed=typed)), ()
            phase = replace(phase, typed=typed, checking=True)
            return replace(state, phase=phase), (CheckPin(state.visit, phase.patron.patron, typed),)
        case Touch.ERASE if not phase.checking:
            return replace(state, phase=replace(phase, typed=phase.typed[:-1])), ()
        case Touch.CANCEL:
            return welcome(state, now), ()
        case _:
            return replace(state, phase=phase), ()


def pin_answered(state: State, answer: PinRight | PinWrong | PinLocked, now: float) -> Next:
    phase = state.phase
    if not isinstance(phase, AskingPin):
        return state, ()
    match answer:
        case PinRight():
            return begin_session(state, phase.patron, phase.card, now)
        case PinWrong(tries_left):
            again = replace(phase, typed="", checking=False, tries_left=tries_left, active_at=now)
            return replace(state, phase=again), ()
        case PinLocked(minutes):
            ends_at = now + state.setup.timing.notice
            return show(state, Notice(ends_at, hint="pin-locked", minutes=minutes)), ()


def stack_without_card(state: State, now: float) -> Next:
    """New books lie there and nobody is known: look what they are."""
    if not stack.wanted_pieces(state.pad):
        return state, ()
    state = replace(state, visit=state.visit + 1)
    return stack.refresh(state, StackFirst(active_at=now), now)


def looked_at(state: State, looked: tuple[Recognised, ...], now: float) -> Next:
    """The books without a card are known now: return at once what this branch returns at once.

    One that was still being looked at when somebody touched "return" is returned, too.
    """
    phase = state.phase
    if isinstance(phase, Returning):
        return _join_return(state, phase, {answer.copy.key for answer in looked}, now)
    if not isinstance(phase, StackFirst) or any(book.asked for book in phase.books):
        return state, ()
    at_once = state.setup.returns is ReturnsHabit.AT_ONCE
    wanted = tuple(
        book.key
        for book in phase.books
        if book.state is RowState.ASKING and book.on_loan and (at_once or "unfinished" in book.notes)
    )
    return begin_returning(state, wanted, now) if wanted else (state, ())


def begin_returning(state: State, keys: tuple[str, ...], now: float) -> Next:
    """Start a return, with these of the books that lie there. Others keep waiting for a card."""
    phase = state.phase
    books = phase.books if isinstance(phase, StackFirst) else ()
    going = tuple(_going(book, now) for book in books if book.key in keys)
    staying = tuple(book for book in books if book.key not in keys)
    if not isinstance(phase, StackFirst):
        state = replace(state, visit=state.visit + 1)
    returning = Returning(active_at=now, books=(*staying, *going))
    state = replace(state, phase=returning)
    begun = _begun(state, going)
    state, effects = stack.refresh(state, returning, now)
    return state, (*begun, *effects)


def _join_return(state: State, phase: Returning, keys: set[RequestKey], now: float) -> Next:
    late = tuple(
        _going(book, now)
        for book in phase.books
        if book.key in keys and book.state is RowState.ASKING and book.on_loan and not book.lifted
    )
    for book in late:
        phase = replace(phase, books=put(phase.books, book))
    return replace(state, phase=phase), _begun(state, late)


def _begun(state: State, going: tuple[Book, ...]) -> tuple[BeginCheckin, ...]:
    copies = tuple(book.copy() for book in going if not waits_for_tag(book))
    return (BeginCheckin(state.visit, copies),) if copies else ()


def _going(book: Book, now: float) -> Book:
    """Begin the return of a copy. One named by its barcode waits for its tag first, from when it was scanned."""
    if is_scanned(book):
        return replace(book, state=RowState.WAITING)
    return book.became(RowState.CLOSING, now, asked=True, wish=Wish.RETURN, notes=(), orders=(), facts=())
