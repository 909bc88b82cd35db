"""The words of the trade as frozen values. No rules here (`rules.py`), no clock, no storage."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NewType

PatronId = NewType("PatronId", str)
"""The person, inside the system. Never printed."""
CardNumber = NewType("CardNumber", str)
"""What the e-card says and the library writes on it."""
ItemId = NewType("ItemId", str)
"""One physical copy: its barcode, the primary item id of its tag."""
TitleId = NewType("TitleId", str)
"""The bibliographic record."""
BranchId = NewType("BranchId", str)
"""A library of the network: `central`, `children-2`."""
LoanId = NewType("LoanId", str)
"""One loan of one item to one patron: a UUIDv7."""
CategoryId = NewType("CategoryId", str)
"""A patron category of the network's policy: `adult`, `youth`, `child`."""
ItemTypeId = NewType("ItemTypeId", str)
"""An item type of the network's policy: `book`, `new-book`, `disc`, `score`."""


class CardStatus(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Patron:
    """A person with a card. `guardian` is set for children and names the adult who answers for them."""

    id: PatronId
    card: CardNumber
    given_name: str
    family_name: str
    category: CategoryId
    branch: BranchId
    born: date | None = None
    expires: date | None = None
    card_status: CardStatus = CardStatus.ACTIVE
    fees: Decimal = Decimal(0)
    guardian: PatronId | None = None
    language: str | None = None
    pin_needed: bool = False
    mail: bool = False  # whether the centre has an e-mail address of theirs


class ItemStatus(StrEnum):
    AVAILABLE = "available"
    NOT_FOR_LOAN = "not-for-loan"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    IN_TRANSIT = "in-transit"


@dataclass(frozen=True, slots=True)
class Title:
    id: TitleId
    name: str
    author: str = ""
    year: int | None = None
    language: str = "uk"
    age_from: int = 0


class PartKind(StrEnum):
    """What one part of a set is, for its picture."""

    BOOK = "book"
    DISC = "disc"
    SCORE = "score"
    MAP = "map"
    GAME = "game"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a set, by the name people call it: "disc 2", "booklet"."""

    name: str
    kind: PartKind = PartKind.OTHER


@dataclass(frozen=True, slots=True)
class Item:
    """One copy. `branch` is its home, `parts` how many tags make it whole, `contents` what they are if it is known."""

    id: ItemId
    title: Title
    type: ItemTypeId
    branch: BranchId
    status: ItemStatus = ItemStatus.AVAILABLE
    shelf: str = ""
    parts: int = 1
    contents: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Loan:
    id: LoanId
    item: ItemId
    patron: PatronId
    item_type: ItemTypeId
    lent_at: datetime
    due: date
    renewals: int = 0


class HoldStatus(StrEnum):
    WAITING = "waiting"  # in the queue for any copy of the title
    READY = "ready"  # a copy lies on the hold shelf


@dataclass(frozen=True, slots=True)
class Hold:
    """A patron's place in the queue for a title; `item` is the copy set aside once the hold is READY."""

    patron: PatronId
    title: TitleId
    placed_at: datetime
    pickup: BranchId
    status: HoldStatus = HoldStatus.WAITING
    item: ItemId | None = None


@dataclass(frozen=True, slots=True)
class LoanRule:
    """How long and how many, for one patron category and one item type."""

    days: int
    max_loans: int
    max_renewals: int = 2
    min_age: int = 0
    fee_per_day_late: Decimal = Decimal(0)
    max_late_fee: Decimal | None = None  # a copy never costs more than this for being late; None = no ceiling


@dataclass(frozen=True, slots=True)
class CategoryPolicy:
    """What a patron category may do in all. `rules` holds one rule per item type; no rule, no loan.

    `max_fees` may be owed and `max_overdue` copies may be late before the station stops lending.
    `age_from` is the youngest the category takes: without a birth date a patron counts as that old.
    """

    max_loans: int
    max_fees: Decimal
    max_overdue: int
    rules: dict[ItemTypeId, LoanRule] = field(default_factory=dict)
    max_holds: int = 10
    age_from: int = 0
    child: bool = False


@dataclass(frozen=True, slots=True)
class LendingPolicy:
    """The rules of a branch by patron category, and the few rules that hold for everyone."""

    categories: dict[CategoryId, CategoryPolicy] = field(default_factory=dict)
    holds_block_shelf_copies: bool = False  # a queue at the copy's own branch keeps it from whoever is not in it
    local_holds_first: bool = False  # a copy serves the queue of the branch it came back to before it travels
    late_fee_on_closed_days: bool = False  # False: nobody pays for a day the branch was closed
    renew_within_late_days: int | None = None  # a loan later than this is settled with staff; None = never too late


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a branch is open: (opens, closes) or None per weekday, Monday first; `closed` = days off."""

    week: tuple[tuple[time, time] | None, ...]
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Raise ValueError for a week that has not seven days: every weekday is asked for sooner or later."""
        if len(self.week) != 7:
            raise ValueError(f"a week has 7 days, this one has {len(self.week)}")


class Refusal(StrEnum):
    """Every reason a request may be refused for. Each has words in every language; a test says so."""

    CARD_UNKNOWN = "card-unknown"
    CARD_BLOCKED = "card-blocked"
    CARD_LOST = "card-lost"
    CARD_EXPIRED = "card-expired"
    NO_PIN = "no-pin"
    CARD_NOT_PROVEN = "card-not-proven"  # it should hold a key and does not, or its proof was used before
    CARD_TO_REPLACE = "card-to-replace"  # of a kind that is no longer served here
    CATEGORY_UNKNOWN = "category-unknown"
    FEES = "fees"
    OVERDUE = "overdue"
    LOAN_LIMIT = "loan-limit"
    CLAIM_LIMIT = "claim-limit"  # more than a card that proves nothing may take in one visit
    TYPE_LIMIT = "type-limit"
    TYPE_NOT_LENT = "type-not-lent"
    TOO_YOUNG = "too-young"
    NOT_FOR_LOAN = "not-for-loan"
    WITHDRAWN = "withdrawn"
    HELD_FOR_ANOTHER = "held-for-another"
    ON_LOAN_TO_ANOTHER = "on-loan-to-another"
    ALREADY_YOURS = "already-yours"
    ITEM_UNKNOWN = "item-unknown"
    RENEWAL_LIMIT = "renewal-limit"
    RENEWAL_NO_GAIN = "renewal-no-gain"
    NOT_ON_LOAN_TO_YOU = "not-on-loan-to-you"
    ALREADY_HELD = "already-held"
    HOLD_NOT_NEEDED = "hold-not-needed"
    HOLD_LIMIT = "hold-limit"
    # about the tag, before any rule is asked
    FOREIGN_TAG = "foreign-tag"
    BLANK_TAG = "blank-tag"
    DAMAGED_TAG = "damaged-tag"
    PATRON_CARD_ON_PAD = "patron-card-on-pad"
    PARTS_MISSING = "parts-missing"
    LEFT_BEHIND = "left-behind"
    TAG_STUCK = "tag-stuck"
    # about a copy named by its barcode
    TAG_UNSEEN = "tag-unseen"
    SEVERAL_UNREAD = "several-unread"
    BARCODE_STRANGE = "barcode-strange"
    BARCODE_ISBN = "barcode-isbn"
    # about the machine
    LIBRARY_REFUSES = "library-refuses"  # the library's own system says no, in its own words
    LIBRARY_SILENT = "library-silent"


@dataclass(frozen=True, slots=True)
class Reason:
    """A refusal with the facts its words need: the limit reached, the fee owed, the date, the age."""

    refusal: Refusal
    number: int | None = None
    amount: Decimal | None = None
    day: date | None = None
    text: str | None = None
