"""The desk a decision is made at: the rules of the branch, the ledger, and what day it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from enum import StrEnum

from kiosk.circulation.answers import TakeBack
from kiosk.circulation.calendar import lifted
from kiosk.circulation.model import BranchId, Item, ItemId, LendingPolicy, Loan, OpeningHours, PatronId, Reason, Refusal
from kiosk.circulation.rules import decide_checkin
from kiosk.library.port import Copy, Words
from kiosk.store.intents import Return
from kiosk.store.loans import LoanRecord
from kiosk.store.unit_of_work import UnitOfWork


class PinNeed(StrEnum):
    """When a patron types a PIN after the card. Values as in the settings."""

    NEVER = "never"
    ALWAYS = "always"
    UNPROVEN = "unproven"  # when the card could not prove itself: its UID or number can be copied


@dataclass(frozen=True, slots=True)
class PinRules:
    """`tries` wrong PINs lock the patron's PIN for `lock_minutes`. `pepper` is a secret kept outside the database."""

    needed: PinNeed = PinNeed.UNPROVEN
    tries: int = 3
    lock_minutes: int = 15
    pepper: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class BranchRules:
    """What holds at this branch.

    `owners` are the owner codes the network's tags carry; a tag with another one is another library's, a tag with
    none is ours. `partial_returns`: a set is taken back without some of its parts. `zone` makes civil dates of moments;
    `branch_names` are the names patrons know branches by. `claims_served`: so is a card that was asked for a proof and
    can give none.
    """

    branch: BranchId
    policy: LendingPolicy
    hours: OpeningHours
    owners: frozenset[str]
    zone: tzinfo
    pin: PinRules = field(default_factory=PinRules)
    branch_names: Mapping[BranchId, str] = field(default_factory=dict)
    partial_returns: bool = False
    claims_served: bool = True

    def name_of(self, branch: BranchId | None) -> str:
        return "" if branch is None else self.branch_names.get(branch, branch)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything one decision rests on. Made anew for every request, used by one thread."""

    work: UnitOfWork
    rules: BranchRules

    @property
    def today(self) -> date:
        """The civil date at the branch."""
        return self.work.moment.at.astimezone(self.rules.zone).date()

    def loans_of(self, patron: PatronId) -> tuple[Loan, ...]:
        """The patron's open loans, each due on a day somebody can come."""
        return tuple(lifted(loan, self.rules.hours) for loan in self.work.loans.open_of_patron(patron))

    def loans_on(self, items: Collection[ItemId]) -> dict[ItemId, Loan]:
        """Who has these copies; likewise."""
        found = self.work.loans.open_of_items(items)
        return {item: lifted(loan, self.rules.hours) for item, loan in found.items()}

    def decide_return(self, item: Item | None, loan: Loan | None) -> TakeBack:
        """Say what the return of a copy comes to, by the rules of the branch."""
        patron = None if loan is None else self.work.patrons.by_id(loan.patron)
        queue = () if item is None else self.work.holds.queues([item.title.id])[item.title.id]
        rules = self.rules
        category = None if patron is None else patron.category
        return decide_checkin(item, loan, queue, rules.policy, category, rules.branch, rules.hours, self.today)

    def return_taken(self, begun: Return) -> None:
        """Hear that a return is committed, in the same transaction. Here the journal is all there is to tell."""

    def loan_undone(self, record: LoanRecord, key: str) -> None:
        """Hear that a loan is taken back, asked for as *key*, in the same transaction; likewise."""

    def is_foreign(self, copy: Copy) -> bool:
        owner = copy.owner.strip()
        return bool(owner) and bool(self.rules.owners) and owner not in self.rules.owners

    def tag_reasons(self, copy: Copy, item: Item | None, *, lends: bool) -> tuple[Reason, ...]:
        """Say what is wrong with the copy as it lies there, to be lent or to be taken back."""
        if self.is_foreign(copy):
            return (Reason(Refusal.FOREIGN_TAG, text=copy.owner),)
        # a tag of part 0 stands for the whole set, and so does the barcode of a copy without a tag
        whole = item is None or 0 in copy.here or not copy.tags
        missing = 0 if whole or item is None else item.parts - len(set(copy.tags))
        if missing and not lends and self.rules.partial_returns:
            return ()  # what is here is taken, what is not is a debt
        return (Reason(Refusal.PARTS_MISSING, number=missing),) if missing > 0 else ()


def unseen_tag(desk: Desk, copy: Copy) -> tuple[Reason, ...]:
    """Say that a copy named by its barcode carries a tag this station knows of: its gate bit must be seen to."""
    return (Reason(Refusal.TAG_UNSEEN),) if not copy.tags and desk.work.tags.of_item(copy.item) else ()


def words_of(item: Item | None) -> Words | None:
    """Say what a person calls the copy; None for one we never heard of."""
    return None if item is None else known_words(item)


def known_words(item: Item) -> Words:
    return Words(item.title.name, item.title.author, item.contents, item.title.id)
