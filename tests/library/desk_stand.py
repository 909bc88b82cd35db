"""A branch to test against: a real database on disk, a clock that stands still until told, and a few known people."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CategoryId,
    CategoryPolicy,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    ItemTypeId,
    LendingPolicy,
    Loan,
    LoanId,
    LoanRule,
    OpeningHours,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.local import BranchRules, LocalLibrary, PinNeed, PinRules
from kiosk.library.port import Copy, GateFact, GateOrder, GateOutcome, RequestKey
from kiosk.store import Moment, Store, TrustedClock, open_store
from kiosk.store.debts import Debt, DebtKind
from kiosk.store.journal import Entry, EventType
from kiosk.store.patrons import Card
from kiosk.store.seed import Stock, seed

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BOOK, SCORE = ItemTypeId("book"), ItemTypeId("score")
ADULT, CHILD = CategoryId("adult"), CategoryId("child")
CENTRAL, MUSIC = BranchId("central"), BranchId("music")
OWNER, ELSEWHERE = "UA-ZT0001", "PL-KR0007"
ALWAYS_OPEN = OpeningHours(week=((time(9), time(18)),) * 7)
OLENA, TARAS, SOFIIA = PatronId("p-olena"), PatronId("p-taras"), PatronId("p-sofiia")
POLICY = LendingPolicy(
    categories={
        ADULT: CategoryPolicy(
            max_loans=3,
            max_fees=Decimal(50),
            max_overdue=1,
            rules={
                BOOK: LoanRule(days=14, max_loans=3, max_renewals=1, fee_per_day_late=Decimal("0.50")),
                SCORE: LoanRule(days=7, max_loans=2),
            },
        ),
        CHILD: CategoryPolicy(5, Decimal(50), 5, {BOOK: LoanRule(days=14, max_loans=5)}, age_from=6, child=True),
    }
)
RULES = BranchRules(
    branch=CENTRAL,
    policy=POLICY,
    hours=ALWAYS_OPEN,
    owners=frozenset({OWNER}),
    zone=ZoneInfo("Europe/Kyiv"),
    pin=PinRules(needed=PinNeed.NEVER),
    branch_names={CENTRAL: "Центральна", MUSIC: "Музична"},
)


def item(name: str, **changes: Any) -> Item:
    """Make a copy whose barcode and title are called alike: `item("eneida")`."""
    title = Title(TitleId(f"t-{name}"), name.capitalize(), "Author")
    return replace(Item(ItemId(name), title, BOOK, CENTRAL), **changes)


def patron(name: PatronId, **changes: Any) -> Patron:
    short = name.removeprefix("p-")
    made = Patron(name, CardNumber(f"card-{short}"), short.capitalize(), "Bondar", ADULT, CENTRAL)
    return replace(made, **changes)


def hold(who: PatronId, name: str, **changes: Any) -> Hold:
    return replace(Hold(who, TitleId(f"t-{name}"), NOON - timedelta(days=1), CENTRAL), **changes)


def ready(who: PatronId, name: str) -> Hold:
    return hold(who, name, status=HoldStatus.READY, item=ItemId(name))


def loan(who: PatronId, name: str, due: date = TODAY + timedelta(days=3), **changes: Any) -> Loan:
    made = Loan(LoanId(f"l-{name}"), ItemId(name), who, BOOK, NOON - timedelta(days=10), due)
    return replace(made, **changes)


def copy(key: str, name: str, *tags: str, owner: str = OWNER) -> Copy:
    """Lay a copy down: under the request *key*, its tags named after it unless given."""
    uids = tuple(TagUid(tag) for tag in tags) or (TagUid(f"E0-{name}"),)
    return Copy(RequestKey(key), ItemId(name), owner, uids)


def facts(orders: Iterable[GateOrder], outcome: GateOutcome = GateOutcome.DONE) -> tuple[GateFact, ...]:
    return tuple(GateFact(order, outcome) for order in orders)


STOCK = Stock(
    items=(
        item("eneida"),
        item("kobzar"),
        item("zapovit"),
        item("lisova"),
        item("opera", type=SCORE, parts=2),
        item("atlas", status=ItemStatus.NOT_FOR_LOAN),
        item("old", status=ItemStatus.WITHDRAWN),
        item("lost", status=ItemStatus.LOST),
        item("etudes", branch=MUSIC),
    ),
    patrons=(patron(OLENA), patron(TARAS), patron(SOFIIA, category=CHILD, born=date(2017, 5, 1))),
)


@dataclass
class DeskStand:
    """A station's ledger and the library on it. `restart` is a power cut: nothing is said goodbye to."""

    path: Path
    rules: BranchRules = RULES
    stock: Stock = STOCK
    wall: datetime = NOON
    store: Store = field(init=False)
    library: LocalLibrary = field(init=False)

    def __post_init__(self) -> None:
        self._open()
        seed(self.store, self.stock)

    def _open(self) -> None:
        self.store = open_store(self.path)
        seconds = (self.wall - NOON).total_seconds
        self.library = LocalLibrary(self.store, self.rules, TrustedClock(lambda: self.wall, seconds))

    def know(self, **more: Any) -> None:
        seed(self.store, Stock(**more))

    def abide_by(self, rules: BranchRules) -> None:
        self.rules = rules
        self.restart()

    def restart(self) -> None:
        self.store.close()
        self._open()
        self.library.recover()

    def pass_time(self, span: timedelta) -> None:
        """Let time go by; the station is started anew, as it is every night."""
        self.wall += span
        self.restart()

    def lend(self, who: PatronId, laid: Copy) -> tuple[GateOrder, ...]:
        """Lend a copy and clear its tags, as a station does."""
        orders = self.library.checkout(who, (laid,))[0].orders
        self.library.settle(facts(orders))
        return orders

    def give_back(self, laid: Copy, outcome: GateOutcome = GateOutcome.DONE) -> Any:
        begun = self.library.begin_checkin((laid,))[0]
        return self.library.finish_checkin((laid,), facts(begun.orders, outcome))[0]

    # --- looking at the ledger itself -----------------------------------------------------------------

    def loans_of(self, who: PatronId) -> list[str]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return [one.item for one in work.loans.open_of_patron(who)]

    def debts(self) -> list[tuple[DebtKind, str]]:
        return [(debt.kind, debt.tag or debt.item) for debt in self.debts_in_full()]

    def debts_in_full(self) -> tuple[Debt, ...]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return work.debts.all_open()

    def journal(self) -> list[Entry]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return list(work.journal.entries())

    def told(self) -> list[EventType]:
        return [entry.type for entry in self.journal()]

    def item(self, name: str) -> Item:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return work.items.by_id([ItemId(name)])[ItemId(name)]

    def queue(self, name: str) -> tuple[Hold, ...]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return work.holds.queues([TitleId(f"t-{name}")])[TitleId(f"t-{name}")]

    def fees_of(self, who: PatronId) -> Decimal:
        with self.store.reading(Moment(self.wall, 0)) as work:
            found = work.patrons.by_id(who)
        assert found is not None
        return found.fees


def card(number: str | None = None, uid: str = "04AA", *, proven: bool = False) -> CardIdentity:
    return CardIdentity("test", uid, None if number is None else CardNumber(number), proven)


def card_row(who: PatronId, number: str | None = None, **changes: Any) -> Card:
    return replace(Card(who, None if number is None else CardNumber(number)), **changes)
