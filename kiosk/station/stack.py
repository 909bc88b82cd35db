"""How what lies on the pad becomes books of the visit, and books become questions to the library. Pure."""

from dataclasses import replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.devices import TagUid
from kiosk.library.port import Copy, RequestKey
from kiosk.station import untagged
from kiosk.station.books import Book, Books, Wish, by_identity, put
from kiosk.station.effects import BeginCheckin, Checkout, Effect, ReadTags, Recognise, SetGates
from kiosk.station.pieces import Found, Piece, gather
from kiosk.station.rights import within_rights
from kiosk.station.states import OnPad, Returning, Session, StackFirst, State, WithBooks
from kiosk.station.view import RowState

WAITS_FOR_ANSWER = (RowState.READING, RowState.WAITING)


def lay(pad: OnPad, tags: frozenset[TagUid]) -> tuple[OnPad, tuple[ReadTags, ...]]:
    """Take note of what lies on the pad now; have the tags read that were not there before."""
    known = frozenset(pad.pieces) | (pad.reading & tags)
    to_read = tuple(sorted(tags - known))
    return (
        replace(
            pad,
            lying=tags,
            reading=(pad.reading & tags) | frozenset(to_read),
            pieces={uid: piece for uid, piece in pad.pieces.items() if uid in tags},
            left=pad.left & tags,
        ),
        (ReadTags(to_read),) if to_read else (),
    )


def heard(pad: OnPad, pieces: tuple[Piece, ...], gone: tuple[TagUid, ...]) -> OnPad:
    """Take note of what tags said. A tag lifted since is forgotten."""
    answered = frozenset(piece.uid for piece in pieces) | frozenset(gone)
    here = {piece.uid: _as_told(pad, piece) for piece in pieces if piece.uid in pad.lying}
    return replace(pad, reading=pad.reading - answered, pieces={**pad.pieces, **here})


def _as_told(pad: OnPad, piece: Piece) -> Piece:
    """Take an unreadable tag for the copy this visit has said it is of."""
    told = pad.told.get(piece.uid)
    return piece if told is None or piece.fault is None else Piece(piece.uid, told)


def forget(pad: OnPad, tag: TagUid) -> OnPad:
    """Take a tag as not lying there: it will be met again when a sweep sees it."""
    return replace(
        pad,
        lying=pad.lying - {tag},
        pieces={uid: piece for uid, piece in pad.pieces.items() if uid != tag},
        left=pad.left - {tag},
    )


def wanted_pieces(pad: OnPad) -> tuple[Piece, ...]:
    """The pieces of this visit: what lies there, less what an earlier visit left lying."""
    return tuple(piece for uid, piece in pad.pieces.items() if uid not in pad.left)


def strangers(pad: OnPad, books: Books) -> bool:
    """Whether copies lie there that are none of these books."""
    known = {book.identity for book in books}
    return any(copy.identity not in known for copy in gather(wanted_pieces(pad)))


def refresh(state: State, phase: WithBooks, now: float) -> tuple[State, tuple[Effect, ...]]:
    """Bring the books of *phase* in line with the pad, and ask about those that are ready to be asked about."""
    state, books = untagged.name_unread(state, phase.books)
    found = gather(wanted_pieces(state.pad))
    books = untagged.adopt(books, found, state.setup.owners)
    here = {copy.identity for copy in found}
    books = _lifted(books, here, now)
    effects: list[Effect] = []
    for copy in found:
        state, books, more = _meet(state, books, copy, now)
        effects += more
    state, books = untagged.meet(state, books, now)
    if isinstance(phase, Session):
        books = _with_left_behind(state, books, now)
    known = {book.key for book in phase.books}
    state = replace(state, phase=replace(phase, books=books))
    state, questions = ask(state, now)
    return state, (*effects, *_look_at_sets(state, books, known), *questions)


def _look_at_sets(state: State, books: Books, known: set[RequestKey]) -> tuple[Recognise, ...]:
    """Ask what a set is that has just begun to come, so that the screen can say which part it waits for."""
    new = (book for book in books if book.key not in known)
    begun = tuple(book.copy() for book in new if book.state is RowState.WAITING and book.item and not _whole(book))
    return (Recognise(state.visit, begun),) if begun and state.library_down_since is None else ()


def _lifted(books: Books, here: set[str], now: float) -> Books:
    """Mark books that are no longer there; forget those nothing was done about."""
    kept = []
    for book in books:
        if book.identity in here or untagged.is_scanned(book):
            kept.append(book)
        elif book.asked or book.state not in (*WAITS_FOR_ANSWER, RowState.ASKING):
            kept.append(book if book.lifted else replace(book, lifted=True, since=_since(book, now)))
    return tuple(kept)


def _since(book: Book, now: float) -> float:
    return book.since if book.state is RowState.PUT_BACK else now


def _meet(state: State, books: Books, copy: Found, now: float) -> tuple[State, Books, tuple[Effect, ...]]:
    """Fit one copy that lies there into the books."""
    book = by_identity(books, copy.identity)
    if book is None:
        state, fresh = _fresh(state, copy, now)
        return state, (*books, fresh), ()
    if not book.lifted and book.tags == copy.tags:
        return state, books, ()
    if book.state in WAITS_FOR_ANSWER and not book.asked:
        return state, put(books, replace(book, tags=copy.tags, seen=copy.seen, here=copy.here, lifted=False)), ()
    if book.state is RowState.PUT_BACK:
        return state, *_resume(books, book, now)
    if _starts_anew(state, book, copy):
        state, fresh = _fresh(state, copy, now)
        fresh = _carried_over(state, book, fresh)
        return state, (*(old for old in books if old.key != book.key), fresh), ()
    if book.state is RowState.LENT and book.lifted:
        book = replace(book, on_loan=True)  # laid down again: may be given back
    return state, put(books, replace(book, lifted=False)), ()


def _carried_over(state: State, book: Book, fresh: Book) -> Book:
    """Let what was done with a copy in this visit stay done when one more tag of it turns up."""
    if book.state is not RowState.RETURNED or _wanted_back(state, book):
        return replace(fresh, on_loan=book.state is RowState.LENT)
    return replace(
        fresh,
        again=True,
        words=book.words,
        notes=book.notes,
        fee=book.fee,
        late_days=book.late_days,
        destination=book.destination,
    )


def _starts_anew(state: State, book: Book, copy: Found) -> bool:
    """Whether a copy met again is a new wish: refused and laid down again, or grown by a tag not seen before."""
    grown = bool(set(copy.tags) - set(book.tags))
    match book.state:
        case RowState.REFUSED:
            return book.lifted or grown
        case RowState.RETURNED:
            return grown or _wanted_back(state, book)
        case RowState.ASKING:
            return grown and isinstance(state.phase, StackFirst)
        case RowState.LENT | RowState.YOURS:
            return grown
        case _:
            return False


def _wanted_back(state: State, book: Book) -> bool:
    """Whether a copy returned in this visit is laid down again to be borrowed."""
    return book.lifted and isinstance(state.phase, Session)


def _resume(books: Books, book: Book, now: float) -> tuple[Books, tuple[Effect, ...]]:
    """A copy lifted too early lies there again: give the orders again that found no tag."""
    going = RowState.CLOSING if book.wish is Wish.RETURN else RowState.OPENING
    orders = book.gone_orders()
    kept = tuple(fact for fact in book.facts if fact.order not in orders)
    return put(books, book.became(going, now, lifted=False, facts=kept)), (SetGates(orders),) if orders else ()


def _fresh(state: State, copy: Found, now: float) -> tuple[State, Book]:
    """Make a book of a copy met for the first time, or met again after it was refused or returned."""
    state = replace(state, issued=state.issued + 1)
    key = RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}")
    row = RowState.WAITING if copy.fault is None else RowState.REFUSED
    reasons = () if copy.fault is None else (copy.fault,)
    return state, Book(
        key=key,
        identity=copy.identity,
        tags=copy.tags,
        state=row,
        since=now,
        item=copy.item,
        owner=copy.owner,
        parts=copy.parts,
        seen=copy.seen,
        here=copy.here,
        reasons=reasons,
    )


def _with_left_behind(state: State, books: Books, now: float) -> Books:
    """Show a patron what lay there before they came, so that it is neither lent to them nor a riddle."""
    kept = tuple(book for book in books if not _is_left(book))
    pieces = tuple(piece for uid, piece in state.pad.pieces.items() if uid in state.pad.left)
    rows = []
    for copy in gather(pieces):
        key = RequestKey(f"left-{copy.identity}")
        reason = Reason(Refusal.LEFT_BEHIND)
        row = Book(key, f"left:{copy.identity}", copy.tags, RowState.REFUSED, now, reasons=(reason,))
        rows.append(next((old for old in books if old.key == key), row))
    return (*kept, *rows)


def _is_left(book: Book) -> bool:
    return book.identity.startswith("left:")


def ask(state: State, now: float) -> tuple[State, tuple[Effect, ...]]:
    """Ask the library about every book that waits for it: the whole stack in one chore."""
    phase = state.phase
    if not isinstance(phase, Session | StackFirst | Returning):
        return state, ()
    ready = tuple(book for book in phase.books if _is_ready(phase, book))
    begins_nothing = state.library_down_since is not None or (state.signals.air_raid and _ends(phase))
    if not ready or begins_nothing:
        return state, ()
    usual = _usual_wish(state, phase)
    wished = tuple(replace(book, asked=True, wish=Wish.RETURN if book.again else usual, since=now) for book in ready)
    if isinstance(phase, Session):
        wished = within_rights(state, phase, wished, now)
    books = phase.books
    for book in wished:
        books = put(books, book)
    going = tuple(book for book in wished if book.state is not RowState.REFUSED)
    return replace(state, phase=replace(phase, books=books)), _questions(state.visit, phase, going)


def _is_ready(phase: Session | StackFirst | Returning, book: Book) -> bool:
    """Whether a book may be asked about. While nobody says what for, one named by its barcode need not wait."""
    waits = untagged.waits_for_tag(book) and not isinstance(phase, StackFirst)
    return book.state is RowState.WAITING and not book.asked and _whole(book) and not waits


def miss_tags(state: State, now: float) -> tuple[State, tuple[Effect, ...]]:
    """Give up waiting for the tags of copies named by their barcodes, and ask about those that go on without."""
    after = untagged.give_up_waiting(state, now)
    return (state, ()) if after is state else ask(after, now)


def _ends(phase: Session | StackFirst | Returning) -> bool:
    return isinstance(phase, Session | Returning) and phase.finishing is not None


def _usual_wish(state: State, phase: Session | StackFirst | Returning) -> Wish:
    """What laying a copy down means here. At a station that only takes back, a card does not turn it into a loan."""
    match phase:
        case Session() if state.setup.lends:
            return Wish.BORROW
        case Returning() | Session() if state.setup.takes_returns:
            return Wish.RETURN
        case _:
            return Wish.NONE


def _questions(visit: int, phase: Session | StackFirst | Returning, wished: Books) -> tuple[Effect, ...]:
    """Put the questions about these books, all with the same wish in one."""
    copies = {wish: tuple(book.copy() for book in wished if book.wish is wish) for wish in Wish}
    effects: list[Effect] = []
    if copies[Wish.RETURN]:
        effects.append(BeginCheckin(visit, copies[Wish.RETURN]))
    if copies[Wish.BORROW] and isinstance(phase, Session):
        effects.append(Checkout(visit, phase.patron.patron, copies[Wish.BORROW]))
    if copies[Wish.NONE]:
        effects.append(Recognise(visit, copies[Wish.NONE]))
    return tuple(effects)


def _whole(book: Book) -> bool:
    return book.item is not None and book.whole


def miss_parts(state: State, now: float) -> tuple[State, tuple[Effect, ...]]:
    """Give up waiting for parts of sets that did not come in time.

    Where sets are taken back without a part, one that lies there to be returned goes on as it is; otherwise it is
    refused, and the gate bits of the parts that did come are mended.
    """
    phase = state.phase
    if not isinstance(phase, Session | Returning | StackFirst):
        return state, ()
    books = phase.books
    copies: list[Copy] = []
    for book in books:
        late = now >= book.since + state.setup.timing.parts_wait
        if book.state is not RowState.WAITING or book.asked or _whole(book) or not late:
            continue
        if state.setup.partial_returns and not isinstance(phase, Session):
            books = put(books, replace(book, partial=True))
            continue
        reason = Reason(Refusal.PARTS_MISSING, number=book.parts - book.seen)
        books = put(books, book.became(RowState.REFUSED, now, reasons=(reason,)))
        copies.append(book.copy())
    if books == phase.books:
        return state, ()
    state = replace(state, phase=replace(phase, books=books))
    mends = (Recognise(state.visit, tuple(copies)),) if copies else ()
    state, questions = ask(state, now)
    return state, (*mends, *questions)
