"""Many people at once on PostgreSQL: places in a queue stay one each, and nobody stands in it twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kiosk.central.centre import open_centre
from kiosk.central.circulation import LentAtDesk, cancel_hold, lend, place_hold, renew, take_back
from kiosk.central.tables import holds, loans
from kiosk.circulation.model import CardNumber, ItemId, LoanId, PatronId, TitleId
from kiosk.library.port import Renewed
from tests.central.circulation.stand import Network
from tests.central_bench import NETWORK
from tests.library.desk_stand import CENTRAL, OLENA, hold, item, loan, patron

CROWD = tuple(PatronId(f"p-{number}") for number in range(8))
ENEIDA = TitleId("t-eneida")


@pytest.fixture
def rush(postgres_url: str) -> Iterator[Network]:
    centre = open_centre(postgres_url, NETWORK)
    network = Network(centre)
    network.know(copies=(item("eneida"),), people=(patron(OLENA), *map(patron, CROWD)), out=(loan(OLENA, "eneida"),))
    yield network
    centre.close()


def test_a_crowd_that_wants_one_title_gets_one_place_each(rush):
    def click_twice(who: PatronId) -> list[int]:
        wishes = [place_hold(rush.centre, rush.policies, who, ENEIDA, CENTRAL, "one wish") for _ in range(2)]
        return [wish.place for wish in wishes]

    with ThreadPoolExecutor(8) as crowd:
        places = list(crowd.map(click_twice, CROWD))

    assert sorted(first for first, _ in places) == list(range(1, 9))
    assert all(first == second for first, second in places)
    assert len(rush.rows(holds)) == 8
    assert len({row["placed_at"] for row in rush.rows(holds)}) == 8


def test_two_copies_that_come_back_at_once_serve_two_people(rush):
    copies = [replace(item("atlas"), id=ItemId(f"atlas-{number}")) for number in range(8)]
    rush.know(
        copies=copies,
        out=[loan(who, "atlas", id=LoanId(one.id), item=one.id) for who, one in zip(CROWD, copies, strict=True)],
        waiting=[hold(who, "atlas", pickup=CENTRAL) for who in CROWD],
    )

    with ThreadPoolExecutor(8) as desks:
        list(desks.map(lambda one: take_back(rush.centre, rush.policies, CENTRAL, "halyna", one.id), copies))

    served = [row["item"] for row in rush.rows(holds, title="t-atlas", status="ready")]
    assert sorted(served) == [one.id for one in copies]


def test_a_book_everybody_asks_for_at_the_desks_leaves_with_one(rush):
    rush.know(copies=(item("kobzar"),))

    def ask(who: PatronId):
        return lend(rush.centre, rush.policies, CENTRAL, "halyna", CardNumber(f"card-{who[2:]}"), ItemId("kobzar"))

    with ThreadPoolExecutor(8) as desks:
        answers = list(desks.map(ask, CROWD))

    assert sum(isinstance(answer, LentAtDesk) for answer in answers) == 1
    assert len(rush.rows(loans, item="kobzar")) == 1


def test_eight_clicks_on_renew_renew_once(rush):
    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: renew(rush.centre, rush.policies, OLENA), range(8)))

    assert sum(isinstance(answer, Renewed) for (answer,) in answers) == 1
    assert rush.row(loans)["renewals"] == 1


def test_while_some_leave_a_queue_and_others_join_it_holds_who_stayed(rush):
    for who in CROWD[:4]:
        place_hold(rush.centre, rush.policies, who, ENEIDA, CENTRAL, "early")

    def come_or_go(who: PatronId) -> None:
        mine = [row["id"] for row in rush.rows(holds, patron=who)]
        for one in mine:
            cancel_hold(rush.centre, rush.policies, who, one)
        if not mine:
            place_hold(rush.centre, rush.policies, who, ENEIDA, CENTRAL, "late")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(come_or_go, CROWD))

    still_open = [row["patron"] for row in rush.rows(holds, closed_at=None)]
    assert sorted(still_open) == sorted(CROWD[4:])
