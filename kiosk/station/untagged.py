"""Copies named by their barcode: waited for on the pad, told of an unreadable tag, or served without one. Pure.

A copy that was scanned may carry a tag all the same, and its gate bit must not be forgotten. So it is asked to be
laid on the pad, and:

    its tag says the same number     it goes on as a copy on the pad, gate bit and all
    one tag lies there that says     the tag is taken for this copy's: its gate bit is set, whatever its data are
    nothing anybody can read
    no tag comes in time             it has none: served or sent to staff, as the branch says
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from kiosk.circulation.model import ItemId, Reason, Refusal
from kiosk.library.port import RequestKey
from kiosk.station.books import Book, Books, by_identity, put
from kiosk.station.pieces import Found, Piece
from kiosk.station.setup import Timing, Untagged
from kiosk.station.states import OnPad, Returning, Session, State
from kiosk.station.view import RowState

_SCANNED = "scan:"
_UNREAD = (Refusal.DAMAGED_TAG, Refusal.BLANK_TAG)
_FOR_ITS_TAG = (Refusal.TAG_UNSEEN, Refusal.SEVERAL_UNREAD)


def is_scanned(book: Book) -> bool:
    """Whether a copy is here by its barcode only: no tag of it has been seen."""
    return book.identity.startswith(_SCANNED)


def scanned_items(books: Iterable[Book]) -> tuple[ItemId, ...]:
    return tuple(book.item for book in books if is_scanned(book) and book.item is not None)


def waits_for_tag(book: Book) -> bool:
    return is_scanned(book) and book.state is RowState.WAITING and not book.asked and not book.untagged


def seen_by(book: Book, timing: Timing) -> float:
    """When a copy that waits for its tag counts as one without."""
    return book.since + timing.tag_wait


def unread(pad: OnPad) -> tuple[Piece, ...]:
    """The tags of this visit that answer and say nothing anybody can read."""
    pieces = (piece for uid, piece in pad.pieces.items() if uid not in pad.left)
    return tuple(piece for piece in pieces if piece.fault is not None and piece.fault.refusal in _UNREAD)


def name_unread(state: State, books: Books) -> tuple[State, Books]:
    """Take the one unreadable tag on the pad for that of the one copy that waits for its tag.

    With two of either nobody could say whose gate bit is set.
    """
    tags, items = unread(state.pad), _waiting_items(state, books)
    if len(tags) != 1 or len(items) != 1:
        return state, books
    uid, item = tags[0].uid, items.pop()
    pad = replace(
        state.pad,
        pieces={**state.pad.pieces, uid: Piece(uid, item)},
        told={**state.pad.told, uid: item},
    )
    scanned = tuple(other for other in state.scanned if other != item)
    return replace(state, pad=pad, scanned=scanned), tuple(book for book in books if book.identity != f"tag:{uid}")


def _waiting_items(state: State, books: Books) -> set[ItemId]:
    lying = {piece.item for piece in state.pad.pieces.values()}
    waiting = (book.item for book in books if waits_for_tag(book) or _nothing_done(book))
    return {item for item in (*state.scanned, *waiting) if item is not None and item not in lying}


def _nothing_done(book: Book) -> bool:
    """Whether nothing has come of a scanned copy yet: nobody has said what for, or its tag was missing."""
    for_its_tag = book.state is RowState.REFUSED and any(reason.refusal in _FOR_ITS_TAG for reason in book.reasons)
    return is_scanned(book) and (for_its_tag or book.state is RowState.ASKING)


def adopt(books: Books, found: Iterable[Found], owners: Collection[str]) -> Books:
    """Let copies named by their barcode become the copies on the pad whose tags say the same number.

    One nothing was done about is forgotten: the pad's own takes its place.
    """
    for copy in found:
        scanned = next((book for book in books if is_scanned(book) and book.item == copy.item), None)
        if scanned is None or copy.item is None or by_identity(books, copy.identity) is not None:
            continue
        if copy.owner and owners and copy.owner not in owners:
            continue  # another library's copy with the same number
        if waits_for_tag(scanned) or scanned.state is RowState.REFUSED:
            books = tuple(book for book in books if book.key != scanned.key)
        else:
            books = put(books, replace(scanned, identity=copy.identity, owner=copy.owner))
    return books


def meet(state: State, books: Books, now: float) -> tuple[State, Books]:
    """Make books of what was scanned. A copy that lies on the pad needs nothing more."""
    for item in state.scanned:
        book = next((book for book in books if book.item == item), None)
        if book is None or (is_scanned(book) and _starts_anew(state, book)):
            state = replace(state, issued=state.issued + 1)
            key = RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}")
            fresh = Book(key, f"{_SCANNED}{item}", (), RowState.WAITING, now, item=item)
            books = (*(old for old in books if old is not book), fresh)
        elif is_scanned(book) and book.state is RowState.LENT:
            books = put(books, replace(book, on_loan=True))  # scanned again: may be given back
    return replace(state, scanned=()), books


def _starts_anew(state: State, book: Book) -> bool:
    back_again = book.state is RowState.RETURNED and isinstance(state.phase, Session)
    return book.state is RowState.REFUSED or back_again


def strange(state: State, books: Books, refusal: Refusal, now: float) -> tuple[State, Books]:
    """Say of a barcode that is no copy's why nothing comes of it; the last one only."""
    state = replace(state, issued=state.issued + 1)
    key = RequestKey(f"{state.setup.run}-{state.visit}-{state.issued}")
    row = Book(key, _SCANNED, (), RowState.REFUSED, now, reasons=(Reason(refusal),))
    return state, (*(book for book in books if book.identity != _SCANNED), row)


def give_up_waiting(state: State, now: float) -> State:
    """Let copies go on of which no tag came in time, or say why they may not."""
    phase = state.phase
    if not isinstance(phase, Session | Returning):
        return state
    books = phase.books
    for book in books:
        if waits_for_tag(book) and now >= seen_by(book, state.setup.timing):
            refusal = _objection(state, phase)
            after = replace(book, untagged=True)
            if refusal is not None:
                after = book.became(RowState.REFUSED, now, reasons=(Reason(refusal),))
            books = put(books, after)
    return state if books is phase.books else replace(state, phase=replace(phase, books=books))


def _objection(state: State, phase: Session | Returning) -> Refusal | None:
    if unread(state.pad):
        return Refusal.SEVERAL_UNREAD
    borrows = isinstance(phase, Session) and state.setup.lends
    return Refusal.TAG_UNSEEN if borrows and state.setup.untagged is Untagged.TO_STAFF else None
