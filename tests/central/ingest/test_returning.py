"""Returns as stations tell of them: loan, fee, queue and shelf."""

from decimal import Decimal

from sqlalchemy import update

from kiosk.central.centre import Centre
from kiosk.central.tables import loans
from kiosk.wire.messages import Verdict
from tests.central.ingest.stand import Teller, fees, furnish, hold, item, loan, open_debts, open_loans, place_hold


def test_a_return_closes_the_loan(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.returned(10, "i1", lent, "p1")

    a.upload()

    assert (loan(centre, lent).state, loan(centre, lent).closed_station) == ("returned", "a.hall")
    assert open_debts(centre) == []


def test_a_return_at_a_station_that_knew_of_no_loan_closes_it_too(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    b.returned(10, "i1", notes=["not-on-loan"])

    a.upload()
    b.upload()

    assert loan(centre, lent).state == "returned"
    assert (item(centre, "i1").location, item(centre, "i1").status) == ("b", "in-transit")
    assert open_debts(centre) == []


def test_a_return_older_than_the_loan_that_runs_leaves_it(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.lent(20, "i1", "p1")
    b.returned(10, "i1", notes=["not-on-loan"])

    a.upload()
    b.upload()

    assert open_loans(centre) == {"i1": "p1"}
    assert item(centre, "i1").location == "a"


def test_the_fee_the_station_named_is_owed(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.returned(60 * 24 * 40, "i1", lent, "p1", fee="10.00", late_days=10)

    a.upload()

    assert fees(centre, "p1") == Decimal("10.00")


def test_a_term_the_centre_had_made_longer_counts_for_the_patron(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(-60 * 24 * 40, "i1", "p1")
    a.upload()
    longer = update(loans).where(loans.c.id == lent).values(due=loan(centre, lent).lent_at.date().replace(year=2027))
    centre.carry_out(lambda work: work.execute(longer))
    a.returned(0, "i1", lent, "p1", fee="10.00", late_days=10)

    a.upload()

    assert fees(centre, "p1") == Decimal(0)


def test_nobody_pays_for_a_book_that_somebody_else_had_meanwhile(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    first = a.lent(-60 * 24 * 50, "i1", "p1")
    b.lent(-60 * 24 * 30, "i1", "p2")
    a.upload()
    b.upload()
    a.returned(0, "i1", first, "p1", fee="10.00")

    a.upload()

    assert fees(centre, "p1") == Decimal(0)
    assert open_loans(centre) == {}


def test_who_waits_first_gets_the_copy_and_the_slip_is_right(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p2", "t1")
    a = Teller(centre)
    a.returned(0, "i1", held_for="p2", notes=["held"])

    answer = a.upload()

    assert answer.verdicts[0][1] is Verdict.NEW
    assert (hold(centre, "h1").status, hold(centre, "h1").item) == ("ready", "i1")
    assert hold(centre, "h1").ready_at is not None


def test_a_hold_the_station_had_not_heard_of_gets_the_copy_and_somebody_carries_it(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p2", "t1", pickup="b")
    a = Teller(centre)
    a.returned(0, "i1")

    a.upload()

    assert (hold(centre, "h1").status, hold(centre, "h1").ready_at) == ("ready", None)
    assert item(centre, "i1").status == "in-transit"
    assert open_debts(centre) == ["hold-moved"]


def test_a_copy_that_stood_elsewhere_is_looked_at(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.returned(0, "i1", notes=["not-on-loan"])

    b.upload()

    assert open_debts(centre) == ["item-elsewhere"]


def test_a_copy_that_arrives_at_home_is_on_its_shelf_again(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    b.returned(10, "i1", lent, "p1", destination="a")
    a.returned(60, "i1", notes=["not-on-loan"])

    a.upload(a.rows[:1])
    b.upload()
    a.upload(a.rows[1:])

    assert (item(centre, "i1").status, item(centre, "i1").location) == ("available", "a")
    assert open_debts(centre) == []


def test_a_copy_in_no_list_is_taken_back_and_named(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.returned(0, "unheard-of", notes=["unknown-item"])

    a.upload()

    assert open_debts(centre) == ["unknown-item"]
