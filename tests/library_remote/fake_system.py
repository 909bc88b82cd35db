"""Another library system in memory, as careless as real ones: a checkout of a copy the patron has is a renewal."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from kiosk.circulation.model import BranchId, CardNumber, ItemId
from kiosk.library.remote.system import (
    AccountSeen,
    HoldSaid,
    HoldSeen,
    ItemSeen,
    LoanSaid,
    OutcomePending,
    OutcomeUnknown,
    PatronSeen,
    RenewalSaid,
    ReturnSaid,
    Services,
    SystemSilent,
    Who,
)

TODAY = date(2026, 3, 2)
TERM = timedelta(days=28)


class Fault(Enum):
    NONE = auto()
    SILENT = auto()  # cannot be asked
    LOST_BEFORE = auto()  # the request is lost on its way
    LOST_AFTER = auto()  # the answer is lost on its way
    LATE = auto()  # no answer comes, and the request is carried out after the next look
    CUT = auto()  # the station loses its power while the answer is on its way


class PowerCut(BaseException):
    """The program ends here; nothing catches it."""


@dataclass
class FakeSystem:
    """`faults` befall the next requests, one each; `down` is every request's. `asked` is what was heard, in order."""

    titles: dict[ItemId, str]
    people: dict[CardNumber, PatronSeen]
    pins: dict[CardNumber, str] = field(default_factory=dict)
    loans: dict[ItemId, tuple[CardNumber, date]] = field(default_factory=dict)
    refuses: dict[ItemId, str] = field(default_factory=dict)
    kept_in: set[ItemId] = field(default_factory=set)
    held: dict[ItemId, ReturnSaid] = field(default_factory=dict)
    waiting: list[tuple[CardNumber, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    down: bool = False
    names_barcodes: bool = True
    renewed: list[ItemId] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    late: list[Callable[[], object]] = field(default_factory=list)
    looked: int = 0
    known_by: dict[CardNumber, CardNumber] = field(default_factory=dict)

    def _question(self) -> None:
        """Hear a question that changes nothing; a lost answer to one is plain silence."""
        fault = self.faults.pop(0) if self.faults else Fault.NONE
        if fault is Fault.CUT:
            raise PowerCut
        if self.down or fault is not Fault.NONE:
            raise SystemSilent("the line is dead")
        self.looked += 1
        if self.late and self.looked > 3:
            self.late.pop(0)()

    def _request(self, word: str) -> Fault:
        fault = self.faults.pop(0) if self.faults else Fault.NONE
        if self.down or fault is Fault.SILENT:
            raise SystemSilent("the line is dead")
        self.asked.append(word)
        if fault is Fault.LOST_BEFORE:
            raise OutcomeUnknown("no answer came")
        return fault

    def _answer(self, fault: Fault) -> None:
        if fault is Fault.CUT:
            raise PowerCut
        if fault in (Fault.LOST_AFTER, Fault.LATE):
            raise OutcomeUnknown("no answer came")

    def heed(self, beat: Callable[[], None]) -> None:
        self.beat = beat

    def pulse(self) -> Services:
        self._question()
        return Services(online=True, lends=True, takes_back=True)

    def _card(self, who: Who) -> CardNumber:
        return self.known_by.get(who.card, who.card)

    def patron(self, who: Who) -> PatronSeen:
        self._question()
        card = self._card(who)
        if card not in self.people:
            return PatronSeen(card, known=False)
        right = None if who.pin is None else self.pins.get(card) == who.pin
        return replace(self.people[card], pin_right=right)

    def account(self, who: Who) -> AccountSeen:
        self._question()
        card = self._card(who)
        loans = tuple(self._seen(item) for item, (whose, _) in self.loans.items() if whose == card)
        holds = tuple(HoldSeen(key, key, ready=False, place=1) for whose, key in self.waiting if whose == card)
        return AccountSeen(self.people[card], loans, holds)

    def charged(self, who: Who) -> frozenset[ItemId] | None:
        self._question()
        if not self.names_barcodes:
            return None
        return frozenset(item for item, (whose, _) in self.loans.items() if whose == self._card(who))

    def item(self, item: ItemId) -> ItemSeen:
        self._question()
        return self._seen(item)

    def _seen(self, item: ItemId) -> ItemSeen:
        if item not in self.titles:
            return ItemSeen(item, known=False)
        due = self.loans[item][1] if item in self.loans else None
        return ItemSeen(item, known=True, title=self.titles[item], on_loan=item in self.loans, due=due)

    def lend(self, who: Who, item: ItemId) -> LoanSaid:
        fault = self._request(f"lend {item}")
        if fault is Fault.LATE:
            self.looked = 0
            self.late.append(lambda: self._lend(self._card(who), item))
            raise OutcomePending("no answer came")
        said = self._lend(self._card(who), item)
        self._answer(fault)
        return said

    def _lend(self, card: CardNumber, item: ItemId) -> LoanSaid:
        title = self.titles.get(item, "")
        has = self.loans.get(item)
        if item in self.refuses or item not in self.titles or (has is not None and has[0] != card):
            return LoanSaid(lent=False, item=item, title=title, said=(self.refuses.get(item, "no"),))
        if has is not None:
            self.renewed.append(item)
        due = TODAY + TERM if has is None else has[1] + TERM
        self.loans[item] = (card, due)
        return LoanSaid(True, item, title, due, may_leave=item not in self.kept_in, renewed=has is not None)

    def take_back(self, item: ItemId, returned_at: datetime, *, cancels: bool = False) -> ReturnSaid:
        assert returned_at.tzinfo is not None
        fault = self._request(f"{'cancel' if cancels else 'take back'} {item}")
        known = item in self.titles
        self.loans.pop(item, None)
        said = self.held.get(item, ReturnSaid(known, item, self.titles.get(item, "")))
        self._answer(fault)
        return said

    def renew(self, who: Who, item: ItemId) -> RenewalSaid:
        fault = self._request(f"renew {item}")
        has = self.loans.get(item)
        if has is None or has[0] != self._card(who) or item in self.refuses:
            return RenewalSaid(False, item, said=(self.refuses.get(item, "no"),))
        due = has[1] + TERM
        self.loans[item] = (has[0], due)
        self.renewed.append(item)
        self._answer(fault)
        return RenewalSaid(True, item, due)

    def place_hold(self, who: Who, key: str, pickup: BranchId) -> HoldSaid:
        fault = self._request(f"hold {key} at {pickup}")
        if (self._card(who), key) in self.waiting:
            return HoldSaid(False, said=("waits already",))
        self.waiting.append((self._card(who), key))
        self._answer(fault)
        return HoldSaid(True, place=1)

    def cancel_hold(self, who: Who, key: str) -> HoldSaid:
        fault = self._request(f"unhold {key}")
        waits = (self._card(who), key) in self.waiting
        if waits:
            self.waiting.remove((self._card(who), key))
        self._answer(fault)
        return HoldSaid(waits)

    def goodbye(self, who: Who) -> None:
        self._question()
        self.asked.append("goodbye")

    def close(self) -> None:
        self.asked.append("close")
