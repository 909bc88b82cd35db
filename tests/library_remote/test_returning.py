"""Copies that come back to another system's library: taken whatever it says, and told in order."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.circulation.model import ItemId
from kiosk.library.port import CheckinNote, LibraryUnreachable, NotTaken, Readiness, Returned, Whereabouts
from kiosk.library.remote.line import Terms, WhenSilent
from kiosk.library.remote.system import ReturnSaid
from kiosk.store.debts import DebtKind
from tests.library.desk_stand import ELSEWHERE, copy, facts
from tests.library_remote.fake_system import Fault, PowerCut
from tests.library_remote.stand import OLENA, RemoteStand


def test_a_return_is_committed_and_told(stand: RemoteStand) -> None:
    stand.lend(stand.enter(), "k1", "b1")

    answer = stand.give_back("k2", "b1")

    assert isinstance(answer, Returned)
    assert answer.notes == ()
    assert answer.words is not None
    assert answer.words.title == "Енеїда"
    assert stand.on_loan_here() == stand.on_loan_there() == set()


def test_a_copy_somebody_waits_for_says_where_it_goes(stand: RemoteStand) -> None:
    stand.system.held[ItemId("b1")] = ReturnSaid(
        taken=True, item=ItemId("b1"), destination="music", held=True, hold_code="0017"
    )

    answer = stand.give_back("k1", "b1")

    assert CheckinNote.HELD in answer.notes
    assert (answer.destination, answer.hold_code) == ("Музична", "0017")
    assert stand.library.finish_checkin((copy("k1", "b1"),), ()) == (answer,), "asked again, it says the same"


def test_a_return_the_system_does_not_book_is_a_return_and_a_debt(stand: RemoteStand) -> None:
    stand.system.held[ItemId("b1")] = ReturnSaid(taken=False, item=ItemId("b1"), said=("Невідомий примірник",))

    answer = stand.give_back("k1", "b1")

    assert CheckinNote.NOT_BOOKED in answer.notes
    assert stand.debts() == [(DebtKind.SYSTEM_REFUSED, "b1")]


def test_a_copy_the_system_has_never_heard_of_is_named(stand: RemoteStand) -> None:
    answer = stand.give_back("k1", "zzz")

    assert CheckinNote.UNKNOWN_ITEM in answer.notes
    assert (DebtKind.UNKNOWN_ITEM, "zzz") in stand.debts()


def test_another_librarys_copy_is_not_taken(stand: RemoteStand) -> None:
    (answer,) = stand.library.begin_checkin((copy("k1", "b1", owner=ELSEWHERE),))

    assert isinstance(answer, NotTaken)


def test_returns_go_on_while_the_system_is_silent(stand: RemoteStand) -> None:
    who = stand.enter()
    stand.lend(who, "k1", "b1")
    stand.system.down = True

    answer = stand.give_back("k2", "b1")

    assert isinstance(answer, Returned)
    assert stand.on_loan_there() == {"b1"}
    stand.system.down = False
    stand.pass_time()
    assert stand.on_loan_there() == set()


def test_a_branch_may_want_no_returns_while_it_is_silent(stand: RemoteStand) -> None:
    stand.terms = Terms(WhenSilent.OFF)
    stand.restart()
    stand.system.down = True

    with pytest.raises(LibraryUnreachable):
        stand.library.begin_checkin((copy("k1", "b1"),))


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
def test_a_return_whose_answer_is_lost_is_looked_at_before_it_is_told_again(stand: RemoteStand, fault: Fault) -> None:
    stand.lend(stand.enter(), "k1", "b1")
    stand.system.faults = [Fault.NONE, fault]

    assert isinstance(stand.give_back("k2", "b1"), Returned)
    stand.pass_time()

    assert stand.on_loan_there() == set()
    assert stand.system.asked.count("take back b1") == (1 if fault is Fault.LOST_AFTER else 2)
    assert stand.waiting() == ()


def test_a_return_that_is_never_answered_becomes_a_debt_and_the_others_go_on(stand: RemoteStand) -> None:
    stand.system.loans = {ItemId("b1"): (OLENA, stand.wall.date()), ItemId("b2"): (OLENA, stand.wall.date())}
    stand.system.down = True
    stand.give_back("k1", "b1")
    stand.give_back("k2", "b2")
    stand.system.down = False

    for _ in range(5):
        stand.system.faults = [Fault.NONE, *([Fault.NONE] if stand.waiting()[0].tries else []), Fault.LOST_BEFORE]
        stand.pass_time()

    assert stand.debts() == [(DebtKind.SYSTEM_REFUSED, "b1")]
    assert stand.on_loan_there() == {"b1"}


def test_power_that_goes_while_a_return_is_told(stand: RemoteStand) -> None:
    stand.lend(stand.enter(), "k1", "b1")
    laid = copy("k2", "b1")
    begun = stand.library.begin_checkin((laid,))[0]
    assert not isinstance(begun, NotTaken)
    stand.system.faults = [Fault.CUT]
    with pytest.raises(PowerCut):
        stand.library.finish_checkin((laid,), facts(begun.orders))

    stand.restart()
    stand.pass_time()

    assert stand.on_loan_here() == stand.on_loan_there() == set()
    assert stand.system.asked == ["lend b1", "take back b1"]


def test_what_lies_there_is_recognised_by_the_system(stand: RemoteStand) -> None:
    stand.system.loans[ItemId("b2")] = (OLENA, stand.wall.date())
    laid = (copy("k1", "b1"), copy("k2", "b2"), copy("k3", "zzz"))

    known = stand.library.recognise(laid)

    assert [one.whereabouts for one in known] == [Whereabouts.IN_STOCK, Whereabouts.ON_LOAN, Whereabouts.UNKNOWN]
    assert [one.words and one.words.title for one in known] == ["Енеїда", "Кобзар", None]


def test_what_was_said_of_copies_and_patrons_is_forgotten(stand: RemoteStand) -> None:
    stand.give_back("k1", "b1")
    stand.enter()
    stand.terms = replace(stand.terms)
    stand.wall = stand.wall.replace(day=6)

    stand.library.tidy()

    with closing(sqlite3.connect(stand.path)) as connection:
        left = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("items", "patrons", "cards", "titles")
        }
    assert set(left.values()) == {0}


@pytest.mark.parametrize(
    ("mode", "silent"),
    [
        (WhenSilent.OFF, Readiness(lends=False, takes_back=False)),
        (WhenSilent.RETURNS, Readiness(lends=False)),
        (WhenSilent.BOTH, Readiness()),
    ],
)
def test_what_is_done_while_the_system_is_silent_is_said_before_anybody_asks(
    stand: RemoteStand, mode: WhenSilent, silent: Readiness
) -> None:
    stand.terms = Terms(mode)
    stand.restart()
    assert stand.library.pulse() == Readiness()
    stand.system.down = True
    stand.wall += timedelta(seconds=40)

    assert stand.library.pulse() == silent

    stand.system.down = False
    stand.wall += timedelta(seconds=10)
    assert stand.library.pulse() == Readiness()
