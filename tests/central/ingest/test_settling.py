"""Gate bits and visits as stations tell of them."""

from sqlalchemy import select

from kiosk.central.centre import Centre
from kiosk.central.tables import changes, tallies
from tests.central.ingest.stand import Teller, furnish, loan, open_debts


def debt(name: str, kind: str = "gate-not-cleared") -> dict[str, object]:
    return {"id": name, "kind": kind, "item": "i1", "tag": "tag-i1", "evidence": {"outcome": "gone"}}


def touched(centre: Centre, kind: str) -> set[str]:
    wanted = select(changes.c.key).where(changes.c.network == centre.network, changes.c.kind == kind)
    return set(centre.look(lambda work: list(work.execute(wanted).scalars())))


def test_a_gate_bit_that_was_read_back_is_a_fact_of_the_loan(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.tell("gate-set", 1, order="o1", tag="tag-i1", item="i1", armed=False, loan=lent, afi=0xC2)

    a.upload()

    assert loan(centre, lent).gate_cleared_at is not None


def test_a_gate_debt_travels_until_any_pad_settles_it(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    a.tell("debt-opened", 1, debts=[debt("d1")])
    a.upload()
    opened = open_debts(centre)
    b.tell("gate-set", 30, order="o9", tag="tag-i1", item="i1", armed=False, loan=lent, closed=["d1"])

    b.upload()

    assert opened == ["gate-not-cleared"]
    assert open_debts(centre) == []
    assert touched(centre, "debt") == {"d1"}


def test_a_return_that_was_seen_armed_settles_what_was_owed_on_its_tags(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    a.tell("debt-opened", 1, debts=[debt("d1")])
    a.upload()
    b.returned(30, "i1", lent, "p1")

    b.upload()

    assert open_debts(centre) == []


def test_a_tag_that_would_not_be_armed_is_owed_after_the_return(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.returned(0, "i1", debts=[debt("d2", "gate-not-armed")], notes=["gate-owed"])

    a.upload()

    assert open_debts(centre) == ["gate-not-armed"]


def test_everything_an_event_names_is_told_again_also_when_nothing_changed(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.tell("renewed", 0, loan="never-heard-of", item="i1", patron="p1", due="2027-01-01", renewals=1)

    a.upload()

    assert touched(centre, "item") == {"i1"}
    assert touched(centre, "patron") == {"p1"}
    assert touched(centre, "loan") == {"never-heard-of"}


def test_a_station_is_never_told_that_a_loan_of_another_system_is_over(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "guest", decided_by="library-system")
    a.tell("gate-set", 1, item="i1", loan=lent, tag="E0-i1", armed=False, decided_by="library-system")

    a.upload()

    assert touched(centre, "loan") == set()


def test_visits_and_refusals_are_counted_and_name_nobody(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.tell("visit-ended", 0, kind="borrow", age_group="child", language="uk", seconds=14, refusals={"fees": 2})

    a.upload()

    rows = centre.look(lambda work: work.execute(select(tallies)).all())
    assert {(row.what, row.age_group, row.detail, row.count) for row in rows} == {
        ("visit", "child", "borrow", 1),
        ("refusal", "child", "fees", 2),
    }


def test_an_event_of_a_type_nobody_knows_is_kept(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.tell("invented-next-year", 0, item="i1")

    assert a.upload().have == 1
