"""What a simulated library system starts with: its patrons, copies, terms, and how they stand. Frozen values only."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kiosk.circulation.model import BranchId, CardNumber, ItemId, TitleId

NOWHERE = BranchId("")


@dataclass(frozen=True, slots=True)
class Member:
    """A patron of the simulated library. `block` is the reason in words for one that staff have blocked, "" for none.

    `pin` is "" for somebody who never set one. `note` is shown to them, `address`, `mail` and `phone` are sent to every
    station that asks, as real systems do.
    """

    card: CardNumber
    given_name: str
    family_name: str
    pin: str = field(default="", repr=False)
    category: str = "PT"
    home: BranchId = NOWHERE
    born: date | None = None
    expires: date | None = None
    block: str = ""
    card_lost: bool = False
    no_address: bool = False
    note: str = ""
    address: str = ""
    mail: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        """The name as one reads it aloud."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Terms:
    """How long and how many, for one patron category. `fee_per_day_late` is charged when the copy comes back."""

    days: int = 21
    max_loans: int = 20
    max_renewals: int = 2
    max_fees: Decimal = Decimal(5)
    fee_per_day_late: Decimal = Decimal(0)


class Condition(StrEnum):
    """What staff have said of a copy."""

    GOOD = "good"
    NOT_FOR_LOAN = "not-for-loan"
    DAMAGED = "damaged"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Volume:
    """One copy. `media` is SIP2's media type; `rental` is what a loan of it costs."""

    item: ItemId
    title_id: TitleId
    title: str
    author: str = ""
    home: BranchId = NOWHERE
    media: str = "001"
    collection: str = ""
    shelf: str = ""
    condition: Condition = Condition.GOOD
    rental: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class OpenLoan:
    item: ItemId
    card: CardNumber
    due: datetime
    renewals: int = 0
    lent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A place in a queue: for one copy, or for any copy of the title when `item` is None. `aside` is set when READY."""

    card: CardNumber
    title_id: TitleId
    pickup: BranchId
    item: ItemId | None = None
    aside: ItemId | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount somebody owes. `number` names it in a payment."""

    number: int
    words: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything a simulated library begins with. A category without terms of its own has the ordinary ones."""

    members: tuple[Member, ...]
    volumes: tuple[Volume, ...]
    terms: dict[str, Terms] = field(default_factory=dict)
    loans: tuple[OpenLoan, ...] = ()
    holds: tuple[OpenHold, ...] = ()
    fees: tuple[tuple[CardNumber, str, Decimal], ...] = ()
    branches: tuple[BranchId, ...] = ()
