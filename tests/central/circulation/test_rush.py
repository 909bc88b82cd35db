"""Many people at once on PostgreSQL: places in a queue stay one each, and nobody stands in it twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.central.centre import open_centre
from kiosk.central.circulation import cancel_hold, place_hold, renew
from kiosk.central.tables import holds, loans
from kiosk.circulation.model import PatronId, TitleId
from kiosk.library.port import Renewed
from tests.central.circulation.stand import Network
from tests.central_bench import NETWORK
from tests.library.desk_stand import CENTRAL, OLENA, item, loan, patron

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
        for hold in mine:
            cancel_hold(rush.centre, rush.policies, who, hold)
        if not mine:
            place_hold(rush.centre, rush.policies, who, ENEIDA, CENTRAL, "late")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(come_or_go, CROWD))

    still_open = [row["patron"] for row in rush.rows(holds, closed_at=None)]
    assert sorted(still_open) == sorted(CROWD[4:])
