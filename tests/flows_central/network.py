"""A small network for stories: two stations, a centre between bad wires, people who carry books about, and the truth.

The truth is what hands did: who holds which copy. It is kept beside, and asked of nobody.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import debts, events, holds, loans, patrons
from kiosk.circulation.model import CategoryPolicy, ItemId, LendingPolicy, LoanRule, PatronId
from kiosk.library.local import LocalLibrary
from kiosk.library.port import GateOutcome, Lent
from kiosk.store import TrustedClock, open_store
from kiosk.store.seed import Stock
from kiosk.wire.messages import Kind
from tests.central_bench import NETWORK
from tests.library.desk_stand import ADULT, BOOK, CENTRAL, MUSIC, RULES, DeskStand, copy, facts, item, patron
from tests.sync.bad_wire import BadWire, bad_wire
from tests.sync.knowing import know
from tests.sync.served import Calendar, ServedCentre, SpeakingStation

PEOPLE = tuple(PatronId(f"p-{name}") for name in ("olena", "taras", "sofiia", "ivan", "lesia", "marko"))
BOOKS = tuple(f"book-{number}" for number in range(30))
_RULE = LoanRule(days=14, max_loans=20, max_renewals=3, fee_per_day_late=Decimal("0.50"))
POLICY = LendingPolicy(categories={ADULT: CategoryPolicy(20, Decimal(500), 20, {BOOK: _RULE}, max_holds=20)})
STOCK = Stock(
    items=tuple(item(name, branch=CENTRAL if number % 2 else MUSIC) for number, name in enumerate(BOOKS)),
    patrons=tuple(patron(who) for who in PEOPLE),
)


@dataclass
class CalendarDesk(DeskStand):
    """A desk whose clock goes with the calendar of the network."""

    calendar: Calendar = field(default_factory=Calendar)

    def _open(self) -> None:
        self.store = open_store(self.path)
        clock = TrustedClock(self.calendar, self.calendar.seconds, None, lambda: True)
        self.library = LocalLibrary(self.store, self.rules, clock)


@dataclass
class Branch:
    """A station of one branch: its desk, its sync, its wire, and the copies that stand on its shelves."""

    desk: DeskStand
    station: SpeakingStation
    wire: BadWire
    shelf: list[str] = field(default_factory=list)

    @property
    def branch(self) -> str:
        return self.station.identity.branch


@dataclass
class Network:
    """Everything, and what hands did."""

    centre: Centre
    at: ServedCentre
    calendar: Calendar
    branches: tuple[Branch, ...]
    chance: random.Random
    held: dict[str, PatronId] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    numbers: int = 0

    # --- what people do --------------------------------------------------------------------------------

    def live(self, acts: int, speak: float = 0.08, restart: float = 0.03) -> None:
        """Let people come and go; now and then a line works for a while, and a station loses its power."""
        for _ in range(acts):
            self.calendar.pass_time(timedelta(minutes=self.chance.randint(1, 12)))
            here = self.chance.choice(self.branches)
            self._act(here)
            if self.chance.random() < 0.15:
                self._act_at_centre()
            if self.chance.random() < speak:
                self.chance.choice(self.branches).station.speak()
            if self.chance.random() < restart:
                self.cut_power(here)

    def _act(self, here: Branch) -> None:
        self.numbers += 1
        key = f"k{self.numbers}"
        match self.chance.random():
            case luck if luck < 0.45 and here.shelf:
                self.borrow(here, self.chance.choice(PEOPLE), self.chance.choice(here.shelf), key)
            case luck if luck < 0.85 and self.held:
                self.give_back(here, self.chance.choice(sorted(self.held)), key)
            case luck if luck < 0.9 and self.held:
                who = self.chance.choice(sorted(self.held.values()))
                self.done["renewed"] += len(here.desk.library.renew(who, (), key))
            case _:
                self._carry(here)

    def borrow(self, here: Branch, who: PatronId, name: str, key: str) -> None:
        (answer,) = here.desk.library.checkout(who, (copy(key, name),))
        if not isinstance(answer, Lent):
            here.desk.library.settle(facts(answer.orders))
            self.done["refused"] += 1
            return
        here.desk.library.settle(facts(answer.orders))
        here.shelf.remove(name)
        self.held[name] = who
        self.done["lent"] += 1

    def give_back(self, here: Branch, name: str, key: str) -> None:
        stubborn = self.chance.random() < 0.1
        here.desk.give_back(copy(key, name), GateOutcome.LOCKED if stubborn else GateOutcome.DONE)
        del self.held[name]
        here.shelf.append(name)
        self.done["returned"] += 1

    def _carry(self, here: Branch) -> None:
        """A van takes a copy to the other branch; nobody tells any computer."""
        other = next(branch for branch in self.branches if branch is not here)
        if here.shelf:
            name = self.chance.choice(here.shelf)
            here.shelf.remove(name)
            other.shelf.append(name)
            self.done["carried"] += 1

    def _act_at_centre(self) -> None:
        """Somebody places a hold on the catalogue page or gives one up, or a librarian shuts a card or opens it."""
        who, name = self.chance.choice(PEOPLE), self.chance.choice(BOOKS)
        self.numbers += 1
        act = self.chance.choice((self._place, self._give_up, self._shut_or_open))
        self.centre.carry_out(lambda work: act(work, who, f"t-{name}"))

    def _place(self, work: Connection, who: str, title: str) -> None:
        own = (holds.c.network == NETWORK) & (holds.c.patron == who) & (holds.c.title == title)
        if work.execute(select(holds.c.id).where(own, holds.c.closed_at.is_(None))).first() is None:
            key = f"h{self.numbers}"
            row = {"network": NETWORK, "id": key, "patron": who, "title": title, "placed_at": self.calendar.now}
            work.execute(insert(holds).values(**row, pickup=CENTRAL, status="waiting"))
            touch(work, NETWORK, Kind.HOLD, [key])
            self.done["placed"] += 1

    def _give_up(self, work: Connection, who: str, title: str) -> None:
        own = (holds.c.network == NETWORK) & (holds.c.patron == who) & holds.c.closed_at.is_(None)
        for key in work.execute(select(holds.c.id).where(own)).scalars().all():
            work.execute(
                update(holds).where(holds.c.network == NETWORK, holds.c.id == key).values(closed_at=self.calendar.now)
            )
            touch(work, NETWORK, Kind.HOLD, [key])
            self.done["given up"] += 1

    def _shut_or_open(self, work: Connection, who: str, title: str) -> None:
        status = self.chance.choice(("blocked", "active", "active"))
        work.execute(
            update(patrons).where(patrons.c.network == NETWORK, patrons.c.id == who).values(card_status=status)
        )
        touch(work, NETWORK, Kind.PATRON, [who])

    def cut_power(self, here: Branch) -> None:
        here.station.hang_up()
        here.desk.restart()
        here.station.restart(here.desk.store)
        self.done["power cuts"] += 1

    # --- in the end ------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Mend the wires and let everybody speak until nobody has anything more to say."""
        for here in self.branches:
            here.wire.quiet()
        for _ in range(4):
            for here in self.branches:
                assert here.station.speak(tries=8), here.station.faults[-3:]

    def journal_of(self, here: Branch) -> dict[tuple[str, int], str]:
        return {(entry.epoch, entry.seq): entry.hash for entry in here.desk.journal()}

    def events_of(self, here: Branch) -> dict[tuple[str, int], str]:
        wanted = select(events.c.epoch, events.c.seq, events.c.hash).where(
            events.c.network == NETWORK, events.c.station == here.station.name
        )
        rows = self.ask(wanted)
        assert len(rows) == len({row[:2] for row in rows})
        return {(epoch, seq): hash_ for epoch, seq, hash_ in rows}

    def on_loan_at_centre(self) -> dict[str, str]:
        wanted = select(loans.c.item, loans.c.patron).where(loans.c.network == NETWORK, loans.c.state == "open")
        rows = self.ask(wanted)
        assert len(rows) == len(dict(rows))
        return dict(rows)

    def on_loan_at(self, here: Branch) -> dict[str, str]:
        return {name: who for who in PEOPLE for name in here.desk.loans_of(who)}

    def fees_at_centre(self) -> dict[str, Decimal]:
        return dict(self.ask(select(patrons.c.id, patrons.c.fees).where(patrons.c.network == NETWORK)))

    def waiting_at(self, here: Branch) -> set[tuple[str, str, str, str | None]]:
        queues = (here.desk.queue(name) for name in BOOKS)
        return {(one.patron, one.title, one.status.value, one.item) for queue in queues for one in queue}

    def waiting_at_centre(self) -> set[tuple[str, str, str, str | None]]:
        wanted = select(holds.c.patron, holds.c.title, holds.c.status, holds.c.item).where(
            holds.c.network == NETWORK, holds.c.closed_at.is_(None)
        )
        return set(self.ask(wanted))

    def gate_debts_at_centre(self) -> set[tuple[str, str]]:
        wanted = select(debts.c.tag, debts.c.kind).where(
            debts.c.network == NETWORK, debts.c.closed.is_(None), debts.c.kind.like("gate-%")
        )
        return set(self.ask(wanted))

    def gate_debts_at(self, here: Branch) -> set[tuple[str, str]]:
        return {(debt.tag, debt.kind.value) for debt in here.desk.debts_in_full() if debt.kind.startswith("gate-")}

    def ask(self, question: Any) -> list[Any]:
        return [tuple(row) for row in self.centre.look(lambda work: work.execute(question).all())]


@contextmanager
def network(centre: Centre, folder: Path, seed: int) -> Iterator[Network]:
    """Build it: everybody enrolled, every list at the centre, nothing at the stations yet but what they are told."""
    calendar = Calendar()
    centre.now = calendar
    know(centre, STOCK)
    with ExitStack() as stack:
        at = ServedCentre(centre)
        stack.callback(at.switch_off)
        branches = []
        for number, name in enumerate(("central.hall", "music.hall")):
            wire = stack.enter_context(bad_wire(at.port, seed * 10 + number))
            rules = replace(RULES, branch=CENTRAL if number == 0 else MUSIC, policy=POLICY)
            desk = CalendarDesk(folder / f"{name}.db", rules=rules, stock=Stock(), calendar=calendar)
            station = SpeakingStation(desk.store, wire.url, folder, name=name, calendar=calendar)
            station.known_to(centre)
            branch = Branch(desk, station, wire)
            branch.shelf = [one for index, one in enumerate(BOOKS) if index % 2 != number]
            stack.callback(lambda branch=branch: (branch.station.hang_up(), branch.desk.store.close()))
            branches.append(branch)
        one = Network(centre, at, calendar, tuple(branches), random.Random(seed))
        for branch in branches:
            assert branch.station.speak(tries=30), branch.station.faults
        yield one


def holds_everywhere(net: Network) -> None:
    """Check that nothing was lost, nothing doubled, and everybody says the same."""
    for here in net.branches:
        assert net.events_of(here) == net.journal_of(here)
    assert net.on_loan_at_centre() == net.held
    for here in net.branches:
        assert net.on_loan_at(here) == net.held
        assert {who: here.desk.fees_of(who) for who in PEOPLE} == net.fees_at_centre()
        assert net.waiting_at(here) == net.waiting_at_centre()
        assert net.gate_debts_at(here) == net.gate_debts_at_centre()
    assert all(ItemId(name) in BOOKS for name in net.held)
