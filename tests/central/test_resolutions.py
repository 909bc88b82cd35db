"""A librarian settles a debt with one touch."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from kiosk.central import audit
from kiosk.central.centre import Centre, open_centre
from kiosk.central.debts import CentralDebt
from kiosk.central.resolutions import KINDS, Resolution, open_debts, resolve
from kiosk.central.tables import patrons
from tests.central.ingest.stand import Teller, fees, furnish, item, open_loans
from tests.central_bench import NETWORK


def only_debt(centre: Centre) -> str:
    (one,) = centre.look(lambda work: open_debts(work, NETWORK))
    return one.id


def test_every_kind_of_debt_can_be_settled() -> None:
    assert set(KINDS) == set(CentralDebt)
    assert all(KINDS.values())


def test_a_debt_shows_the_people_it_concerns_to_the_librarian(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.lent(0, "i1", "p1")
    b.lent(10, "i1", "p2")
    a.upload()
    b.upload()

    (one,) = centre.look(lambda work: open_debts(work, NETWORK))

    assert (one.kind, one.title, one.branch) == (CentralDebt.RETURNED_UNSEEN, "Книга 1", "b")
    assert {name: person.card for name, person in one.people.items()} == {"patron": "20001", "later_patron": "20002"}
    assert centre.look(lambda work: open_debts(work, NETWORK, "a")) == ()


def test_a_copy_found_elsewhere_is_sent_home_or_stays(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.returned(0, "i1", notes=["not-on-loan"])
    b.upload()

    assert resolve(centre, only_debt(centre), Resolution.STAYS_HERE, "iryna")

    assert (item(centre, "i1").branch, item(centre, "i1").status) == ("b", "available")
    assert centre.look(lambda work: open_debts(work, NETWORK)) == ()


def test_fees_are_waived_with_a_touch(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.lent(0, "i1", "p1")
    b.lent(10, "i1", "p2")
    a.upload()
    b.upload()
    centre.carry_out(lambda work: work.execute(update(patrons).where(patrons.c.id == "p1").values(fees=7)))

    resolve(centre, only_debt(centre), Resolution.WAIVE_FEES, "iryna")

    assert fees(centre, "p1") == 0


def test_a_book_found_on_its_shelf_is_not_on_loan(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "nobody-we-know")
    a.upload()

    resolve(centre, only_debt(centre), Resolution.FOUND_HERE, "iryna")

    assert open_loans(centre) == {}
    assert item(centre, "i1").status == "available"


@pytest.mark.parametrize("resolution", [Resolution.LOST, Resolution.WAIVE_FEES])
def test_a_touch_that_fits_another_kind_does_nothing(centre: Centre, resolution: Resolution) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.returned(0, "i1")
    b.upload()

    assert not resolve(centre, only_debt(centre), resolution, "iryna")


def test_two_librarians_at_once_settle_it_once(postgres_url: str) -> None:
    centre = open_centre(postgres_url, NETWORK)
    furnish(centre)
    b = Teller(centre, "b")
    b.returned(0, "i1")
    b.upload()
    debt = only_debt(centre)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda who: resolve(centre, debt, Resolution.SEND_HOME, who), ("a", "b", "c", "d")))

    assert sum(done) == 1
    assert len(centre.look(lambda work: audit.latest(work, NETWORK))) == 1
    centre.close()
