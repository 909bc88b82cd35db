"""Waiting for a title from within a visit: one somebody else has, or one found in the catalogue. Pure."""

from dataclasses import replace

from kiosk.circulation.model import Refusal, TitleId
from kiosk.library.port import HoldAnswer, HoldCancelled, HoldPlaced, RequestKey
from kiosk.station.answers import Next
from kiosk.station.books import Book, by_key
from kiosk.station.effects import AskAccount, CancelHold, PlaceHold
from kiosk.station.states import Session, State
from kiosk.station.view import HoldNews, RowState, Touch

WORTH_WAITING = frozenset({Refusal.ON_LOAN_TO_ANOTHER, Refusal.HELD_FOR_ANOTHER})


def title_of(book: Book) -> TitleId | None:
    return None if book.words is None else book.words.id


def may_hold(phase: Session, book: Book) -> bool:
    """Whether a row offers a place in the queue: somebody else has the copy, and the patron does not wait yet."""
    title = title_of(book)
    if book.state is not RowState.REFUSED or title is None or title in phase.waits_for or title in phase.asking_holds:
        return False
    return any(reason.refusal in WORTH_WAITING for reason in book.reasons)


def touched(state: State, phase: Session, touch: Touch, value: str) -> Next:
    """Ask for a place in a queue, or give one up. A second touch while the first is being asked about does nothing."""
    match touch:
        case Touch.HOLD:
            book = by_key(phase.books, value)
            title = None if book is None or not may_hold(phase, book) else title_of(book)
        case _:
            title = TitleId(value) if value else None
    if title is None or title in phase.asking_holds:
        return state, ()
    phase = replace(phase, asking_holds=phase.asking_holds | {title}, hold_news=None)
    state = replace(state, issued=state.issued + 1, phase=phase)
    key = RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}")
    if touch is Touch.CANCEL_HOLD:
        return state, (CancelHold(state.visit, phase.patron.patron, title, key),)
    return state, (PlaceHold(state.visit, phase.patron.patron, title, key),)


def answered(state: State, answer: HoldAnswer | HoldCancelled) -> Next:
    """Say what became of it, and look at the account again: it lists what the patron waits for."""
    phase = state.phase
    if not isinstance(phase, Session):
        return state, ()
    waits = dict(phase.waits_for)
    match answer:
        case HoldPlaced(title, words, place, branch):
            waits[title] = place
            news = HoldNews(title, words.title, place=place, branch=branch)
        case HoldCancelled(title):
            waits.pop(title, None)
            news = HoldNews(title, "", cancelled=True)
        case _:
            news = HoldNews(answer.title, answer.words.title if answer.words else "", reasons=answer.reasons)
    asking = phase.asking_holds - {answer.title}
    phase = replace(phase, asking_holds=asking, waits_for=waits, hold_news=news)
    return replace(state, phase=phase), (AskAccount(state.visit, phase.patron.patron),)
