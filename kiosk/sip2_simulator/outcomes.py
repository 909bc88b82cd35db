"""What the simulated library answers: yes with its facts, or no with the reason. Values only; a manner words them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kiosk.circulation.model import BranchId, CardNumber, ItemId
from kiosk.sip2_simulator.holdings import Fee, Member, OpenHold, OpenLoan, Volume


class No(StrEnum):
    """Why a request is refused. Every manner has words for each."""

    PATRON_UNKNOWN = "patron-unknown"
    PATRON_BLOCKED = "patron-blocked"
    WRONG_PIN = "wrong-pin"
    ITEM_UNKNOWN = "item-unknown"
    ON_LOAN_TO_ANOTHER = "on-loan-to-another"
    ALREADY_YOURS = "already-yours"
    RESERVED = "reserved"
    NOT_FOR_LOAN = "not-for-loan"
    WITHDRAWN = "withdrawn"
    TOO_MANY = "too-many"
    FEE_FIRST = "fee-first"
    NOT_ON_LOAN_TO_YOU = "not-on-loan-to-you"
    RENEWALS_USED_UP = "renewals-used-up"
    OTHERS_WAIT = "others-wait"
    NOT_ON_LOAN = "not-on-loan"
    NO_SUCH_HOLD = "no-such-hold"
    HOLD_FEES = "hold-fees"
    NO_SUCH_FEE = "no-such-fee"
    TOO_MUCH_PAID = "too-much-paid"


class Block(StrEnum):
    """Why a patron gets nothing at all."""

    STAFF = "staff"
    EXPIRED = "expired"
    CARD_LOST = "card-lost"
    NO_ADDRESS = "no-address"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a patron stands. Loans and overdue copies newest first; `balance` is below zero for a credit."""

    member: Member
    blocks: tuple[Block, ...]
    loans: tuple[OpenLoan, ...]
    overdue: tuple[OpenLoan, ...]
    ready: tuple[OpenHold, ...]
    waiting: tuple[OpenHold, ...]
    fees: tuple[Fee, ...]
    balance: Decimal
    max_fees: Decimal
    max_loans: int


@dataclass(frozen=True, slots=True)
class LoanOutcome:
    """The end of a wish to borrow or to renew: `loan` when it was granted, `refusal` when not."""

    member: Member | None
    volume: Volume | None
    loan: OpenLoan | None = None
    refusal: No | None = None
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How a copy stands."""

    volume: Volume
    loan: OpenLoan | None
    queue: int
    aside_for: CardNumber | None
    travels_to: BranchId | None


class Errand(StrEnum):
    """Where a returned copy goes, by the alert types of the 3M extensions (CV)."""

    HOLD_HERE = "01"
    HOLD_ELSEWHERE = "02"
    TRANSFER = "04"
    OTHER = "99"


@dataclass(frozen=True, slots=True)
class ReturnOutcome:
    """A copy is back. `was_with` had it; `errand` says where it goes and `hold` for whom.

    `was_travelling` tells a copy that was on its way already from one that is sent off now.
    """

    volume: Volume
    was_with: CardNumber | None
    errand: Errand | None = None
    destination: BranchId | None = None
    hold: OpenHold | None = None
    waits: Member | None = None
    was_travelling: bool = False


@dataclass(frozen=True, slots=True)
class HoldOutcome:
    member: Member | None
    volume: Volume | None
    refusal: No | None = None
    position: int = 0
    available: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One change that was made, in the order they were made: what a test asks when it wants to know what happened."""

    what: str  # "lend", "renew", "return", "undo", "pay", "hold", "unhold"
    at: datetime
    card: CardNumber | None = None
    item: ItemId | None = None
    amount: Decimal | None = None
