"""Days on which anything may fail at any message, by seeds: in the evening the station and the library agree."""

import random
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from kiosk.circulation.model import CardNumber
from kiosk.library.port import LibraryUnreachable, RequestKey
from kiosk.library.remote.line import Terms, WhenSilent
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.client_stand import client_of
from tests.sip2_simulator.terminal import running
from tests.sip2_simulator.test_ledgers_agree import RealStand, items, let_time_go_by

PEOPLE = ("P0002", "P0001", "P0006", "P0013")
FAULTS = (
    *("lost-after", "lost-before", "closed-after", "closed-before", "cut", "glued", "late", "noise", "garbage", "text"),
    *("bad-checksum", "bad-sequence", "resend", "slow 0.05", "stalled 0.05", "slow 0.3", "missing AQ,CK", "restart"),
)
DEEDS = ("lend", "lend", "give back", "give back", "renew", "power cut", "quiet")
STEPS = 25


class Day:
    """One seed's day at a station. `wished` counts the renewals somebody asked for, by copy."""

    def __init__(self, seed: int, stand: RealStand, system: SimulatedSystem) -> None:
        self.chance, self.stand, self.system = random.Random(seed), stand, system
        self.stock = list(items())[:8]
        self.wished = dict.fromkeys(self.stock, 0)

    def go_by(self) -> None:
        for number in range(STEPS):
            if self.chance.random() < 0.5:
                where = self.chance.choice(("11", "09", "29", "63", "17", "99"))
                self.system.fault(f"{self.chance.choice(FAULTS)} on {where}")
            with suppress(LibraryUnreachable):  # said on the screen; the patron goes to staff
                self._one(self.chance.choice(DEEDS), self.chance.choice(self.stock), f"k{number}")
            if self.chance.random() < 0.7:
                self.system.mend()
        self.system.mend()
        let_time_go_by(self.stand)

    def _one(self, deed: str, item: str, key: str) -> None:
        match deed:
            case "lend":
                self.stand.lend(self._somebody(), key, item)
            case "give back":
                self.stand.give_back(key, item)
            case "renew":
                self._renew(key)
            case "power cut":
                self.stand.restart()
            case _:
                self.stand.pass_time(self.chance.choice((5, 40, 200)))

    def _somebody(self) -> str:
        return self.stand.enter(CardNumber(self.chance.choice(PEOPLE)))

    def _renew(self, key: str) -> None:
        patron = self._somebody()
        for line in self.stand.library.account(patron).loans[:1]:
            self.wished[line.item] = self.wished.get(line.item, 0) + 1
            self.stand.library.renew(patron, (line.loan,), RequestKey(key))

    def on_loan_there(self) -> set[str]:
        return {loan.item for loan in self.system.library.loans} & set(self.stock)

    def renewed(self) -> Iterator[tuple[str, int]]:
        done = [deed.item for deed in self.system.library.deeds if deed.what == "renew"]
        return ((item, done.count(item)) for item in self.stock)


@pytest.mark.parametrize("seed", range(3))
def test_both_agree_in_the_evening(seed: int, tmp_path: Path) -> None:
    with running("koha", seed=seed) as system, closing(client_of(system, "koha")) as client:
        stand = RealStand(tmp_path / "station.db", Terms(WhenSilent.RETURNS), system=client)
        day = Day(seed, stand, system)
        day.go_by()

        assert stand.waiting() == ()
        assert stand.debts() == []
        assert stand.on_loan_among(day.stock) == day.on_loan_there()
        assert all(count <= day.wished[item] for item, count in day.renewed())
        stand.store.close()
