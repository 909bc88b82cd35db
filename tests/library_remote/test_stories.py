"""Any story of loans, returns, lost answers, silence and power cuts leaves ledger, tags and the other system agreeing.

The teller knows what every tag truly holds. A story is told by its seed, so one that fails can be told again.
"""

import random
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.circulation.model import ItemId
from kiosk.devices import TagUid
from kiosk.library.port import CheckinBegun, GateFact, GateOrder, GateOutcome, LibraryUnreachable, Returned
from kiosk.library.remote.line import Terms, WhenSilent
from tests.library.desk_stand import card, copy
from tests.library_remote.fake_system import Fault, PowerCut
from tests.library_remote.stand import OLENA, TARAS, TITLES, RemoteStand

STORIES, STEPS = 40, 30


class Teller:
    """What may happen at a station before another system, one method each; chance chooses."""

    def __init__(self, stand: RemoteStand, seed: int) -> None:
        self.stand = stand
        self.chance = random.Random(seed)
        self.cleared: set[TagUid] = set()
        self.keys = 0
        self.seen: Counter[str] = Counter()

    def step(self) -> None:
        trouble = self.chance.random()
        if trouble < 0.5:
            faults = self.chance.choices(list(Fault), [6, 2, 2, 2, 1, 1], k=8)
            self.stand.system.faults = faults
        self.stand.system.down = trouble > 0.85
        happens = self.chance.choice([self.borrow, self.borrow, self.bring_back, self.pause])
        try:
            happens()
        except PowerCut:
            self.seen["power cut"] += 1
            self.stand.restart()
        except LibraryUnreachable:
            self.seen["unreachable"] += 1
        self.stand.system.faults = []

    def _key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def _set(self, orders: tuple[GateOrder, ...]) -> tuple[GateFact, ...]:
        """Set the tags as ordered, unless one is locked or taken away."""
        facts = []
        for order in orders:
            outcome = self.chance.choices([GateOutcome.DONE, GateOutcome.LOCKED, GateOutcome.GONE], [8, 1, 1])[0]
            if outcome is GateOutcome.DONE:
                (self.cleared.discard if order.armed else self.cleared.add)(order.tag)
            facts.append(GateFact(order, outcome))
        return tuple(facts)

    def borrow(self) -> None:
        answer = self.stand.library.identify(card(self.chance.choice([OLENA, TARAS])))
        names = self.chance.sample(sorted(TITLES), k=self.chance.randint(1, 3))
        answers = self.stand.library.checkout(answer.patron, tuple(copy(self._key(), name) for name in names))  # type: ignore[union-attr]
        for one in answers:
            self.seen[type(one).__name__] += 1
            if one.orders:
                self.stand.library.settle(self._set(one.orders))

    def bring_back(self) -> None:
        laid = copy(self._key(), self.chance.choice(sorted(TITLES)))
        (begun,) = self.stand.library.begin_checkin((laid,))
        if isinstance(begun, CheckinBegun):
            (done,) = self.stand.library.finish_checkin((laid,), self._set(begun.orders))
            self.seen[type(done).__name__] += 1

    def pause(self) -> None:
        self.stand.pass_time()
        self.seen["pause"] += 1

    def end_well(self) -> None:
        """Everything works again: what waits is told, and each copy is laid down once more, which mends its bits."""
        self.stand.system.down = False
        for _ in range(8):
            self.stand.pass_time()
        for name in TITLES:
            (known,) = self.stand.library.recognise((copy(self._key(), name),))
            self.stand.library.settle(tuple(GateFact(order, GateOutcome.DONE) for order in known.orders))
            for order in known.orders:
                (self.cleared.discard if order.armed else self.cleared.add)(order.tag)
        for _ in range(3):
            self.stand.pass_time()


def _tell(path: Path, seed: int, mode: WhenSilent) -> Teller:
    stand = RemoteStand(path, Terms(mode, days=10, max_loans=3))
    with closing(stand.store):
        teller = Teller(stand, seed)
        for _ in range(STEPS):
            teller.step()
        teller.end_well()
        here, there = stand.on_loan_here(), stand.on_loan_there()
        disputed = {item for kind, item in stand.debts() if kind == "system-refused"}
        assert stand.waiting() == ()
        assert here - disputed == there - disputed, "the ledger and the system agree, or a debt says where they do not"
        assert stand.system.renewed == [], "a lost answer never became a renewal"
        unfinished = {item for kind, item in stand.debts() if kind == "return-unfinished"}
        for tag in teller.cleared:
            item = ItemId(tag.removeprefix("E0-"))
            assert item in here | unfinished, f"{tag} is silent at the gate, and nobody has it on loan"
        return teller


@pytest.mark.parametrize("mode", list(WhenSilent))
@pytest.mark.parametrize("seed", range(STORIES // 2))
def test_no_story_parts_the_ledger_from_the_system(tmp_path: Path, seed: int, mode: WhenSilent) -> None:
    _tell(tmp_path / "station.db", seed, mode)


def test_the_stories_go_where_the_risk_is(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(6):
        seen += _tell(tmp_path / f"{seed}.db", seed, list(WhenSilent)[seed % 3]).seen

    wanted = {
        "Lent",
        "NotLent",
        "AlreadyYours",
        Returned.__name__,
        "power cut",
        "unreachable",
        "pause",
        "ReturnPending",
    }
    assert wanted <= set(seen), wanted - set(seen)
