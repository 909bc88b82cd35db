"""What the network lends to whom, by branch: handed to the centre by whoever read the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from kiosk.circulation.model import BranchId, CategoryId, LendingPolicy, OpeningHours
from kiosk.library.local.desk import PinRules


@dataclass(frozen=True, slots=True)
class BranchPolicy:
    """One branch: its names, its hours and its rules."""

    id: BranchId
    name: str
    short: str
    policy: LendingPolicy
    hours: OpeningHours
    address: str = ""
    phone: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Policies:
    """The network's rules. `pin` holds for the catalogue page too; `loan_history_days` is how long closed loans keep
    their patron, `hold_shelf_days` how long a copy waits on the hold shelf.
    """

    branches: Mapping[BranchId, BranchPolicy]
    zone: tzinfo
    network_name: str = ""
    brand: str = ""
    languages: tuple[str, ...] = ("uk", "en")
    pin: PinRules = field(default_factory=PinRules)
    loan_history_days: int = 30
    hold_shelf_days: int = 7

    def of(self, branch: str) -> BranchPolicy | None:
        return self.branches.get(BranchId(branch))

    def short_name(self, branch: str) -> str:
        """Say what people call a branch; its id where the settings no longer know it."""
        known = self.of(branch)
        return branch if known is None else known.short

    def day_of(self, moment: datetime) -> date:
        """Say on which civil day of the network *moment* falls."""
        return moment.astimezone(self.zone).date()

    def age_group(self, branch: str, category: CategoryId | str) -> str:
        """Say `child`, `youth` or `adult` for statistics: by the category's own words, never by a birth date."""
        known = self.of(branch) or next(iter(self.branches.values()), None)
        rules = None if known is None else known.policy.categories.get(CategoryId(category))
        if rules is None:
            return "adult"
        if rules.child:
            return "child"
        return "youth" if rules.age_from < 18 else "adult"
