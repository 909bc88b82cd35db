"""Holds as stations tell of them: kept by when they were said, once, and never silently lost."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from kiosk.central.centre import Centre
from kiosk.central.tables import changes, holds, items, patrons, titles
from kiosk.wire.messages import Verdict
from tests.central.ingest.stand import (
    NOON,
    Teller,
    at,
    furnish,
    hold,
    item,
    open_debts,
    place_hold,
)


def queue(centre: Centre, title: str = "t1") -> list[tuple[str, str]]:
    """Who waits, first come first, under which name."""
    wanted = select(holds.c.patron, holds.c.id).where(
        holds.c.network == centre.network, holds.c.title == title, holds.c.closed_at.is_(None)
    )
    rows = centre.look(lambda work: work.execute(wanted.order_by(holds.c.placed_at)).all())
    return [(row.patron, row.id) for row in rows]


def wish(station: Teller, minutes: float, name: str, patron: str = "p1", title: str = "t1", pickup: str = "b") -> None:
    station.tell("hold-placed", minutes, hold=name, patron=patron, title=title, pickup=pickup)


def give_up(station: Teller, minutes: float, name: str | None, patron: str = "p1", title: str = "t1") -> None:
    station.tell("hold-cancelled", minutes, hold=name, patron=patron, title=title)


def test_a_hold_of_a_station_is_known_at_the_centre(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    wish(a, 0, "h1")

    answer = a.upload()

    kept = hold(centre, "h1")
    assert answer.verdicts[0][1] is Verdict.NEW
    assert (kept.patron, kept.title, kept.pickup, kept.status, kept.placed_at) == ("p1", "t1", "b", "waiting", at(0))
    assert "h1" in told_of(centre)


def told_of(centre: Centre) -> list[str]:
    wanted = select(changes.c.key).where(changes.c.network == centre.network, changes.c.kind == "hold")
    return list(centre.look(lambda work: work.execute(wanted).scalars()))


def test_two_stations_that_speak_late_are_put_in_the_order_people_stood_there(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    wish(a, 10, "h-a", "p1")
    wish(b, 5, "h-b", "p2")

    a.upload()
    b.upload()

    assert [patron for patron, _ in queue(centre)] == ["p2", "p1"]


def test_who_waits_already_keeps_the_earlier_place(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "at-home", "p1", "t1")
    a = Teller(centre)
    wish(a, 0, "at-the-station")

    answer = a.upload()

    assert answer.verdicts[0][1] is Verdict.NEW
    assert queue(centre) == [("p1", "at-home")]
    assert {"at-home", "at-the-station"} <= set(told_of(centre))
    assert open_debts(centre) == []


def test_a_title_that_is_no_more_makes_a_debt_and_no_hold(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    wish(a, 0, "h1", title="t1")
    centre.carry_out(lambda work: (work.execute(delete(items).where(items.c.id == "i1")), None)[1])
    centre.carry_out(lambda work: (work.execute(delete(titles).where(titles.c.id == "t1")), None)[1])

    answer = a.upload()

    assert answer.verdicts[0][1] is Verdict.FLAGGED
    assert queue(centre) == []
    assert open_debts(centre) == ["hold-not-kept"]


def test_a_hold_of_a_card_that_was_replaced_is_that_of_who_took_over(centre: Centre) -> None:
    furnish(centre)
    merged = update(patrons).where(patrons.c.id == "p1").values(merged_into="p2")
    centre.carry_out(lambda work: (work.execute(merged), None)[1])
    a = Teller(centre)
    wish(a, 0, "h1")

    a.upload()

    assert queue(centre) == [("p2", "h1")]


def test_a_hold_told_twice_by_a_restored_disk_changes_nothing(centre: Centre) -> None:
    furnish(centre)
    a, again = Teller(centre), Teller(centre, epoch="another-run")
    wish(a, 0, "h1")
    give_up(a, 5, "h1")
    wish(again, 0, "h1")

    a.upload()
    again.upload()

    assert queue(centre) == []


def test_a_hold_is_given_up_by_its_name_or_by_who_waits_for_what(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p1", "t1")
    place_hold(centre, "h2", "p1", "t2")
    a = Teller(centre)
    give_up(a, 0, "h1")
    give_up(a, 1, None, title="t2")

    a.upload()

    assert (hold(centre, "h1").closed_why, hold(centre, "h2").closed_why) == ("cancelled", "cancelled")
    assert queue(centre) == queue(centre, "t2") == []


def test_a_hold_placed_given_up_and_placed_again_in_one_breath_is_open_once(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    wish(a, 0, "h1")
    give_up(a, 1, "h1")
    wish(a, 2, "h2")

    a.upload()

    assert queue(centre) == [("p1", "h2")]
    assert hold(centre, "h1").closed_at == at(1)


def test_nobody_gives_up_the_hold_of_another(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p2", "t1")
    a = Teller(centre)
    give_up(a, 0, "h1", patron="p1")

    a.upload()

    assert queue(centre) == [("p2", "h1")]


def test_a_copy_set_aside_serves_who_waits_next_and_staff_are_told(centre: Centre) -> None:
    furnish(centre)
    place_hold(centre, "h1", "p1", "t1", status="ready", item="i1", ready_at=NOON - timedelta(hours=1))
    place_hold(centre, "h2", "p2", "t1", pickup="b", placed_at=NOON - timedelta(hours=2))
    a = Teller(centre)
    give_up(a, 0, "h1")

    a.upload()

    served = hold(centre, "h2")
    assert (served.status, served.item, served.ready_at) == ("ready", "i1", None)
    assert item(centre, "i1").status == "in-transit"
    assert open_debts(centre) == ["hold-moved"]
