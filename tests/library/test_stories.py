"""Any story of borrowing, returning, lifting, lying tags and power cuts keeps ledger and gate bits together.

The teller plays the station and the tags: it knows what every tag truly holds, also when it says nothing of it.
A story is told by its seed, so one that fails can be told again.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices import TagUid
from kiosk.library.port import (
    AlreadyYours,
    CheckinBegun,
    Copy,
    GateFact,
    GateOrder,
    GateOutcome,
    Lent,
    RequestKey,
    SettleResult,
)
from kiosk.store import Moment
from tests.library.desk_stand import OLENA, TARAS, DeskStand, copy

COPIES = {"eneida": ("E0-eneida",), "kobzar": ("E0-kobzar",), "opera": ("E0-A", "E0-B"), "mystery": ("E0-mystery",)}
PEOPLE = (OLENA, TARAS)
STORIES, STEPS = 40, 40
LEDGER = ("loans", "intents", "debts", "holds", "journal", "returns", "answers", "patrons")


class Teller:
    """What may happen at a station, one method each; chance chooses. `seen` counts what did happen."""

    def __init__(self, desk: DeskStand, seed: int) -> None:
        self.desk = desk
        self.chance = random.Random(seed)
        self.cleared: set[TagUid] = set()  # the tags as they truly are
        self.given: list[GateOrder] = []  # orders the pad has yet to carry out
        self.untold: list[GateFact] = []  # what the library has yet to hear
        self.asked: list[tuple[Any, ...]] = []
        self.seen: set[object] = set()
        self.keys = 0

    def step(self) -> None:
        likely: dict[Callable[[], None], int] = {
            self.borrow: 4,
            self.set_a_tag: 8,
            self.tell_of_a_tag: 8,
            self.bring_back: 3,
            self.look: 2,
            self.renew: 1,
            self.ask_again: 2,
            self.power_cut: 1,
        }
        (happens,) = self.chance.choices(list(likely), list(likely.values()))
        happens()

    def lay(self) -> tuple[Copy, ...]:
        self.keys += 1
        names = self.chance.sample(sorted(COPIES), self.chance.randint(1, 3))
        return tuple(copy(f"k{self.keys}-{name}", name, *COPIES[name]) for name in names)

    def borrow(self) -> None:
        who, stack = self.chance.choice(PEOPLE), self.lay()
        answers = self.desk.library.checkout(who, stack)
        self.given += [order for answer in answers for order in answer.orders]
        self.asked.append(("checkout", who, stack))
        mine = {answer.copy.item for answer in answers if isinstance(answer, Lent | AlreadyYours)}
        assert mine <= set(self.desk.loans_of(who))

    def set_a_tag(self) -> None:
        if self.given:
            order = self.given.pop(self.chance.randrange(len(self.given)))
            self.untold.append(self.carry_out(order, self.chance.choice(list(GateOutcome))))

    def carry_out(self, order: GateOrder, fate: GateOutcome) -> GateFact:
        """Set the tag, or not. A tag that left, or reads back as nonsense, may have obeyed all the same."""
        if fate is GateOutcome.DONE or (fate is not GateOutcome.LOCKED and self.chance.random() < 0.5):
            (self.cleared.discard if order.armed else self.cleared.add)(order.tag)
        return GateFact(order, fate)

    def tell_of_a_tag(self) -> None:
        """Tell of any tag set before: in any order, and twice now and then."""
        if self.untold:
            fact = self.untold.pop(self.chance.randrange(len(self.untold)))
            settled = self.desk.library.settle((fact,) * self.chance.randint(1, 2))
            self.seen |= {one.result for one in settled}

    def bring_back(self) -> None:
        """One pad does one thing after another: what it was told to do before, it does before."""
        while self.given:
            self.set_a_tag()
        stack = self.lay()
        begun = self.desk.library.begin_checkin(stack)
        orders = [order for one in begun if isinstance(one, CheckinBegun) for order in one.orders]
        facts = tuple(self.carry_out(order, self.chance.choice(list(GateOutcome))) for order in orders)
        for _ in range(self.chance.randint(0, 2)):
            self.seen |= {type(answer) for answer in self.desk.library.finish_checkin(stack, facts)}
        self.asked.append(("begin_checkin", stack))

    def look(self) -> None:
        seen = self.desk.library.recognise(self.lay())
        self.given += [order for one in seen for order in one.orders]

    def renew(self) -> None:
        self.keys += 1
        request = ("renew", self.chance.choice(PEOPLE), (), RequestKey(f"k{self.keys}"))
        self.desk.library.renew(*request[1:])
        self.asked.append(request)

    def ask_again(self) -> None:
        """Any request of the past, once more: not one row of the ledger may change."""
        if self.asked:
            question, *facts = self.chance.choice(self.asked)
            before = self.ledger()
            getattr(self.desk.library, question)(*facts)
            assert self.ledger() == before

    def power_cut(self) -> None:
        """Nothing that was not told by now will ever be told."""
        self.desk.restart()
        self.given.clear()
        self.untold.clear()

    def ledger(self) -> dict[str, list[Any]]:
        def copied(connection: Any) -> dict[str, list[Any]]:
            ask = connection.exec_driver_sql
            return {table: [tuple(row) for row in ask(f"SELECT * FROM {table}")] for table in LEDGER}

        return self.desk.store.look(copied)

    # --- what must hold after every step ----------------------------------------------------------------

    def on_loan(self) -> list[str]:
        return [name for who in PEOPLE for name in self.desk.loans_of(who)]

    def copies_with_two_loans(self) -> set[str]:
        loans = self.on_loan()
        return {name for name in loans if loans.count(name) > 1}

    def tags_that_leave_silently(self) -> set[str]:
        """Cleared with no loan and no debt, and nobody about to say so: the gate would let them pass for nothing."""
        loans = self.on_loan()
        named = {debt.tag or tag for debt in self.desk.debts_in_full() for tag in COPIES[debt.item]}
        about_to_be = {fact.order.tag for fact in self.untold} | {order.tag for order in self.given}
        silent = self.cleared - named - about_to_be
        return {tag for name, tags in COPIES.items() if name not in loans for tag in silent & set(tags)}

    def copies_that_alarm_unnamed(self) -> set[str]:
        """On loan and armed, and no debt says so: the patron would be stopped at the gate for nothing."""
        named = {debt.item for debt in self.desk.debts_in_full()}
        working = {order.item for order in self.given} | {fact.order.item for fact in self.untold}
        armed = {name for name, tags in COPIES.items() if not set(tags) <= self.cleared}
        return (armed & set(self.on_loan())) - named - working - self.returns_under_way()

    def returns_under_way(self) -> set[str]:
        begun = "SELECT item FROM returns WHERE state = 'begun'"
        return self.desk.store.look(lambda connection: set(connection.exec_driver_sql(begun).scalars()))

    def orders_against_the_ledger(self) -> set[str]:
        tags = [TagUid(tag) for tags in COPIES.values() for tag in tags]
        with self.desk.store.reading(Moment(self.desk.wall, 0)) as work:
            clearing = {one.item for one in work.intents.open_on(tags) if not one.armed}
        return clearing - set(self.on_loan())

    def journal_is_whole(self) -> bool:
        with self.desk.store.reading(Moment(self.desk.wall, 0)) as work:
            return work.journal.first_break() is None


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Callable[[int], Teller]]:
    stands = []

    def told_by(seed: int) -> Teller:
        stand = DeskStand(tmp_path / f"{seed}.db")
        stands.append(closing(stand.store))
        return Teller(stand, seed)

    yield told_by
    for stand in stands:
        stand.__exit__(None, None, None)


@pytest.mark.parametrize("seed", range(STORIES))
def test_no_story_parts_the_ledger_from_the_gate(tell: Callable[[int], Teller], seed: int) -> None:
    teller = tell(seed)

    for _ in range(STEPS):
        teller.step()

        assert teller.copies_with_two_loans() == set()
        assert teller.tags_that_leave_silently() == set()
        assert teller.copies_that_alarm_unnamed() == set()
        assert teller.orders_against_the_ledger() == set()

    assert teller.journal_is_whole()


def test_the_stories_go_where_the_risk_is(tell: Callable[[int], Teller]) -> None:
    """A teller that never saw a loan taken back would prove nothing about it."""
    teller = tell(0)

    for _ in range(20 * STEPS):
        teller.step()

    assert teller.seen >= {SettleResult.DONE, SettleResult.VOIDED, SettleResult.OWED}
    assert len(teller.seen) >= 5
