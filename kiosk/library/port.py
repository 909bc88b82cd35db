"""The port to the library: every question the station asks, and every answer it may get.

A library answers in the thread that calls it (the library worker's) and may block. A refusal is a normal answer;
the one error is LibraryUnreachable. Requests that change something carry a RequestKey: the same key again is the
same request, after a crash or a lost answer, and gets the answer of the first time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType, Protocol

from kiosk.circulation.model import BranchId, HoldStatus, ItemId, LoanId, Part, PatronId, Reason, Refusal, TitleId
from kiosk.devices import CardIdentity, TagUid
from kiosk.tags.health import TagCounts

RequestKey = NewType("RequestKey", str)
"""Names one wish for one copy: random id of this program start, visit, running number."""
OrderId = NewType("OrderId", str)
"""Names one gate order, durable: the intent row it stands for."""


class LibraryUnreachable(Exception):
    """No answer, or the ledger cannot be written (disk full, locked). No tag may be touched on the strength of it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it lies on the pad: what its tags say, and which tags they are. `key` names this wish for it.

    `parts` make it whole by its tags; `here` are the numbers of those that lie there, empty where the tags do not say.
    """

    key: RequestKey
    item: ItemId
    owner: str
    tags: tuple[TagUid, ...]
    parts: int = 1
    here: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GateOrder:
    """An order to set the gate bit of one tag: durable before it is given, open until it is settled."""

    id: OrderId
    tag: TagUid
    item: ItemId
    armed: bool


class GateOutcome(StrEnum):
    DONE = "done"  # written and read back as ordered
    GONE = "gone"  # the tag left before it could be confirmed; it may be back
    LOCKED = "locked"  # the tag refuses to change
    UNCONFIRMED = "unconfirmed"  # written, but it reads back as something else, three times


@dataclass(frozen=True, slots=True)
class GateFact:
    """What became of a gate order. *afi* is what the tag said last, None when it said nothing."""

    order: GateOrder
    outcome: GateOutcome
    afi: int | None = None


# --- who -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identified:
    """A patron the station may serve. `blocks` hold for every book (fees, overdue): shown at once, not per book.

    `age_group` is child, youth or adult by their category, for figures.
    """

    patron: PatronId
    given_name: str
    family_name: str
    child: bool
    pin_needed: bool
    language: str | None = None
    blocks: tuple[Reason, ...] = ()
    age_group: str = ""
    mail: bool = False  # whether the centre knows an e-mail address of theirs; the station never does


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """A card that cannot be served here and now, and why."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PinRight:
    pass


@dataclass(frozen=True, slots=True)
class PinWrong:
    tries_left: int


@dataclass(frozen=True, slots=True)
class PinLocked:
    """Too many wrong PINs for this card: it stays locked for *minutes*, also after a restart."""

    minutes: int


# --- account -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoanLine:
    loan: LoanId
    item: ItemId
    title: str
    author: str
    due: date
    overdue: bool
    renewals_left: int
    why_not_renewable: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldLine:
    title: str
    author: str
    status: HoldStatus
    place: int
    branch: str
    title_id: TitleId | None = None


@dataclass(frozen=True, slots=True)
class Account:
    loans: tuple[LoanLine, ...]
    holds: tuple[HoldLine, ...]
    fees: Decimal
    max_loans: int


# --- books ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """What a person calls the copy, its parts, and what the catalogue calls its title."""

    title: str
    author: str = ""
    contents: tuple[Part, ...] = ()
    id: TitleId | None = None


class Whereabouts(StrEnum):
    IN_STOCK = "in-stock"
    ON_LOAN = "on-loan"
    RETURN_UNFINISHED = "return-unfinished"  # a return was begun and not committed: finish it
    UNKNOWN = "unknown"  # ours by its owner code, in no list of ours
    FOREIGN = "foreign"  # another library's
    MISSED = "missed"  # a part of a set that came back without it


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the ledger knows of a copy nobody has asked anything about yet, and gate bits that are owed on it."""

    copy: Copy
    whereabouts: Whereabouts
    words: Words | None
    orders: tuple[GateOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Lent:
    """The loan is committed; the copy may go as soon as every order is settled as DONE."""

    copy: Copy
    words: Words
    loan: LoanId
    due: date
    orders: tuple[GateOrder, ...]


@dataclass(frozen=True, slots=True)
class AlreadyYours:
    """The patron has it on loan already. Orders are set when its gate bit is still owed."""

    copy: Copy
    words: Words
    loan: LoanId
    due: date
    orders: tuple[GateOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class NotLent:
    copy: Copy
    words: Words | None
    reasons: tuple[Reason, ...]
    orders: tuple[GateOrder, ...] = ()


CheckoutAnswer = Lent | AlreadyYours | NotLent


@dataclass(frozen=True, slots=True)
class CheckinBegun:
    """The return is written down as intent; nothing is committed until finish_checkin."""

    copy: Copy
    words: Words | None
    orders: tuple[GateOrder, ...]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The station cannot take this copy back (another library's, parts missing): it stays with the person."""

    copy: Copy
    words: Words | None
    reasons: tuple[Reason, ...]


class CheckinNote(StrEnum):
    """What the screen, the slip and the librarian are told about a return."""

    LATE = "late"
    FEE = "fee"
    HELD = "held"  # somebody waits for it: hold shelf
    OTHER_BRANCH = "other-branch"  # it travels home: transfer shelf
    NOT_ON_LOAN = "not-on-loan"
    UNKNOWN_ITEM = "unknown-item"
    GATE_OWED = "gate-owed"  # the return stands, the gate bit could not be armed: staff
    INCOMPLETE = "incomplete"  # a set came back without some of its parts
    NOT_BOOKED = "not-booked"  # it is here, and the library's system refused to book it: staff
    COMPLETED = "completed"  # the parts a set came back without are here now


@dataclass(frozen=True, slots=True)
class Returned:
    """The copy is back. `destination` is the branch it goes to, "" when it stays.

    `hold_code` is the end of the card number of whoever it is kept for: staff can tell whose it is, nobody is named.
    `missing` are the numbers of the parts that are still to come.
    """

    copy: Copy
    words: Words | None
    notes: tuple[CheckinNote, ...] = ()
    late_days: int = 0
    fee: Decimal = Decimal(0)
    destination: str = ""
    hold_code: str = ""
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnPending:
    """Not committed: the tag was lifted before its bit was armed. Lay it down again and it goes on."""

    copy: Copy
    words: Words | None


CheckinAnswer = Returned | ReturnPending | NotTaken


class SettleResult(StrEnum):
    DONE = "done"  # ledger and gate bit agree
    VOIDED = "voided"  # the bit cannot be cleared, so the loan was taken back; the copy stays here
    OWED = "owed"  # they differ: a debt is open and travels to whoever sees the tag next


@dataclass(frozen=True, slots=True)
class Settled:
    order: GateOrder
    result: SettleResult


@dataclass(frozen=True, slots=True)
class Renewed:
    loan: LoanId
    due: date


@dataclass(frozen=True, slots=True)
class NotRenewed:
    loan: LoanId
    reasons: tuple[Reason, ...] = field(default=())


RenewAnswer = Renewed | NotRenewed


# --- holds ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The patron waits for the title. `place` counts from 1, as far as is known here; `branch` is where to fetch it."""

    title: TitleId
    words: Words
    place: int
    branch: str


@dataclass(frozen=True, slots=True)
class HoldNotPlaced:
    """`words` are None for a title nobody here knows (any more)."""

    title: TitleId
    words: Words | None
    reasons: tuple[Reason, ...]


HoldAnswer = HoldPlaced | HoldNotPlaced


@dataclass(frozen=True, slots=True)
class HoldCancelled:
    """The patron does not wait for the title, whether they did before or not."""

    title: TitleId


# --- visits --------------------------------------------------------------------------------------------


class VisitKind(StrEnum):
    """What a visit was for, by what came of it."""

    BORROW = "borrow"
    RETURN = "return"
    BOTH = "both"
    ACCOUNT = "account"  # looked at or renewed what they have
    NONE = "none"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit for figures. Nothing that tells a patron or a book fits in. `age_group` is "" without a patron."""

    kind: VisitKind
    age_group: str
    language: str
    seconds: int
    lent: int = 0
    returned: int = 0
    renewed: int = 0
    refusals: tuple[tuple[Refusal, int], ...] = ()
    failed_checkouts: int = 0
    holds_returned: int = 0


@dataclass(frozen=True, slots=True)
class TagReading:
    """What is new of one tag. `item` is None where nobody could read which copy it is of."""

    tag: TagUid
    item: ItemId | None
    counts: TagCounts


# --- receipts by e-mail --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantedReceipt:
    """A receipt somebody wants by e-mail, without words and without an address: the centre has both.

    `lent` and `renewed` say the day each copy is due, `returned` the days it was late and the fee.
    """

    patron: PatronId
    language: str
    number: str
    token: str
    lent: tuple[tuple[ItemId, date], ...] = ()
    renewed: tuple[tuple[ItemId, date], ...] = ()
    returned: tuple[tuple[ItemId, int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the library does now: one behind a line that is silent may still take books back."""

    lends: bool = True
    takes_back: bool = True


class Library(Protocol):
    """Every method may raise LibraryUnreachable."""

    def identify(self, card: CardIdentity) -> Identified | Unwelcome: ...

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong | PinLocked: ...

    def account(self, patron: PatronId) -> Account: ...

    def recognise(self, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
        """Say what is known of copies that lie here, in the order asked. Changes nothing."""
        ...

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        """Decide and commit the loans of a stack, in the order asked; durable when it returns.

        A return of a copy that was begun here and not finished is finished first.
        """
        ...

    def begin_checkin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        """Write down that these copies are being returned; durable when it returns."""
        ...

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        """Commit the returns of copies whose orders have these outcomes. *copies* are as begun.

        All DONE: Returned. A LOCKED or UNCONFIRMED tag: Returned with GATE_OWED and a debt, for the book is here.
        A GONE tag: ReturnPending, the loan stays open.
        """
        ...

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        """Record what became of gate orders of loans and of debts. Durable when it returns.

        A loan whose bit is LOCKED or UNCONFIRMED is taken back (VOIDED); GONE leaves the loan and opens a debt (OWED).
        """
        ...

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[RenewAnswer, ...]:
        """Renew these loans; an empty tuple means all of the patron's."""
        ...

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        """Put the patron into the queue for a title, to be fetched at *pickup* (None: here). Durable when it
        returns.
        """
        ...

    def cancel_hold(self, patron: PatronId, title: TitleId, key: RequestKey) -> HoldCancelled:
        """Take the patron out of the queue for a title: a patron has one place in it, so the title names it."""
        ...

    def want_receipt(self, receipt: WantedReceipt) -> None:
        """Write down that a receipt is wanted by e-mail; durable when it returns."""
        ...

    def note_visit(self, visit: VisitFacts) -> None:
        """Take note of a visit that has ended; a library that counts no visits does nothing."""
        ...

    def note_tags(self, readings: tuple[TagReading, ...]) -> None:
        """Take note of how well tags could be read; those that gave trouble are told to the centre."""
        ...

    def tidy(self) -> None:
        """Forget what need not be kept any longer. Asked for once a day, when nobody wants anything."""
        ...

    def heed(self, beat: Callable[[], None]) -> None:
        """Call *beat* after every step of an answer that takes long: whoever watches knows that it goes on."""
        ...

    def pulse(self) -> Readiness:
        """Keep in touch with whoever stands behind, tell what is waiting to be told, and say what can be done now.

        Asked for about once a second while nobody wants anything; returns at once when there is nothing to do.
        """
        ...
