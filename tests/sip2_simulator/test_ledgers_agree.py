"""A station with its ledger before a library whose line fails at every return and renewal: both agree in the end."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.circulation.model import CardNumber, ItemId, LoanId, PatronId
from kiosk.library.port import Lent, NotRenewed, Renewed, RequestKey, Returned
from kiosk.library.remote.line import Terms, WhenSilent
from kiosk.sip2_simulator.faults import Fault
from kiosk.sip2_simulator.system import SimulatedSystem
from kiosk.store import Moment
from tests.library_remote.stand import RemoteStand
from tests.sip2_simulator.client_stand import ANSWER_S, client_of
from tests.sip2_simulator.terminal import running

PATRON = CardNumber("P0002")
HERE = (
    Fault.LOST_AFTER,
    Fault.LOST_BEFORE,
    Fault.CLOSED_AFTER,
    Fault.CUT,
    Fault.LATE,
    Fault.BAD_SEQUENCE,
    Fault.TEXT,
    Fault.RESEND,
)
MANNERS = ("koha", "evergreen")  # one names loans by barcodes, the other by titles
PATIENCE = 5.0


class RealStand(RemoteStand):
    """A station's ledger before a system on a socket: nothing there is late but what a fault makes late."""

    def pass_time(self, seconds: float = 40) -> None:
        self.wall += timedelta(seconds=seconds)
        self.library.pulse()

    def on_loan_among(self, stock: list[str]) -> set[str]:
        with self.store.reading(Moment(self.wall, 0)) as work:
            return set(work.loans.open_of_items([ItemId(item) for item in stock]))


@pytest.fixture(params=MANNERS)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RemoteStand, SimulatedSystem]]:
    with running(request.param) as system, closing(client_of(system, request.param)) as client:
        stand = RealStand(tmp_path / "station.db", Terms(WhenSilent.RETURNS), system=client)
        yield stand, system
        stand.store.close()


def items() -> Iterator[str]:
    """Copies of the branch nobody waits for and that cost nothing."""
    return (f"LIB{number:06d}" for number in range(101, 190) if number % 4 and number % 10 != 8)


def lend(stand: RemoteStand, patron: PatronId, item: str) -> LoanId:
    answer = stand.lend(patron, f"lend-{item}", item)
    assert isinstance(answer, Lent), answer
    return answer.loan


def let_time_go_by(stand: RemoteStand) -> None:
    """Let it be told; a client rests a moment from a system it could not reach, and that moment is real."""
    until = time.monotonic() + PATIENCE
    while stand.waiting() and time.monotonic() < until:
        stand.pass_time()
        time.sleep(0.01)


def deeds(system: SimulatedSystem, item: str) -> list[str]:
    return [deed.what for deed in system.library.deeds if deed.item == item]


def test_a_return_is_told_once_whatever_happens_to_it(both: tuple[RemoteStand, SimulatedSystem]) -> None:
    stand, system = both
    for fault, item in zip(HERE, items(), strict=False):
        lend(stand, stand.enter(PATRON), item)
        system.fault(f"{fault} on 09")
        assert isinstance(stand.give_back(f"back-{item}", item), Returned)
        system.mend()
        let_time_go_by(stand)
        assert deeds(system, item) == ["lend", "return"], fault
    assert stand.waiting() == ()
    assert stand.debts() == []


def test_a_silent_afternoon_of_returns_is_told_in_the_evening(both: tuple[RemoteStand, SimulatedSystem]) -> None:
    stand, system = both
    lent = list(items())[:6]
    for item in lent:
        lend(stand, stand.enter(PATRON), item)
    system.fault("refused")
    for item in lent:
        assert isinstance(stand.give_back(f"back-{item}", item), Returned)
    assert len(stand.waiting()) == len(lent)
    system.mend()
    stand.restart()
    let_time_go_by(stand)
    told = [deed.item for deed in system.library.deeds if deed.what == "return"]
    assert told == lent
    assert (stand.waiting(), stand.debts()) == ((), [])


def test_a_renewal_is_made_once_and_what_is_said_is_true(both: tuple[RemoteStand, SimulatedSystem]) -> None:
    stand, system = both
    for fault, item in zip(HERE, items(), strict=False):
        patron = stand.enter(PATRON)
        loan = lend(stand, patron, item)
        system.fault(f"{fault} on 29")
        (answer,) = stand.library.renew(patron, (loan,), RequestKey(f"renew-{item}"))
        system.mend()
        stand.pass_time()
        count = deeds(system, item).count("renew")
        assert count == isinstance(answer, Renewed), (fault, answer)
        if isinstance(answer, Renewed):
            assert answer.due == system.library.loan(item).due.date(), fault
        else:
            assert isinstance(answer, NotRenewed)
        stand.give_back(f"back-{item}", item)


def test_the_answer_that_comes_late_belongs_to_nobody(both: tuple[RemoteStand, SimulatedSystem]) -> None:
    stand, system = both
    first, second = list(items())[:2]
    patron = stand.enter(PATRON)
    system.fault(f"slow {ANSWER_S * 2:.2f} on 11")
    loans = [stand.lend(patron, f"lend-{item}", item) for item in (first, second)]
    let_time_go_by(stand)
    assert [deeds(system, item) for item in (first, second)] == [["lend"], ["lend"]]
    assert [answer.due for answer in loans] == [date(2026, 12, 14)] * 2
    assert {ItemId(first), ItemId(second)} == {loan.item for loan in system.library.standing(PATRON).loans} - {
        ItemId("LIB000061")
    }
