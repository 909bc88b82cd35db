"""What a card that proved nothing may do in a visit. Pure."""

from kiosk.circulation.model import Reason, Refusal
from kiosk.station.books import Book, Wish
from kiosk.station.setup import ClaimRights
from kiosk.station.states import Session, State
from kiosk.station.view import RowState


def claim_of(state: State, phase: Session) -> ClaimRights | None:
    """Say what this visit's card is limited to; None when it proved itself, or nobody has to."""
    return None if phase.card.proven else state.setup.claims


def opens_account(state: State, phase: Session) -> bool:
    """Whether name, account and holds are open in this visit."""
    claim = claim_of(state, phase)
    return claim is None or claim.account


def within_rights(state: State, phase: Session, wished: tuple[Book, ...], now: float) -> tuple[Book, ...]:
    """Refuse what a claimed card may not take any more; the rest is asked about. In the order they were laid down."""
    claim = claim_of(state, phase)
    if claim is None:
        return wished
    asked = {book.key for book in wished}
    taken = sum(_counts(book) for book in phase.books if book.key not in asked)
    judged = []
    for book in wished:
        if book.wish is Wish.BORROW and taken >= claim.loans:
            reason = Reason(Refusal.CLAIM_LIMIT, number=claim.loans)
            judged.append(book.became(RowState.REFUSED, now, asked=False, wish=Wish.NONE, reasons=(reason,)))
            continue
        taken += book.wish is Wish.BORROW
        judged.append(book)
    return tuple(judged)


def _counts(book: Book) -> bool:
    """Whether a book of this visit was lent, or may be: refused ones, returned ones, the patron's own are not."""
    if book.state in (RowState.OPENING, RowState.LENT):
        return True
    under_way = book.asked and book.state is RowState.WAITING
    return book.wish is Wish.BORROW and (under_way or book.state in (RowState.PUT_BACK, RowState.STAFF))
