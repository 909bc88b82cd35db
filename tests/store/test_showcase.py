"""What a station shows of its house, from what the centre told it; and what stays there when it cannot be read."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.bootstrap.house import hours_at
from kiosk.circulation.model import OpeningHours
from kiosk.store import showcase
from kiosk.wire.messages import Kind
from tests.library.desk_stand import ALWAYS_OPEN, NOON, TODAY, DeskStand
from tests.store.told import Teller, gone, item, title


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


def told(key: str, branch: str = "", **more: Any) -> tuple[Kind, str, list[Any]]:
    row = {"from": "2026-03-01", "until": "2026-03-09", "sort": "event", "facts": {"at": "2026-03-05T15:00"}} | more
    return Kind.NOTICE, key, [key, branch, {"uk": key}, row["from"], row["until"], row["sort"], row["facts"]]


def shown(desk: DeskStand, day: date = TODAY) -> list[showcase.Shown]:
    return list(desk.store.look(lambda work: showcase.shown_on(work, day, "central"), writes=False))


def test_an_event_is_shown_at_its_branch_and_those_of_the_network_everywhere(desk: DeskStand) -> None:
    Teller(desk).tell(told("own", "central"), told("all"), told("elsewhere", "music"))

    assert [one.id for one in shown(desk)] == ["all", "own"]
    assert shown(desk)[0].facts == {"at": "2026-03-05T15:00"}


def test_it_is_shown_from_its_first_to_its_last_day_and_not_once_withdrawn(desk: DeskStand) -> None:
    teller = Teller(desk)
    teller.tell(told("e1", **{"from": "2026-03-02", "until": "2026-03-03"}))

    days = [TODAY + timedelta(days=n) for n in range(-1, 3)]
    assert [len(shown(desk, day)) for day in days] == [0, 1, 1, 0]
    teller.tell(gone(Kind.NOTICE, "e1"))
    assert shown(desk) == []


def test_a_centre_of_before_says_a_notice(desk: DeskStand) -> None:
    Teller(desk).tell((Kind.NOTICE, "n1", ["n1", "", {"uk": "Слова"}, "2026-03-01", "2026-03-09"]))

    assert [(one.sort, one.words) for one in shown(desk)] == [("notice", {"uk": "Слова"})]


def test_arrivals_are_new_and_stand_at_the_branch(desk: DeskStand) -> None:
    lately, long_ago = (NOON - timedelta(days=n) for n in (3, 300))
    Teller(desk).tell(
        title("fresh", added_at=lately.isoformat()), item("fresh"),
        title("stale", added_at=long_ago.isoformat()), item("stale"),
        title("nowhere", added_at=lately.isoformat()),
    )  # fmt: skip

    found = desk.store.look(lambda work: showcase.arrivals(work, NOON, "central", 5), writes=False)

    assert [work.id for work in found] == ["t-fresh"]


def test_the_longest_unshown_cover_goes_when_there_are_too_many(desk: DeskStand) -> None:
    def fill(work: Any) -> None:
        for n in range(showcase.MOST_COVERS + 1):
            showcase.keep_cover(work, f"c{n}", b"picture", NOON + timedelta(seconds=n))

    desk.store.look(fill)

    lacking = desk.store.look(lambda work: showcase.lacking(work, ["c0", "c1", ""]), writes=False)
    assert lacking == ["c0"]


def test_the_door_says_until_when_and_when_again() -> None:
    monday = datetime(2026, 3, 2, 12, 0, tzinfo=NOON.tzinfo)
    hours = OpeningHours(week=ALWAYS_OPEN.week, closed=frozenset({date(2026, 3, 3)}))

    open_now, closed_now = hours_at(monday, hours), hours_at(monday.replace(hour=19), hours)

    assert open_now.until == monday.replace(hour=18)
    assert closed_now.until is None
    assert closed_now.opens == datetime(2026, 3, 4, 9, 0, tzinfo=NOON.tzinfo)
    assert closed_now.off == (date(2026, 3, 3),)
