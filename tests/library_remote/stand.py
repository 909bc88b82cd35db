"""A station's ledger before another library system: what both hold, and power cuts between any two steps."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.circulation.model import CardNumber, ItemId, PatronId
from kiosk.library.local import PinNeed, PinRules
from kiosk.library.port import GateOutcome, Identified
from kiosk.library.remote.library import RemoteLibrary
from kiosk.library.remote.line import Terms, WhenSilent
from kiosk.library.remote.system import PatronSeen
from kiosk.store import Moment, Store, TrustedClock, open_store
from kiosk.store.debts import DebtKind
from kiosk.store.dispatches import Dispatch
from tests.library.desk_stand import NOON, RULES, card, copy, facts
from tests.library_remote.fake_system import FakeSystem

OLENA, TARAS = CardNumber("20001"), CardNumber("20002")
TITLES = {"b1": "Енеїда", "b2": "Кобзар", "b3": "Лісова пісня", "b4": "Захар Беркут"}


def system() -> FakeSystem:
    people = {
        OLENA: PatronSeen(OLENA, known=True, name="Коваль, Олена", born=date(1990, 5, 1)),
        TARAS: PatronSeen(TARAS, known=True, name="Тарас Бойко", born=date(2018, 5, 1)),
    }
    titles = {ItemId(item): title for item, title in TITLES.items()}
    return FakeSystem(titles, people, pins={OLENA: "1234", TARAS: "4321"})


@dataclass
class RemoteStand:
    """`restart` is a power cut. Time stands still unless `pass_time` lets it go by."""

    path: Path
    terms: Terms = field(default_factory=Terms)
    pin: PinRules = field(default_factory=lambda: PinRules(PinNeed.NEVER))
    system: FakeSystem = field(default_factory=system)
    wall: datetime = NOON
    store: Store = field(init=False)
    library: RemoteLibrary = field(init=False)

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self.store = open_store(self.path)

        def seconds() -> float:
            return (self.wall - NOON).total_seconds()

        rules = replace(RULES, pin=self.pin)
        clock = TrustedClock(lambda: self.wall, seconds)
        self.library = RemoteLibrary(self.store, rules, self.system, self.terms, clock, seconds)

    def restart(self) -> None:
        self.store.close()
        self._open()
        self.library.recover()

    def lends_when_silent(self) -> None:
        self.terms = Terms(WhenSilent.BOTH, days=10, max_loans=2)
        self.restart()

    def pass_time(self, seconds: float = 40) -> None:
        """Let time go by with nobody there: the library keeps in touch."""
        while self.system.late:
            self.system.late.pop(0)()  # no system is busy with one request for as long as that
        self.wall += timedelta(seconds=seconds)
        self.library.pulse()

    def enter(self, number: CardNumber = OLENA) -> PatronId:
        answer = self.library.identify(card(number))
        assert isinstance(answer, Identified)
        return answer.patron

    def lend(self, who: PatronId, key: str, name: str) -> Any:
        """Lend a copy and clear its tags, as a station does."""
        (answer,) = self.library.checkout(who, (copy(key, name),))
        if answer.orders:
            self.library.settle(facts(answer.orders))
        return answer

    def give_back(self, key: str, name: str, outcome: GateOutcome = GateOutcome.DONE) -> Any:
        laid = copy(key, name)
        begun = self.library.begin_checkin((laid,))[0]
        return self.library.finish_checkin((laid,), facts(begun.orders, outcome))[0]

    # --- looking at both sides ------------------------------------------------------------------------

    def on_loan_here(self) -> set[str]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return set(work.loans.open_of_items([ItemId(item) for item in TITLES]))

    def on_loan_there(self) -> set[str]:
        return set(self.system.loans)

    def waiting(self) -> tuple[Dispatch, ...]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return work.dispatches.waiting()

    def debts(self) -> list[tuple[DebtKind, str]]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return [(debt.kind, debt.tag or debt.item) for debt in work.debts.all_open()]
