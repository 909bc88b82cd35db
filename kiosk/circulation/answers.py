"""What the rules answer: yes with its terms, or no with every reason. Values only; `rules` decides."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.circulation.model import BranchId, Hold, Reason


@dataclass(frozen=True, slots=True)
class Refuse:
    """No, and every reason why; never empty."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Lend:
    """Yes, until *due*. `fulfils` is the patron's own hold that ends with this loan."""

    due: date
    fulfils: Hold | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    """Yes, keep it until *due*: always later than it was."""

    due: date


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The copy is back, whatever the rules think of it: a physical fact is never refused.

    `late_days` are calendar days for people to read, `fee` is what the policy charges for them. `destination`
    is the branch the copy travels to (home, or to the patron it is `hold_for`); None when it stays here.
    """

    late_days: int = 0
    fee: Decimal = Decimal(0)
    hold_for: Hold | None = None
    destination: BranchId | None = None
    not_on_loan: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """The copies behind a title: how many are ever lent, how many are free where the patron picks up."""

    lendable: int
    free_at_pickup: int = 0
    on_loan_to_patron: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Yes: the patron is number *position* in the queue, counted from 1."""

    position: int
