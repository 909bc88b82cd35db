"""Loans as stations tell of them: a fact is never refused, and what disagrees is a debt."""

from sqlalchemy import update

from kiosk.central.centre import Centre
from kiosk.central.tables import items, patrons
from kiosk.wire.messages import Verdict
from tests.central.ingest.stand import Teller, furnish, hold, item, loan, open_debts, open_loans, place_hold


def test_a_loan_is_known_at_the_centre(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")

    answer = a.upload()

    assert (answer.have, answer.verdicts) == (1, (("epoch-a-1", Verdict.NEW),))
    assert open_loans(centre) == {"i1": "p1"}
    assert loan(centre, lent).station == "a.hall"


def test_a_copy_lent_at_two_stations_belongs_to_the_later_and_somebody_looks(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    first, second = a.lent(0, "i1", "p1"), b.lent(10, "i1", "p2")

    a.upload()
    answer = b.upload()

    assert answer.verdicts[0][1] is Verdict.FLAGGED
    assert open_loans(centre) == {"i1": "p2"}
    assert (loan(centre, first).state, loan(centre, second).state) == ("unseen", "open")
    assert loan(centre, first).closed_at == loan(centre, second).lent_at
    assert open_debts(centre) == ["returned-unseen"]


def test_the_earlier_loan_heard_later_does_not_take_the_copy_back(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    first = a.lent(0, "i1", "p1")
    b.lent(10, "i1", "p2")

    b.upload()
    a.upload()

    assert open_loans(centre) == {"i1": "p2"}
    assert loan(centre, first).state == "unseen"
    assert open_debts(centre) == ["returned-unseen"]


def test_a_return_heard_late_explains_the_loan_that_ended_unseen(centre: Centre) -> None:
    furnish(centre)
    a, b, c = Teller(centre), Teller(centre, "b"), Teller(centre, "c")
    first = a.lent(0, "i1", "p1")
    b.lent(10, "i1", "p2")
    c.returned(5, "i1")

    for station in (a, b, c):
        station.upload()

    assert open_loans(centre) == {"i1": "p2"}
    assert (loan(centre, first).state, loan(centre, first).closed_branch) == ("returned", "c")
    assert open_debts(centre) == []


def test_a_loan_whose_return_was_heard_first_is_not_open(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    b.returned(30, "i1")

    b.upload()
    a.upload()

    assert open_loans(centre) == {}
    assert loan(centre, lent).state == "returned"


def test_the_same_patron_at_two_stations_is_no_matter_for_anybody(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.lent(0, "i1", "p1")
    b.lent(10, "i1", "p1")

    a.upload()
    b.upload()

    assert open_loans(centre) == {"i1": "p1"}
    assert open_debts(centre) == []


def test_a_blocked_patron_who_borrowed_offline_keeps_the_book_and_is_named(centre: Centre) -> None:
    furnish(centre)
    centre.carry_out(
        lambda work: work.execute(update(patrons).where(patrons.c.id == "p1").values(card_status="blocked"))
    )
    a = Teller(centre)
    a.lent(0, "i1", "p1")

    answer = a.upload()

    assert answer.verdicts[0][1] is Verdict.FLAGGED
    assert open_loans(centre) == {"i1": "p1"}
    assert open_debts(centre) == ["patron-blocked"]


def test_more_books_than_the_patron_may_have_are_named_once_they_are_too_many(centre: Centre) -> None:
    furnish(centre, copies=4)
    a, b = Teller(centre), Teller(centre, "b")
    for n, station in enumerate((a, a, b, b), start=1):
        station.lent(n, f"i{n}", "p1")

    a.upload()
    b.upload()

    assert len(open_loans(centre)) == 4
    assert open_debts(centre) == ["over-limit"]


def test_a_withdrawn_copy_stays_lent_and_is_named(centre: Centre) -> None:
    furnish(centre)
    centre.carry_out(lambda work: work.execute(update(items).where(items.c.id == "i1").values(status="withdrawn")))
    a = Teller(centre)
    a.lent(0, "i1", "p1")

    a.upload()

    assert open_loans(centre) == {"i1": "p1"}
    assert open_debts(centre) == ["item-not-lendable"]


def test_a_copy_set_aside_that_left_with_another_lets_its_patron_wait_again(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p2", "t1", status="ready", item="i1")
    a = Teller(centre)
    a.lent(0, "i1", "p1")

    a.upload()

    assert (hold(centre, "h1").status, hold(centre, "h1").item) == ("waiting", None)
    assert open_debts(centre) == ["held-for-another"]


def test_a_loan_ends_the_hold_it_answers(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p1", "t1", status="ready", item="i1")
    a = Teller(centre)
    a.lent(0, "i1", "p1", fulfils="t1")

    a.upload()

    assert hold(centre, "h1").closed_why == "fulfilled"
    assert open_debts(centre) == []


def test_a_loan_that_was_taken_back_gives_the_hold_back(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p1", "t1", status="ready", item="i1")
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1", fulfils="t1")
    a.tell("loan-voided", 1, loan=lent, item="i1", patron="p1", tag="tag-i1", outcome="locked")

    a.upload()

    assert loan(centre, lent).state == "voided"
    assert hold(centre, "h1").closed_at is None
    assert open_loans(centre) == {}


def test_a_copy_and_a_patron_nobody_knows_are_lent_all_the_same(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "unheard-of", "nobody")

    a.upload()

    assert loan(centre, lent).state == "open"
    assert open_debts(centre) == ["unknown-item", "unknown-patron"]


def test_a_merged_patron_borrows_for_who_took_over(centre: Centre) -> None:
    furnish(centre)
    centre.carry_out(lambda work: work.execute(update(patrons).where(patrons.c.id == "p1").values(merged_into="p2")))
    a = Teller(centre)
    a.lent(0, "i1", "p1")

    a.upload()

    assert open_loans(centre) == {"i1": "p2"}
    assert open_debts(centre) == []


def test_a_renewal_keeps_the_longest_term_and_names_who_waits(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.upload()
    place_hold(centre, "h1", "p2", "t1")
    a.tell("renewed", 5, loan=lent, item="i1", patron="p1", due="2027-01-01", renewals=1)

    a.upload()

    assert (loan(centre, lent).due.isoformat(), loan(centre, lent).renewals) == ("2027-01-01", 1)
    assert open_debts(centre) == ["renewed-despite-hold"]


def test_the_copy_is_where_it_was_lent(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.lent(0, "i1", "p1")

    b.upload()

    assert item(centre, "i1").location == "b"


def test_what_another_library_system_decided_is_kept_and_is_no_loan_of_ours(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "x1", "guest", decided_by="library-system")
    a.returned(5, "x1", decided_by="library-system")
    debt = {"id": "d1", "kind": "system-refused", "item": "x1", "tag": "", "evidence": {"said": "no"}}
    a.tell("debt-opened", 6, debts=[debt], decided_by="library-system")

    answer = a.upload()

    assert [verdict for _, verdict in answer.verdicts] == [Verdict.NEW, Verdict.NEW, Verdict.FLAGGED]
    assert open_loans(centre) == {}
    assert open_debts(centre) == ["system-refused"]
