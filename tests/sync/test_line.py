"""What an answer means that is none of a centre's, or none at all: a station acts on it, so it must tell them apart."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Response, request

from kiosk.central.centre import Centre, open_centre
from kiosk.store.replica.position import position_of
from kiosk.sync.errors import CentreSilent, CursorGone, Poisoned, Refused, SeenTwice, SyncError
from kiosk.wire.backoff import Backoff
from kiosk.wire.messages import Heartbeat
from tests.central_bench import NETWORK
from tests.library.desk_stand import OLENA, DeskStand, copy
from tests.sync.knowing import know
from tests.sync.served import Calendar, ServedCentre, SpeakingStation, served

PORTAL = Response("<html>Please log in</html>", 200, mimetype="text/html")


@pytest.fixture
def centre(empty_central_file: Path, tmp_path: Path) -> Iterator[Centre]:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    opened.now = Calendar()
    know(opened)
    yield opened
    opened.close()


@pytest.fixture
def at(centre: Centre) -> Iterator[ServedCentre]:
    with served(centre) as one:
        yield one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


@pytest.fixture
def station(desk: DeskStand, centre: Centre, at: ServedCentre, tmp_path: Path) -> Iterator[SpeakingStation]:
    one = SpeakingStation(desk.store, at.url, tmp_path)
    one.known_to(centre)
    yield one
    one.hang_up()


def complaint(status: int, error: str, **headers: str) -> Response:
    return Response(f'{{"error":"{error}","says":"so"}}', status, mimetype="application/json", headers=headers)


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (lambda: PORTAL, CentreSilent),
        (lambda: Response("<html>", 302, headers={"Location": "http://portal/"}), CentreSilent),
        (lambda: Response("[1]", 200, mimetype="application/json"), CentreSilent),
        (lambda: Response('{"incarn', 200, mimetype="application/json"), CentreSilent),
        (lambda: Response('{"other": 1}', 200, mimetype="application/json"), CentreSilent),
        (lambda: Response("<html>forbidden</html>", 403, mimetype="text/html"), CentreSilent),
        (lambda: complaint(503, "unavailable"), CentreSilent),
        (lambda: complaint(429, "too-often"), CentreSilent),
        (lambda: complaint(403, "revoked"), Refused),
        (lambda: complaint(401, "signature"), Refused),
        (lambda: complaint(401, "replay"), CentreSilent),
        (lambda: complaint(409, "inconsistent"), SeenTwice),
        (lambda: complaint(410, "cursor-gone"), CursorGone),
        (lambda: complaint(413, "too-large"), Poisoned),
        (lambda: complaint(422, "unreadable"), Poisoned),
        (lambda: Response("<h1>Internal Server Error</h1>", 500), Poisoned),
    ],
)
def test_every_answer_means_one_thing(
    at: ServedCentre, station: SpeakingStation, answer: Callable[[], Any], meant: type[SyncError]
) -> None:
    at.before = answer

    with pytest.raises(SyncError) as raised:
        station.line.changes("", 10, wait=0)

    assert type(raised.value) is meant


def test_a_centre_that_asks_to_be_left_alone_is_left_alone(at: ServedCentre, station: SpeakingStation) -> None:
    at.before = lambda: complaint(503, "unavailable", **{"Retry-After": "17"})

    with pytest.raises(CentreSilent) as raised:
        station.line.heartbeat(Heartbeat(version="1"))

    assert raised.value.after == 17.0
    assert Backoff().wait(raised.value.after) >= 17.0


def test_behind_a_portal_nothing_is_lost_and_nothing_believed(
    at: ServedCentre, desk: DeskStand, station: SpeakingStation
) -> None:
    at.before = lambda: PORTAL
    desk.lend(OLENA, copy("k", "eneida"))

    assert not station.speak()

    at.before = None
    assert station.speak()


def test_every_wait_is_any_time_up_to_twice_the_last_and_ends_at_five_minutes() -> None:
    ceilings: list[float] = []
    backoff = Backoff(chance=lambda _, most: ceilings.append(most) or most)

    for _ in range(12):
        backoff.wait()

    assert ceilings[:4] == [1.0, 2.0, 4.0, 8.0]
    assert ceilings[-1] == 300.0


def test_a_snapshot_broken_off_is_fetched_on_from_where_it_was(
    at: ServedCentre, desk: DeskStand, station: SpeakingStation
) -> None:
    asked: list[str] = []

    def cut_the_first() -> Response | None:
        if "/v1/snapshots/" not in request.path:
            return None
        asked.append(request.headers.get("Range", "whole"))
        if len(asked) > 1:
            return None
        from kiosk.central.snapshots import part
        from tests.sync.served import StationIdentity

        content = part(at.centre, StationIdentity("central.hall", "central", "hall"), request.path.split("/")[3], 0)
        return Response(content[: len(content) // 2], 200, mimetype="application/zstd")

    at.before = cut_the_first
    first = station.speak()

    assert not first
    assert station.speak()
    assert asked[0] == "whole"
    assert asked[1].startswith("bytes=")
    assert position_of(desk.store).cursor


def test_a_snapshot_part_that_came_in_damaged_is_not_taken_in(
    at: ServedCentre, desk: DeskStand, station: SpeakingStation
) -> None:
    at.before = lambda: (
        Response(b"\x00" * 5000, 200, mimetype="application/zstd") if "/snapshots/" in request.path else None
    )

    assert not station.speak()
    assert position_of(desk.store).cursor == ""

    at.before = None
    assert station.speak()


def test_a_clock_set_right_in_between_dates_what_was_booked_before(station: SpeakingStation) -> None:
    calendar = station.calendar
    booked_at, booked_monotonic = calendar.now - timedelta(hours=5), calendar.seconds()
    calendar.pass_time(timedelta(minutes=30))
    station.clock.heard(station.clock.asked(), calendar.now)

    assert station.clock.offset() == 0.0
    assert station.clock.offset_at(booked_at, booked_monotonic) == 5 * 3600
