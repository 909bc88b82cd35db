"""The state of a simulated library: who has, awaits and owes what, and what was done. No rules here."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from kiosk.circulation.model import BranchId, CardNumber, ItemId, TitleId
from kiosk.sip2_simulator.holdings import Fee, Holdings, Member, OpenHold, OpenLoan, Terms, Volume
from kiosk.sip2_simulator.outcomes import Deed


@dataclass(slots=True)
class Shelves:
    """Everything that changes. Owned by one library, touched under its lock. `loans` in the order they were made."""

    members: dict[CardNumber, Member]
    volumes: dict[ItemId, Volume]
    terms: dict[str, Terms]
    clock: Callable[[], datetime]
    branches: frozenset[BranchId] = frozenset()
    loans: dict[ItemId, OpenLoan] = field(default_factory=dict)
    holds: list[OpenHold] = field(default_factory=list)
    travels: dict[ItemId, BranchId] = field(default_factory=dict)
    fees: dict[CardNumber, list[Fee]] = field(default_factory=dict)
    credit: dict[CardNumber, Decimal] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    fee_count: int = 0

    def member(self, card: str) -> Member | None:
        """Find a patron by card number, in whatever case it was typed."""
        exact = self.members.get(CardNumber(card))
        if exact is not None:
            return exact
        return next((m for c, m in self.members.items() if c.casefold() == card.casefold()), None)

    def terms_of(self, member: Member) -> Terms:
        return self.terms.get(member.category, _ORDINARY)

    def loans_of(self, card: CardNumber) -> tuple[OpenLoan, ...]:
        """List a patron's loans, the newest first."""
        return tuple(loan for loan in reversed(self.loans.values()) if loan.card == card)

    def queue(self, volume: Volume) -> tuple[OpenHold, ...]:
        """List the holds this copy could serve or is set aside for, in their order."""
        return tuple(
            hold
            for hold in self.holds
            if hold.aside == volume.item
            or (hold.aside is None and hold.title_id == volume.title_id and hold.item in {None, volume.item})
        )

    def copies_of(self, title: TitleId) -> tuple[Volume, ...]:
        return tuple(volume for volume in self.volumes.values() if volume.title_id == title)

    def charge(self, card: CardNumber, words: str, amount: Decimal) -> None:
        """Write down that somebody owes *amount*."""
        self.fee_count += 1
        self.fees.setdefault(card, []).append(Fee(self.fee_count, words, amount))

    def balance(self, card: CardNumber) -> Decimal:
        """Return what somebody owes, below zero for a credit."""
        owed = sum((fee.amount for fee in self.fees.get(card, [])), Decimal(0))
        return owed - self.credit.get(card, Decimal(0))

    def pay_off(self, card: CardNumber, amount: Decimal, number: int | None = None) -> None:
        """Let *amount* reduce the fee called *number*, else the oldest ones; what is left over becomes a credit."""
        left = amount
        kept: list[Fee] = []
        for fee in self.fees.get(card, []):
            part = min(left, fee.amount) if number in {None, fee.number} else Decimal(0)
            left -= part
            if fee.amount > part:
                kept.append(replace(fee, amount=fee.amount - part))
        self.fees[card] = kept
        if left:
            self.credit[card] = self.credit.get(card, Decimal(0)) + left

    def block(self, card: str, words: str) -> None:
        """Block a card for good."""
        if (member := self.member(card)) is not None:
            self.members[member.card] = replace(member, block=words)

    def note(
        self, what: str, card: CardNumber | None, item: ItemId | None = None, amount: Decimal | None = None
    ) -> None:
        """Write a deed down."""
        self.deeds.append(Deed(what, self.clock(), card, item, amount))


_ORDINARY = Terms()


def fill(holdings: Holdings, clock: Callable[[], datetime]) -> Shelves:
    """Put *holdings* on the shelves."""
    shelves = Shelves(
        members={member.card: member for member in holdings.members},
        volumes={volume.item: volume for volume in holdings.volumes},
        terms=dict(holdings.terms),
        clock=clock,
        branches=frozenset(holdings.branches) | {volume.home for volume in holdings.volumes},
        loans={loan.item: loan for loan in holdings.loans},
        holds=list(holdings.holds),
    )
    for card, words, amount in holdings.fees:
        shelves.charge(card, words, amount)
    return shelves
