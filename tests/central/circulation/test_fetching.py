"""A book that stands on a shelf while somebody waits for it is fetched, and only as many as are wanted."""

from dataclasses import replace

from kiosk.central.circulation import take_back
from kiosk.central.circulation.fetching import to_fetch
from kiosk.central.circulation.holdings import holdings
from kiosk.central.tables import holds
from kiosk.circulation.model import ItemId, TitleId
from tests.central.circulation.stand import Network
from tests.library.desk_stand import CENTRAL, MUSIC, OLENA, SOFIIA, TARAS, TODAY, hold, item, loan, ready, timedelta

ENEIDA = TitleId("t-eneida")


def second_copy(**changes):
    return replace(item("eneida"), id=ItemId("eneida-2"), **changes)


def test_each_hold_fetches_one_free_copy_the_nearest_first(network: Network) -> None:
    here, there = second_copy(branch=MUSIC), item("eneida")
    network.know(copies=(here, there), waiting=(hold(OLENA, "eneida", pickup=MUSIC),))

    assert [(one.item, one.branch, one.pickup) for one in to_fetch(network.centre)] == [("eneida-2", MUSIC, MUSIC)]
    assert to_fetch(network.centre, CENTRAL) == ()


def test_what_is_lent_or_set_aside_is_not_looked_for_on_the_shelf(network: Network) -> None:
    network.know(
        copies=(item("eneida"), second_copy()),
        out=(loan(SOFIIA, "eneida"),),
        waiting=(replace(ready(OLENA, "eneida"), item=ItemId("eneida-2")), hold(TARAS, "eneida")),
    )

    assert to_fetch(network.centre) == ()


def test_a_copy_fetched_and_laid_on_the_desk_is_on_its_way(network: Network) -> None:
    network.know(copies=(item("eneida"),), waiting=(hold(OLENA, "eneida", pickup=MUSIC),))
    (found,) = to_fetch(network.centre, CENTRAL)

    take_back(network.centre, network.policies, CENTRAL, "halyna", found.item)

    assert network.row(holds)["item"] == "eneida"
    assert to_fetch(network.centre) == ()


def test_the_page_of_a_title_says_where_copies_are_and_when_one_is_back(network: Network) -> None:
    network.know(
        copies=(item("eneida"), second_copy(branch=MUSIC, shelf="84(4)")),
        out=(loan(OLENA, "eneida"),),
        waiting=(hold(TARAS, "eneida"),),
    )

    where = holdings(network.centre, ENEIDA)

    central, music = where.branches
    assert (central.free, central.back_on) == (0, TODAY + timedelta(days=3))
    assert (music.free, music.shelves, music.back_on) == (1, ("84(4)",), None)
    assert (where.free, where.lendable, where.waiting) == (1, 2, 1)
