"""Hand-written stand-ins for unit tests of the station: a library and a pad in memory. No part of the product."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from kiosk.circulation.model import BranchId, ItemId, LoanId, PatronId, Reason, Refusal, TitleId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import (
    Account,
    AlreadyYours,
    CheckinAnswer,
    CheckinBegun,
    CheckinNote,
    CheckoutAnswer,
    Copy,
    GateFact,
    GateOrder,
    GateOutcome,
    HoldAnswer,
    HoldCancelled,
    HoldNotPlaced,
    HoldPlaced,
    Identified,
    Lent,
    LibraryUnreachable,
    LoanLine,
    NotLent,
    NotTaken,
    OrderId,
    PinRight,
    PinWrong,
    Readiness,
    Recognised,
    Renewed,
    RequestKey,
    Returned,
    ReturnPending,
    Settled,
    SettleResult,
    TagReading,
    Unwelcome,
    VisitFacts,
    WantedReceipt,
    Whereabouts,
    Words,
)

DUE = date(2026, 12, 14)


@dataclass
class FakeLibrary:
    """A library in memory that keeps the promises of the port. `silent` makes every question fail."""

    patrons: dict[str, Identified] = field(default_factory=dict)
    on_loan: dict[ItemId, PatronId] = field(default_factory=dict)
    refused: dict[ItemId, Refusal] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=lambda: {"XX-1"})
    pins: dict[PatronId, str] = field(default_factory=dict)
    orders: dict[OrderId, GateOrder] = field(default_factory=dict)
    returning: set[ItemId] = field(default_factory=set)
    debts: set[OrderId] = field(default_factory=set)
    repairs: set[OrderId] = field(default_factory=set)
    voided: set[ItemId] = field(default_factory=set)
    uncleared: set[ItemId] = field(default_factory=set)
    armed: set[OrderId] = field(default_factory=set)
    untagged: set[ItemId] = field(default_factory=set)
    silent: bool = False
    tidied: int = 0
    pulses: int = 0
    readiness: Readiness = field(default_factory=Readiness)
    held: list[tuple[PatronId, TitleId]] = field(default_factory=list)
    visits: list[VisitFacts] = field(default_factory=list)
    readings: list[TagReading] = field(default_factory=list)
    wanted: list[WantedReceipt] = field(default_factory=list)

    def _listen(self) -> None:
        if self.silent:
            raise LibraryUnreachable("the library is silent")

    def identify(self, card: CardIdentity) -> Identified | Unwelcome:
        self._listen()
        known = self.patrons.get(card.uid or card.number or "")
        return known if known is not None else Unwelcome((Reason(Refusal.CARD_UNKNOWN),))

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong:
        self._listen()
        return PinRight() if self.pins.get(patron) == pin else PinWrong(2)

    def account(self, patron: PatronId) -> Account:
        self._listen()
        mine = tuple(item for item, who in self.on_loan.items() if who == patron)
        lines = tuple(LoanLine(LoanId(f"loan-{item}"), item, item, "", DUE, False, 2) for item in mine)
        return Account(lines, (), Decimal(0), 10)

    def recognise(self, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
        self._listen()
        return tuple(Recognised(copy, self._where(copy), Words(copy.item), self._owed(copy)) for copy in copies)

    def _owed(self, copy: Copy) -> tuple[GateOrder, ...]:
        """What is open on a copy: its loan was taken back, so it is to be armed; or lent, and never seen cleared."""
        if copy.item in self.voided:
            return self._order(copy, armed=True)
        return self._order(copy, armed=False) if copy.item in self.uncleared else ()

    def _where(self, copy: Copy) -> Whereabouts:
        if copy.owner in self.foreign:
            return Whereabouts.FOREIGN
        if copy.item in self.returning:
            return Whereabouts.RETURN_UNFINISHED
        return Whereabouts.ON_LOAN if copy.item in self.on_loan else Whereabouts.IN_STOCK

    def checkout(self, patron: PatronId, copies: tuple[Copy, ...]) -> tuple[CheckoutAnswer, ...]:
        self._listen()
        return tuple(self._lend(patron, copy) for copy in copies)

    def _lend(self, patron: PatronId, copy: Copy) -> CheckoutAnswer:
        words, loan = Words(copy.item), LoanId(f"loan-{copy.item}")
        if copy.owner in self.foreign:
            return NotLent(copy, None, (Reason(Refusal.FOREIGN_TAG),))
        if copy.item in self.refused:
            return NotLent(copy, words, (Reason(self.refused[copy.item]),))
        holder = self.on_loan.get(copy.item)
        if holder == patron:
            return AlreadyYours(copy, words, loan, DUE, self._grown(copy))
        if holder is not None:
            return NotLent(copy, words, (Reason(Refusal.ON_LOAN_TO_ANOTHER),))
        self.on_loan[copy.item] = patron
        if not copy.tags:
            self.untagged.add(copy.item)
        return Lent(copy, words, loan, DUE, self._order(copy, armed=False))

    def _grown(self, copy: Copy) -> tuple[GateOrder, ...]:
        """Orders for the tags of a copy lent here that nobody saw when it was lent."""
        cleared = {order.tag for order in self.orders.values() if order.item == copy.item and not order.armed}
        unseen = tuple(tag for tag in copy.tags if tag not in cleared)
        orders = self._order(replace(copy, tags=unseen), armed=False) if cleared or copy.item in self.untagged else ()
        self.repairs.update(order.id for order in orders)
        return orders

    def _order(self, copy: Copy, *, armed: bool) -> tuple[GateOrder, ...]:
        names = {tag: OrderId(f"{copy.key}-{tag}-{'arm' if armed else 'clear'}") for tag in copy.tags}
        made = tuple(GateOrder(name, tag, copy.item, armed) for tag, name in names.items())
        self.orders.update({order.id: order for order in made})
        return made

    def begin_checkin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        self._listen()
        return tuple(self._begin(copy) for copy in copies)

    def _begin(self, copy: Copy) -> CheckinBegun | NotTaken:
        if copy.owner in self.foreign:
            return NotTaken(copy, None, (Reason(Refusal.FOREIGN_TAG),))
        self.returning.add(copy.item)
        if not copy.tags:
            self.untagged.add(copy.item)
        return CheckinBegun(copy, Words(copy.item), self._order(copy, armed=True))

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        self._listen()
        if any(fact.outcome is GateOutcome.GONE for fact in facts):
            return tuple(ReturnPending(copy, Words(copy.item)) for copy in copies)
        notes = () if all(fact.outcome is GateOutcome.DONE for fact in facts) else (CheckinNote.GATE_OWED,)
        for copy in copies:
            self.returning.discard(copy.item)
            self.on_loan.pop(copy.item, None)
        return tuple(Returned(copy, Words(copy.item), notes) for copy in copies)

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        self._listen()
        return tuple(self._settled(fact) for fact in facts)

    def _settled(self, fact: GateFact) -> Settled:
        match fact.outcome:
            case GateOutcome.DONE:
                self.debts.discard(fact.order.id)
                self._conclude(fact.order)
                return Settled(fact.order, SettleResult.DONE)
            case GateOutcome.GONE:
                self.debts.add(fact.order.id)
                return Settled(fact.order, SettleResult.OWED)
            case _ if fact.order.id in self.repairs:
                self.debts.add(fact.order.id)
                return Settled(fact.order, SettleResult.OWED)
            case _:
                self.on_loan.pop(fact.order.item, None)
                self.voided.add(fact.order.item)
                return Settled(fact.order, SettleResult.VOIDED)

    def _conclude(self, order: GateOrder) -> None:
        """Commit a begun return with the last of its tags."""
        self.armed.add(order.id)
        wanted = {one.id for one in self.orders.values() if one.item == order.item and one.armed}
        if order.item in self.returning and wanted <= self.armed:
            self.returning.discard(order.item)
            self.on_loan.pop(order.item, None)

    def want_receipt(self, receipt: WantedReceipt) -> None:
        self._listen()
        self.wanted.append(receipt)

    def note_visit(self, visit: VisitFacts) -> None:
        self._listen()
        self.visits.append(visit)

    def heed(self, beat: Callable[[], None]) -> None:
        self.beat = beat

    def pulse(self) -> Readiness:
        self._listen()
        self.pulses += 1
        return self.readiness

    def note_tags(self, readings: tuple[TagReading, ...]) -> None:
        self._listen()
        self.readings += readings

    def tidy(self) -> None:
        self._listen()
        self.tidied += 1

    def place_hold(self, patron: PatronId, title: TitleId, pickup: BranchId | None, key: RequestKey) -> HoldAnswer:
        self._listen()
        words = Words(title)
        if (patron, title) in self.held:
            return HoldNotPlaced(title, words, (Reason(Refusal.ALREADY_HELD),))
        self.held.append((patron, title))
        return HoldPlaced(title, words, sum(name == title for _, name in self.held), pickup or "here")

    def cancel_hold(self, patron: PatronId, title: TitleId, key: RequestKey) -> HoldCancelled:
        self._listen()
        if (patron, title) in self.held:
            self.held.remove((patron, title))
        return HoldCancelled(title)

    def renew(self, patron: PatronId, loans: tuple[LoanId, ...], key: RequestKey) -> tuple[Renewed, ...]:
        self._listen()
        mine = tuple(LoanId(f"loan-{item}") for item, who in self.on_loan.items() if who == patron)
        return tuple(Renewed(loan, DUE) for loan in loans or mine)


@dataclass(frozen=True)
class FakeTag:
    """A tag in a fake field: which copy it says it is, and its gate bit."""

    uid: TagUid
    item: str
    owner: str = "UA-ZT0001"
    parts: int = 1
    part: int = 1
    armed: bool = True
    locked: bool = False

    def with_gate(self, *, armed: bool) -> "FakeTag":
        return self if self.locked else replace(self, armed=armed)
