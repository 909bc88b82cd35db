"""What happens while a visit lasts: touches, the stack changing, questions of time. Pure."""

from dataclasses import replace

from kiosk.circulation.model import LoanId, Refusal
from kiosk.library.port import NotRenewed, RenewAnswer, Renewed, RequestKey
from kiosk.station import holds, stack
from kiosk.station.answers import Next, books_of, with_books
from kiosk.station.arrivals import begin_returning
from kiosk.station.books import Book, Wish, by_key
from kiosk.station.effects import AskAccount, BeginCheckin, Renew
from kiosk.station.endings import leave_stack, welcome, wind_up
from kiosk.station.rights import opens_account
from kiosk.station.states import Done, Returning, Session, StackFirst, State
from kiosk.station.view import RowState, Touch


def pad_changed(state: State, now: float) -> Next:
    """The stack is another: whoever is here is active, and their books follow the pad."""
    phase = state.phase
    if isinstance(phase, Session | StackFirst):
        phase = replace(phase, active_at=now, asked_at=None)
    elif isinstance(phase, Returning):
        phase = replace(phase, active_at=now)
    elif not isinstance(phase, Done) or stack.strangers(state.pad, phase.books):
        return state, ()
    state, effects = stack.refresh(replace(state, phase=phase), phase, now)
    if isinstance(phase, StackFirst) and not books_of(state) and not state.pad.lying:
        return welcome(state, now), effects
    return state, effects


ABOUT_THE_PERSON = frozenset(
    {Touch.ACCOUNT, Touch.RENEW, Touch.RENEW_ALL, Touch.HOLD, Touch.HOLD_TITLE, Touch.CANCEL_HOLD}
)


def session_touched(state: State, phase: Session, touch: Touch, value: str, now: float) -> Next:
    phase = replace(phase, active_at=now, asked_at=None)
    state = replace(state, phase=phase)
    if touch in ABOUT_THE_PERSON and not opens_account(state, phase):
        return state, ()
    match touch:
        case Touch.DONE | Touch.CANCEL:
            return wind_up(state, now)
        case Touch.ACCOUNT:
            phase = replace(phase, on_account=True)
            return replace(state, phase=phase), (AskAccount(state.visit, phase.patron.patron),)
        case Touch.BOOKS:
            return replace(state, phase=replace(phase, on_account=False)), ()
        case Touch.RENEW if value:
            return _renew(state, phase, (LoanId(value),))
        case Touch.RENEW_ALL:
            return _renew(state, phase, ())
        case Touch.HOLD | Touch.HOLD_TITLE | Touch.CANCEL_HOLD:
            return holds.touched(state, phase, touch, value)
        case Touch.RETURN_ROW:
            return _return_rows(state, (value,), now)
        case Touch.RETURN:
            keys = tuple(book.key for book in phase.books if book.state is RowState.YOURS)
            return _return_rows(state, keys, now)
        case _:
            return state, ()


def _renew(state: State, phase: Session, loans: tuple[LoanId, ...]) -> Next:
    known = tuple(line.loan for line in phase.account.loans) if phase.account else ()
    wanted = loans or known
    if phase.renewing or (loans and loans[0] not in _renewable(phase)):
        return state, ()
    state = replace(state, issued=state.issued + 1, phase=replace(phase, renewing=frozenset(wanted)))
    key = RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}")
    return state, (Renew(state.visit, phase.patron.patron, loans, key),)


def _renewable(phase: Session) -> frozenset[LoanId]:
    lines = phase.account.loans if phase.account else ()
    lying = (book.loan for book in phase.books if book.loan is not None)
    return frozenset(line.loan for line in lines) | frozenset(lying)


def renewed(state: State, answers: tuple[RenewAnswer, ...]) -> Next:
    phase = state.phase
    if not isinstance(phase, Session):
        return state, ()
    done = {answer.loan: answer.due for answer in answers if isinstance(answer, Renewed)}
    books = tuple(
        replace(book, due=done[book.loan]) if book.loan is not None and book.loan in done else book
        for book in phase.books
    )
    refused = tuple(reason for answer in answers if isinstance(answer, NotRenewed) for reason in answer.reasons)
    phase = replace(
        phase,
        books=books,
        renewing=frozenset(),
        renewed=phase.renewed | frozenset(done),
        not_renewed=(*phase.not_renewed, *refused),
    )
    return replace(state, phase=phase), (AskAccount(state.visit, phase.patron.patron),)


def _return_rows(state: State, keys: tuple[str, ...], now: float) -> Next:
    """Return copies that lie there and are on loan, without ending the session."""
    copies = []
    partial = state.setup.partial_returns
    for key in keys:
        book = by_key(books_of(state), key)
        if book is None or book.lifted or book.asked or book.item is None or not may_return(book, partial=partial):
            continue
        state, book = _with_new_key(state, book, now)
        copies.append(book.copy())
    return state, (BeginCheckin(state.visit, tuple(copies)),) if copies else ()


def may_return(book: Book, *, partial: bool = False) -> bool:
    """Whether a copy may be given back from within a session.

    It is theirs, or lent in this visit and laid down again, or on loan to somebody else, or a set on loan that came
    without a part, where those are taken.
    """
    match book.state:
        case RowState.YOURS:
            return True
        case RowState.LENT:
            return book.on_loan
        case RowState.REFUSED:
            why = {reason.refusal for reason in book.reasons}
            lacks_parts = partial and book.on_loan and why == {Refusal.PARTS_MISSING}
            return lacks_parts or Refusal.ON_LOAN_TO_ANOTHER in why
        case _:
            return False


def _with_new_key(state: State, book: Book, now: float) -> tuple[State, Book]:
    """A return after a loan in one visit is another wish, so it has another key."""
    state = replace(state, issued=state.issued + 1)
    fresh = replace(
        book,
        key=RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}"),
        wish=Wish.RETURN,
        partial=book.seen < book.parts,
        asked=True,
        state=RowState.CLOSING,
        since=now,
        reasons=(),
        orders=(),
        facts=(),
        on_loan=False,
    )
    books = tuple(fresh if old.key == book.key else old for old in books_of(state))
    return with_books(state, books), fresh


def stack_touched(state: State, phase: StackFirst, touch: Touch, now: float) -> Next:
    """Somebody says what the books without a card are here for."""
    state = replace(state, phase=replace(phase, active_at=now, asked_at=None))
    match touch:
        case Touch.RETURN if state.returns:
            wanted = tuple(book.key for book in phase.books if book.state is RowState.ASKING and book.on_loan)
            return begin_returning(state, wanted, now)
        case Touch.CANCEL | Touch.DONE:
            return welcome(leave_stack(state, None), now), ()
        case _:
            return state, ()


def returning_touched(state: State, phase: Returning, touch: Touch, now: float) -> Next:
    state = replace(state, phase=replace(phase, active_at=now))
    return wind_up(state, now) if touch in (Touch.DONE, Touch.CANCEL) else (state, ())
