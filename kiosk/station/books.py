"""One copy's way through a visit, as a frozen value, and the pure operations on it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from kiosk.circulation.model import ItemId, LoanId, Reason
from kiosk.devices import TagUid
from kiosk.library.port import Copy, GateFact, GateOrder, GateOutcome, OrderId, RequestKey, Words
from kiosk.station.view import RowState


class Wish(Enum):
    """What is wanted of the copy in this visit."""

    NONE = auto()
    BORROW = auto()
    RETURN = auto()


@dataclass(frozen=True, slots=True)
class Book:
    """A copy of this visit: where it is on its way, and what is still open about it.

    `orders` are the gate orders given for it, `facts` what became of them (at most one per order), `since` the
    time it came into its present state, `asked` whether the library is being asked about it right now.
    `opens_as` is what it will be once its bit is cleared: lent in this visit, or theirs from before. `again` = met
    again with one more tag after it was returned: what the library says of it then is about that tag only.
    `here` are the parts of a set that lie there; `partial` = it is taken back without the others.
    `untagged` = it was named by its barcode, and no tag of it came in time.
    """

    key: RequestKey
    identity: str
    tags: tuple[TagUid, ...]
    state: RowState
    since: float
    item: ItemId | None = None
    owner: str = ""
    wish: Wish = Wish.NONE
    asked: bool = False
    lifted: bool = False
    parts: int = 1
    seen: int = 1
    here: tuple[int, ...] = ()
    partial: bool = False
    untagged: bool = False
    words: Words | None = None
    due: date | None = None
    loan: LoanId | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    fee: Decimal = Decimal(0)
    late_days: int = 0
    destination: str = ""
    on_loan: bool = False
    opens_as: RowState = RowState.LENT
    again: bool = False
    orders: tuple[GateOrder, ...] = ()
    facts: tuple[GateFact, ...] = ()

    def copy(self) -> Copy:
        """Name this copy to the library. Only books with an item may be asked about."""
        assert self.item is not None
        return Copy(self.key, self.item, self.owner, self.tags, self.parts, self.here)

    def became(self, state: RowState, now: float, **changes: object) -> "Book":
        return replace(self, state=state, since=now, **changes)  # type: ignore[arg-type]  # names checked by replace

    def with_fact(self, fact: GateFact) -> "Book":
        others = tuple(old for old in self.facts if old.order.id != fact.order.id)
        return replace(self, facts=(*others, fact))

    def unanswered(self) -> tuple[GateOrder, ...]:
        """Orders nobody has said anything about yet."""
        known = {fact.order.id for fact in self.facts}
        return tuple(order for order in self.orders if order.id not in known)

    def gone_orders(self) -> tuple[GateOrder, ...]:
        """Orders whose tag left before it obeyed: given again when it lies there again."""
        return tuple(fact.order for fact in self.facts if fact.outcome is GateOutcome.GONE)

    @property
    def whole(self) -> bool:
        """Whether everything that belongs to it lies there, or what is missing is not waited for."""
        return self.seen >= self.parts or self.partial

    @property
    def busy(self) -> bool:
        """Somebody is working on it: the visit must not end now."""
        return self.asked or self.state in (RowState.OPENING, RowState.CLOSING)


Books = tuple[Book, ...]


def put(books: Books, book: Book) -> Books:
    """Replace the book of the same key, keeping its place."""
    return tuple(book if old.key == book.key else old for old in books)


def by_key(books: Books, key: str) -> Book | None:
    return next((book for book in books if book.key == key), None)


def by_order(books: Books, order: OrderId) -> Book | None:
    return next((book for book in books if any(own.id == order for own in book.orders)), None)


def by_identity(books: Books, identity: str) -> Book | None:
    return next((book for book in books if book.identity == identity), None)


def count(books: Books, *states: RowState) -> int:
    return sum(1 for book in books if book.state in states)
