"""A long account over several lines: the same account, whatever happens to the lines beside the station's own."""

from collections import Counter

import pytest

from kiosk.library.remote.system import SystemSilent
from kiosk.sip2_simulator.manner import manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.sip2.simulated import ANNA, station_of
from tests.sip2_simulator.koha_shelf import koha_shelf
from tests.sip2_simulator.terminal import noon

LOANS = [f"LIB{number:06d}" for number in (1, 2, 3, 5, 6, 7, 9, 11, 13, 14, 15, 17, 19, 21)]


@pytest.fixture
def heard() -> Counter[str]:
    return Counter()


@pytest.fixture
def system(heard: Counter[str]):
    def told(came: bytes, _went: bytes, _rule: object) -> None:
        heard[came[:2].decode()] += 1

    with SimulatedSystem(koha_shelf(), manner("koha"), clock=noon, told=told) as made:
        station = station_of(made, "koha")
        for item in LOANS:
            assert station.lend(ANNA, item).lent
        station.close()
        heard.clear()
        yield made


def test_one_line_is_enough(system: SimulatedSystem, heard: Counter[str]) -> None:
    station = station_of(system, "koha")

    account = station.account(ANNA)
    station.close()

    assert len(account.loans) == len(LOANS) + 1
    assert all(loan.title and loan.due for loan in account.loans)
    assert heard["93"] == 1


def test_several_lines_read_the_same_account(system: SimulatedSystem, heard: Counter[str]) -> None:
    one, many = station_of(system, "koha"), station_of(system, "koha", connections=3)
    alone = one.account(ANNA)
    heard.clear()
    system.fault("slow 0.02 on 17 always")

    together = many.account(ANNA)
    many.goodbye(ANNA)
    again = many.account(ANNA)

    assert alone == together == again
    assert heard["93"] > 1
    for station in (one, many):
        station.close()


@pytest.mark.parametrize("fault", ["login-refused next 3", "closed-before on 17", "garbage on 17", "restart on 17"])
def test_a_side_line_that_fails_gives_its_question_back(system: SimulatedSystem, fault: str) -> None:
    station = station_of(system, "koha", connections=4)
    alone = station.charged(ANNA)
    system.fault(fault)

    account = station.account(ANNA)
    station.close()

    assert {loan.item for loan in account.loans} == alone
    assert all(loan.title for loan in account.loans)


def test_a_system_that_falls_silent_ends_the_account(system: SimulatedSystem) -> None:
    station = station_of(system, "koha", connections=3, answer_s=0.2)
    station.pulse()
    system.fault("lost-before on 17 always")

    with pytest.raises(SystemSilent):
        station.account(ANNA)
    station.close()
