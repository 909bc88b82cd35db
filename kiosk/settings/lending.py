"""The lending rules as they stand in the files, and the core's policy made of them."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kiosk.circulation.model import CategoryId, CategoryPolicy, ItemTypeId, LendingPolicy, LoanRule
from kiosk.settings.sections import Section, Word

Money = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]
Age = Annotated[int, Field(ge=0, le=120)]
Count = Annotated[int, Field(ge=0, le=1000)]


class RuleSection(Section):
    """How long and how many, for one patron category and one item type."""

    days: Annotated[int, Field(ge=1, le=366)]
    """Days a loan lasts; one that would end on a closed day ends on the next open day."""
    max_loans: Count
    """How many of this item type one patron may have at a time."""
    max_renewals: Count = 2
    """How often a loan may be renewed."""
    min_age: Age = 0
    """Full years a patron must have for this item type."""
    fee_per_day_late: Money = Decimal(0)
    """Hryvnias for a day late."""
    max_late_fee: Money | None = None
    """The most one late copy costs, in hryvnias; left out, there is no ceiling."""

    def rule(self) -> LoanRule:
        """Make the core's value of it."""
        return LoanRule(**self.model_dump())


class CategorySection(Section):
    """What one patron category may do in all."""

    max_loans: Count
    """How many copies a patron may have at a time, of all item types together."""
    max_fees: Money
    """Hryvnias a patron may owe and still borrow."""
    max_overdue: Count
    """How many copies may be late and the patron still borrow."""
    max_holds: Count = 5
    """How many titles a patron may wait for at a time."""
    age_from: Age = 0
    """The youngest this category takes; without a birth date a patron counts as that old."""
    child: bool = False
    """Whether these are children: the screens speak to them as such."""
    rules: dict[str, RuleSection] = Field(default_factory=dict)
    """One table per item type; an item type without one is not lent to this category."""

    def policy(self) -> CategoryPolicy:
        """Make the core's value of it."""
        return CategoryPolicy(
            max_loans=self.max_loans,
            max_fees=self.max_fees,
            max_overdue=self.max_overdue,
            rules={ItemTypeId(name): section.rule() for name, section in self.rules.items()},
            max_holds=self.max_holds,
            age_from=self.age_from,
            child=self.child,
        )


class LendingSection(Section):
    """Who may borrow what, for how long, and what being late costs."""

    item_types: Annotated[tuple[Word, ...], Field(min_length=1)]
    """Every item type of the network; rules may name no other."""
    holds_block_shelf_copies: bool = False
    """Whether a queue at the copy's own branch keeps it from whoever is not first in it."""
    local_holds_first: bool = False
    """Whether a returned copy serves those who pick up at this branch before it travels to another."""
    late_fee_on_closed_days: bool = False
    """Whether a day the branch was closed counts as a day late."""
    renew_within_late_days: Count | None = None
    """A loan later than this many days is not renewed at a station; left out, it is never too late."""
    categories: Annotated[dict[str, CategorySection], Field(min_length=1)]
    """One table per patron category."""

    def policy(self) -> LendingPolicy:
        """Make the core's value of it."""
        return LendingPolicy(
            categories={CategoryId(name): section.policy() for name, section in self.categories.items()},
            holds_block_shelf_copies=self.holds_block_shelf_copies,
            local_holds_first=self.local_holds_first,
            late_fee_on_closed_days=self.late_fee_on_closed_days,
            renew_within_late_days=self.renew_within_late_days,
        )
