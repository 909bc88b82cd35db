"""What the centre answers a patron and a librarian: yes with its terms, or no with every reason. Values only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.circulation.model import BranchId, HoldStatus, ItemId, LoanId, Patron, Reason, TitleId
from kiosk.library.port import Words

# --- who -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignedIn:
    patron: Patron


@dataclass(frozen=True, slots=True)
class NoEntry:
    """Card and PIN do not go together. `minutes` is how long no PIN is looked at: not for the public page."""

    minutes: int = 0


@dataclass(frozen=True, slots=True)
class NotServed:
    """The PIN was right, and the card may not be served all the same."""

    reasons: tuple[Reason, ...]


SignInAnswer = SignedIn | NoEntry | NotServed

# --- what they have ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A book at home. `why_not_renewable` is empty when it may be kept longer."""

    loan: LoanId
    item: ItemId
    title: TitleId
    words: Words
    due: date
    overdue: bool
    renewals_left: int
    why_not_renewable: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A place in a queue, counted from 1; or a copy that lies at `branch` until the end of `until`.

    `travels` says that the copy is found and on its way: nobody shall come to fetch it yet.
    """

    hold: str
    title: TitleId
    words: Words
    status: HoldStatus
    place: int
    branch: BranchId
    until: date | None = None
    travels: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    patron: Patron
    loans: tuple[LoanLine, ...]
    holds: tuple[HoldLine, ...]
    fees: Decimal
    max_loans: int
    max_holds: int
    blocks: tuple[Reason, ...] = ()


# --- what they wish ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """Number *place* in the queue, counted from 1; 0 for a hold that was placed by this very wish and has ended."""

    hold: str
    place: int


@dataclass(frozen=True, slots=True)
class HoldRefused:
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HoldCancelled:
    """The hold is no more. `moved_to` is the hold that got its copy, if somebody else waited."""

    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class NoSuchHold:
    """The patron has no such hold."""


# --- at the desk ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LentAtDesk:
    """`again`: it was this patron's already, and nothing changed."""

    loan: LoanId
    words: Words
    due: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotLentAtDesk:
    words: Words | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class TakenBackAtDesk:
    """The copy is here. `words` is None for one in no list; `destination` is where it travels, None when it stays.

    `held_for` is the hold it is set aside for: it goes to the hold shelf, here or at its destination.
    """

    words: Words | None
    late_days: int = 0
    fee: Decimal = Decimal(0)
    held_for: str | None = None
    destination: BranchId | None = None
    not_on_loan: bool = False
