"""The figures a director reports."""

from datetime import date

from kiosk.central.centre import Centre
from kiosk.central.statistics import Period, discreet, figures
from kiosk.central.tallies import count
from tests.central.ingest.stand import Teller, furnish
from tests.central_bench import NETWORK

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def test_what_stations_and_desks_did_adds_up(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.lent(1, "i2", "p1")
    a.returned(60, "i1", lent, "p1")
    a.tell("visit-ended", 61, kind="borrow", age_group="adult", refusals={"fees": 2})
    a.upload()
    desk = {
        "day": date(2026, 11, 2),
        "hour": 12,
        "branch": "b",
        "channel": "desk",
        "what": "loan",
        "age_group": "child",
    }
    centre.carry_out(lambda work: count(work, NETWORK, [{**desk, "language": "uk", "detail": "", "count": 1}]))

    found = centre.look(lambda work: figures(work, NETWORK, NOVEMBER))

    assert dict(found.totals) == {"loan": 3, "return": 1, "visit": 1, "refusal": 2}
    assert found.share == 0.75
    assert found.by_branch == {"a": {"loan": 2, "return": 1, "visit": 1, "refusal": 2}, "b": {"loan": 1}}
    assert (found.by_age["child"], found.refusals, found.by_language) == ({"loan": 1}, {"fees": 2}, {"uk": 3})
    assert found.by_hour == {(0, 12): 3, (0, 13): 1}


def test_a_period_without_anything_has_no_share(centre: Centre) -> None:
    empty = centre.look(lambda work: figures(work, NETWORK, NOVEMBER))

    assert (empty.share, dict(empty.totals)) == (None, {})


def test_of_one_branch_only_its_own_counts(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.lent(0, "i1", "p1")
    b.lent(0, "i2", "p1")
    a.upload()
    b.upload()

    assert centre.look(lambda work: figures(work, NETWORK, Period(NOVEMBER.first, NOVEMBER.last, "b"))).totals == {
        "loan": 1
    }


def test_numbers_that_could_point_at_a_person_are_not_told() -> None:
    assert [discreet(n) for n in (0, 1, 4, 5, 120)] == ["0", "<5", "<5", "5", "120"]
