"""The station's client before every manner and every fault: a loan is neither doubled, nor renewed, nor invented.

All manners go through a fault at once, each with a library of its own: most of what there is to do is to wait.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from kiosk.circulation.model import ItemId
from kiosk.library.remote.asking import Has, No, Unheard
from kiosk.library.remote.system import LoanSaid
from kiosk.library.sip2.system import Sip2System
from kiosk.sip2_simulator.faults import Fault
from kiosk.sip2_simulator.lending import LoanWish
from kiosk.sip2_simulator.manner import manner_names
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.client_stand import ANSWER_S, asked, client_of
from tests.sip2_simulator.terminal import running

FIRST, SECOND = "LIB000041", "LIB000042"
TITLE = "Test Title Number 41 : a study in self service"
ELSEWHERE = {Fault.LOGIN_REFUSED, Fault.OFFLINE, Fault.REFUSED, Fault.SILENT, Fault.SLOW, Fault.STALLED}
AT_THE_LOAN = [f"{fault} on 11" for fault in Fault if fault not in ELSEWHERE]
AT_A_LOOK = [f"{fault} on 63" for fault in (Fault.LATE, Fault.GLUED, Fault.CLOSED_AFTER, Fault.LOST_BEFORE, Fault.TEXT)]
IN_TIME = [f"{what} {ANSWER_S / 3:.2f} on 11" for what in (Fault.SLOW, Fault.STALLED)]
TOO_LATE = [f"slow {ANSWER_S * 2:.2f} on 11", f"stalled {ANSWER_S * 2:.2f} on 11", "silent on 11"]
ON_THE_WAY = ["lost-before on 93", "closed-before on 99", "refused"]


def deeds(system: SimulatedSystem, item: str) -> list[str]:
    return [deed.what for deed in system.library.deeds if deed.item == item]


def agrees(heard: object, done: list[str]) -> bool:
    """Whether what the station believes is what was done."""
    match heard:
        case LoanSaid(lent=True) | Has():
            return done == ["lend"]
        case Unheard(perhaps=True):
            return done in (["lend"], [])
        case Unheard() | No():
            return done == []
    return False


@pytest.mark.parametrize("rule", [*AT_THE_LOAN, *AT_A_LOOK, *IN_TIME, *TOO_LATE, *ON_THE_WAY])
def test_a_stack_under_a_fault(rule: str) -> None:
    assert complaints_of_every_manner(lambda system, client: under(rule, system, client)) == []


def complaints_of_every_manner(story: Callable[[SimulatedSystem, Sip2System], Iterator[str]]) -> list[str]:
    def told(name: str) -> list[str]:
        with running(name) as system, closing(client_of(system, name)) as client:
            return [f"{name}: {complaint}" for complaint in story(system, client)]

    with ThreadPoolExecutor(len(manner_names())) as pool:
        return [complaint for complaints in pool.map(told, manner_names()) for complaint in complaints]


def under(rule: str, system: SimulatedSystem, client: Sip2System) -> Iterator[str]:
    """Borrow two copies while something goes wrong, and lay them down again when it has been mended."""
    system.fault(rule)
    heard = asked(client, FIRST, SECOND)
    if rule.startswith(Fault.STALLED):
        time.sleep(ANSWER_S * 3)  # what lies there is carried out yet
    for item in (FIRST, SECOND):
        if not agrees(heard[item], deeds(system, item)):
            yield f"{item}: the station heard {heard[item]}, what was done is {deeds(system, item)}"
    system.mend()
    again = asked_until_it_answers(client)
    for item in (FIRST, SECOND):
        if deeds(system, item) != ["lend"] or system.library.loan(item).renewals:
            yield f"{item}: heard {heard[item]}, then {again[item]}; what was done is {deeds(system, item)}"


def asked_until_it_answers(client: Sip2System) -> dict[str, object]:
    """Lay the stack down again; a client rests a moment from a system it could not reach."""
    until = time.monotonic() + 5
    while True:
        heard = asked(client, FIRST, SECOND)
        if not any(isinstance(answer, Unheard) for answer in heard.values()) or time.monotonic() > until:
            return heard
        time.sleep(0.02)


def test_a_slow_system_that_has_lent_the_copy_to_somebody_else_says_no() -> None:
    with running("koha") as system, closing(client_of(system, "koha")) as client:
        system.library.checkout(LoanWish("P0001", FIRST))
        system.fault("late on 11")

        assert asked(client, FIRST)[FIRST] == No(LoanSaid(False, ItemId(FIRST), TITLE), lent=True)
        assert deeds(system, FIRST) == ["lend"]
