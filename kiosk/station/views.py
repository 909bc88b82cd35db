"""From the state to what may be shown of it. Pure; no words, no markup."""

from dataclasses import replace

from kiosk.circulation.model import Part, PartKind, Reason
from kiosk.library.port import Account, Identified
from kiosk.station.books import Book, Books, count
from kiosk.station.children import FOR_GROWN_UPS, is_child_here, stamps_of, told_a_child, told_of_return
from kiosk.station.deadlines import leave_at
from kiosk.station.endings import TROUBLE, busy
from kiosk.station.events import DeviceKind
from kiosk.station.goodbye import ways_now
from kiosk.station.holds import may_hold, title_of
from kiosk.station.pieces import gather
from kiosk.station.rights import opens_account
from kiosk.station.setup import AfterHours, NameMask
from kiosk.station.stack import wanted_pieces
from kiosk.station.states import (
    AskingPin,
    Done,
    Identifying,
    Notice,
    Returning,
    Service,
    Session,
    Sheltering,
    StackFirst,
    Starting,
    State,
    Welcome,
)
from kiosk.station.untagged import is_scanned
from kiosk.station.view import (
    AccountPanel,
    ClosedView,
    DoneView,
    Frame,
    HoldRow,
    IdentifyingView,
    LoanRow,
    NoticeView,
    OutOfOrderView,
    PinView,
    ReturnsView,
    Row,
    RowState,
    ServiceView,
    SessionView,
    SetPart,
    ShelterView,
    StackFirstView,
    StartingView,
    StationView,
    WelcomeView,
)
from kiosk.station.visits import may_return

NEEDED = frozenset({DeviceKind.PAD, DeviceKind.CARD_READER})
"""The devices a station cannot work without; the screen names those that are gone."""


def view_of(state: State, now: float) -> StationView:
    """Say what the screen shows at *now*."""
    frame = _frame(state, now)
    match state.phase:
        case Starting():
            return StartingView(frame)
        case Welcome():
            return _welcome(state, frame)
        case Identifying():
            return IdentifyingView(frame, books=_books_lying(state))
        case AskingPin() as phase:
            books = _books_lying(state)
            typed, length = len(phase.typed), state.setup.pin_length
            return PinView(frame, typed, length, phase.tries_left, phase.checking, books)
        case Session() as phase:
            return _session(state, phase, frame)
        case StackFirst() as phase:
            on_loan = sum(1 for book in phase.books if book.state is RowState.ASKING and book.on_loan)
            in_stock = count(phase.books, RowState.ASKING) - on_loan
            return StackFirstView(frame, _rows(state, phase.books), on_loan, in_stock)
        case Returning() as phase:
            returned = count(phase.books, RowState.RETURNED)
            return ReturnsView(frame, _rows(state, phase.books), returned, busy(state), phase.finishing is not None)
        case Done() as phase:
            return _done(state, phase, frame, now)
        case Notice() as phase:
            return NoticeView(frame, phase.reasons, phase.hint, phase.minutes, max(phase.ends_at - now, 0))
        case Service():
            return ServiceView(frame)
        case Sheltering(since):
            return ShelterView(frame, max(now - since, 0.0))


def _frame(state: State, now: float) -> Frame:
    leaving = leave_at(state)
    return Frame(
        visit=state.visit,
        language=state.language,
        lends=state.lends,
        returns=state.returns,
        prints=state.prints,
        leaving_in=None if leaving is None else max(leaving - now, 0.0),
        look=state.look,
        helping=state.helping,
        finding=state.finding,
        called=state.called,
        child=is_child_here(state),
        on_battery=state.signals.on_battery,
        battery_minutes=state.signals.minutes,
        after_hours=not state.doors.open,
        scans=state.scans,
        scans_cards=state.scans and state.setup.scans_cards,
    )


def _welcome(state: State, frame: Frame) -> StationView:
    if frame.lends or frame.returns:
        return WelcomeView(frame, lift_card=bool(state.cards))
    if state.exhausted or (not state.doors.open and state.setup.after_hours is AfterHours.CLOSED):
        return ClosedView(frame, state.doors.opens, battery_low=state.exhausted)
    missing = [kind.value for kind in sorted(state.down & NEEDED)]
    if state.library_down_since is not None or not state.library.takes_back:
        missing.append("library")
    return OutOfOrderView(frame, tuple(missing))


def _books_lying(state: State) -> int:
    return len(gather(wanted_pieces(state.pad))) + len(state.pad.reading)


def mask(patron: Identified, how: NameMask) -> str:
    """Show as much of a name as the branch allows."""
    given, family = patron.given_name, patron.family_name
    match how:
        case NameMask.NONE:
            return ""
        case NameMask.FIRST:
            return given
        case NameMask.FIRST_INITIAL:
            return f"{given} {family[:1]}." if family else given
        case NameMask.FULL:
            return f"{given} {family}".strip()


def _session(state: State, phase: Session, frame: Frame) -> SessionView:
    return SessionView(
        frame=frame,
        name=mask(phase.patron, state.setup.name_mask) if opens_account(state, phase) else "",
        rows=_rows(state, phase.books),
        lent=count(phase.books, RowState.LENT),
        busy=busy(state),
        on_account=phase.on_account,
        account=None if phase.account is None else _account(phase, phase.account),
        blocks=_blocks(phase),
        finishing=phase.finishing is not None,
        parent_slip=phase.parent_slip,
        hold_news=phase.hold_news,
        account_open=opens_account(state, phase),
    )


def _blocks(phase: Session) -> tuple[Reason, ...]:
    """What keeps the patron from borrowing. What a child's parents are told is not repeated to the child."""
    blocks = phase.patron.blocks
    return tuple(reason for reason in blocks if reason.refusal not in FOR_GROWN_UPS) if phase.patron.child else blocks


def _account(phase: Session, account: Account) -> AccountPanel:
    loans = tuple(
        LoanRow(
            loan=line.loan,
            title=line.title,
            author=line.author,
            due=line.due,
            overdue=line.overdue,
            renewed=line.loan in phase.renewed,
            reasons=line.why_not_renewable,
            renewing=line.loan in phase.renewing,
        )
        for line in account.loans
    )
    holds = tuple(
        HoldRow(hold.title, hold.author, hold.status, hold.place, hold.branch, hold.title_id) for hold in account.holds
    )
    return AccountPanel(loans, holds, None if phase.patron.child else account.fees, account.max_loans)


def _rows(state: State, books: Books) -> tuple[Row, ...]:
    """Rows newest first: what is being read right now on top, then by when each book came into its state."""
    reading = (Row(key=uid, state=RowState.READING) for uid in sorted(state.pad.reading - state.pad.left))
    return (*reading, *(_row(state, book) for book in reversed(books)))


def _row(state: State, book: Book) -> Row:
    if is_child_here(state):
        book = replace(told_of_return(book), reasons=told_a_child(book.reasons))
    in_session = isinstance(state.phase, Session)
    lying = not book.lifted and not book.identity.startswith("left:")
    return Row(
        key=book.key,
        state=book.state,
        title=book.words.title if book.words else "",
        author=book.words.author if book.words else "",
        due=book.due if book.state in (RowState.LENT, RowState.YOURS, RowState.OPENING) else None,
        reasons=book.reasons if book.state is RowState.REFUSED else (),
        notes=book.notes if book.state is RowState.RETURNED else (),
        fee=book.fee,
        late_days=book.late_days,
        destination=book.destination,
        on_loan=book.on_loan,
        parts_seen=book.seen,
        parts=book.parts,
        can_return=in_session and lying and state.returns and _may_return(state, book),
        set=_set(book),
        can_renew=book.loan if in_session and book.state is RowState.YOURS else None,
        can_hold=isinstance(state.phase, Session) and may_hold(state.phase, book),
        place=_place(state, book),
        scanned=is_scanned(book),
    )


def _place(state: State, book: Book) -> int:
    title = title_of(book)
    waits = state.phase.waits_for if isinstance(state.phase, Session) else {}
    return 0 if title is None else waits.get(title, 0)


def _may_return(state: State, book: Book) -> bool:
    return may_return(book, partial=state.setup.partial_returns) and not book.asked


def _set(book: Book) -> tuple[SetPart, ...]:
    """The passport of a set: every part by its name, and whether it lies there. Empty where no tag says which it is."""
    if book.parts <= 1 or not book.here or 0 in book.here:
        return ()
    contents = book.words.contents if book.words else ()
    unnamed = (Part("", PartKind.OTHER),) * max(book.parts - len(contents), 0)
    return tuple(
        SetPart(number, part.name, part.kind, here=number in book.here)
        for number, part in enumerate((*contents, *unnamed)[: book.parts], start=1)
    )


def _done(state: State, phase: Done, frame: Frame, now: float) -> DoneView:
    troubled = tuple(book for book in phase.books if book.state in (*TROUBLE, RowState.REFUSED))
    dues = [book.due for book in phase.books if book.state is RowState.LENT and book.due is not None]
    return DoneView(
        frame=frame,
        lent=count(phase.books, RowState.LENT),
        due=min(dues, default=None),
        returned=count(phase.books, RowState.RETURNED),
        renewed=len(phase.renewed),
        trouble=tuple(_row(state, book) for book in reversed(troubled)),
        take_card=bool(state.cards),
        receipt=phase.receipt,
        ends_in=max(phase.ends_at - now, 0.0),
        stamps=stamps_of(phase.books) if phase.child else 0,
        ways=ways_now(state, phase),
        code=phase.code,
    )
