"""Only an enrolled station is listened to: once, as it signed, and not after it was shut out."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from kiosk.central import audit
from kiosk.central.centre import Centre, open_centre
from kiosk.central.enrolment import make_code, revoke
from kiosk.central.http import station_api
from kiosk.central.http.limits import Limits
from kiosk.central.metrics import Metrics
from kiosk.central.newsroom import Newsroom
from kiosk.central.tables import enrolment_codes, stations
from kiosk.sync.key import public_text
from kiosk.wire.signatures import sign
from tests.central.ingest.stand import POLICIES, Teller, furnish, open_loans
from tests.central_bench import NETWORK

URL = "http://centre.example"


@pytest.fixture
def http(centre: Centre) -> Iterator[FlaskClient]:
    app = Flask("centre")
    app.register_blueprint(station_api(centre, POLICIES, Newsroom(centre), Metrics(), Limits(1000, 6)))
    with app.test_client() as client:
        yield client


class Station:
    """A station with a key of its own, in front of the centre's door."""

    def __init__(self, http: FlaskClient, name: str = "a.hall") -> None:
        self.http, self.name, self.key = http, name, Ed25519PrivateKey.generate()

    def enrol(self, code: str) -> Any:
        said = {"code": code, "public_key": public_text(self.key)}
        return self.http.post("/v1/enrol", json=said)

    def headers(self, method: str, path: str, body: bytes = b"", at: datetime | None = None) -> dict[str, str]:
        headers = {"Content-Type": "application/json"} if body else {}
        return headers | sign(self.key, self.name, method, URL + path, headers, body, at or datetime.now(UTC))

    def ask(self, path: str, at: datetime | None = None) -> Any:
        return self.http.get(path, headers=self.headers("GET", path, at=at))

    def send(self, path: str, said: dict[str, Any]) -> Any:
        body = json.dumps(said).encode()
        return self.http.post(path, data=body, headers=self.headers("POST", path, body))


@pytest.fixture
def station(centre: Centre, http: FlaskClient) -> Station:
    furnish(centre)
    one = Station(http)
    assert one.enrol(make_code(centre, POLICIES, "a", "hall", "installer")).status_code == 200
    return one


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]


def test_a_code_lets_one_station_in_once(centre: Centre, http: FlaskClient) -> None:
    code = make_code(centre, POLICIES, "a", "hall", "installer")
    first, second = Station(http), Station(http)

    said = first.enrol(code.lower().replace("-", " ")).get_json()
    again = second.enrol(code)

    assert (said["station"], said["branch"], said["network"]) == ("a.hall", "a", NETWORK)
    assert error(again) == (403, "code")
    assert first.ask("/v1/changes").status_code == 200
    assert error(second.ask("/v1/changes")) == (401, "signature")


def test_a_code_is_good_for_a_quarter_of_an_hour_and_kept_as_a_hash(centre: Centre, http: FlaskClient) -> None:
    code = make_code(centre, POLICIES, "a", "hall", "installer")
    later = centre.now() + timedelta(minutes=16)
    kept = centre.look(lambda work: work.execute(select(enrolment_codes)).all())
    centre.now = lambda: later

    assert error(Station(http).enrol(code)) == (403, "code")
    assert code.replace("-", "") not in str(kept)


def test_whoever_guesses_codes_is_slowed_down(http: FlaskClient) -> None:
    guessed = [Station(http).enrol("AAAA-BBBB-CCCC").status_code for _ in range(8)]

    assert guessed == [403] * 6 + [429] * 2


def test_a_station_enrolled_anew_has_another_key_and_the_old_one_is_worth_nothing(
    centre: Centre, http: FlaskClient, station: Station
) -> None:
    fresh = Station(http)
    fresh.enrol(make_code(centre, POLICIES, "a", "hall", "installer"))

    assert fresh.ask("/v1/changes").status_code == 200
    assert error(station.ask("/v1/changes")) == (401, "signature")


def test_a_station_that_was_shut_out_is_refused_at_its_next_request(centre: Centre, station: Station) -> None:
    before = station.ask("/v1/changes").status_code
    assert revoke(centre, "a.hall", "director")

    assert before == 200
    assert error(station.ask("/v1/changes")) == (403, "revoked")
    assert not revoke(centre, "a.hall", "director")


def test_who_let_whom_in_and_out_is_written_down(centre: Centre, station: Station) -> None:
    revoke(centre, "a.hall", "director")

    rows = centre.look(lambda work: audit.latest(work, NETWORK))
    assert [(row.who, row.action) for row in rows] == [
        ("director", "revoke"), ("installer", "enrol"), ("installer", "make-code"),
    ]  # fmt: skip
    assert centre.look(lambda work: audit.first_break(work, NETWORK)) is None


def test_without_a_signature_nothing_is_told(station: Station) -> None:
    assert error(station.http.get("/v1/changes")) == (401, "unsigned")


def test_the_same_request_again_is_refused_on_every_copy(centre: Centre, station: Station) -> None:
    headers = station.headers("GET", "/v1/changes")
    other_copy = Flask("another copy")
    elsewhere = Centre(centre.engine, NETWORK)
    other_copy.register_blueprint(station_api(elsewhere, POLICIES, Newsroom(elsewhere), Metrics()))

    first = station.http.get("/v1/changes", headers=headers)
    second = other_copy.test_client().get("/v1/changes", headers=headers)

    assert first.status_code == 200
    assert error(second) == (401, "replay")


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-20000)])
def test_a_clock_that_is_off_is_told_the_time(station: Station, off: timedelta) -> None:
    answer = station.ask("/v1/changes", at=datetime.now(UTC) + off)

    assert error(answer) == (401, "clock")
    assert abs(datetime.fromisoformat(answer.get_json()["now"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_signature_fits_its_own_request_only(station: Station) -> None:
    body = b'{"epoch": "e", "events": []}'
    headers = station.headers("POST", "/v1/events", body)
    stranger = {**headers, "Signature-Input": headers["Signature-Input"].replace("a.hall", "b.hall")}
    undigested = {name: value for name, value in headers.items() if name != "Content-Digest"}
    tampered = [
        station.http.post("/v1/events", data=body.replace(b"[]", b"[ ]"), headers=headers),
        station.http.post("/v1/heartbeat", data=body, headers=headers),
        station.http.post("/v1/events?x=1", data=body, headers=headers),
        station.http.post("/v1/events", data=b"", headers=headers),
        station.http.put("/v1/events", data=body, headers=headers),
        station.http.post("/v1/events", data=body, headers=stranger),
        station.http.post("/v1/events", data=body, headers=undigested),
    ]

    assert [answer.status_code for answer in tampered] == [401, 401, 401, 401, 405, 401, 401]
    assert station.http.post("/v1/events", data=body, headers=headers).status_code == 200


def test_events_come_in_packed_and_answers_go_out_packed(centre: Centre, station: Station) -> None:
    told = Teller(centre)
    told.lent(0, "i1", "p1")
    body = json.dumps({"epoch": "epoch-a", "events": [told.rows[0].model_dump()]}).encode()
    packed = zstandard.ZstdCompressor().compress(body)
    headers = {"Content-Type": "application/json", "Content-Encoding": "zstd"}
    headers |= sign(station.key, station.name, "POST", f"{URL}/v1/events", headers, packed, datetime.now(UTC))

    answer = station.http.post("/v1/events", data=packed, headers=headers)

    assert (answer.status_code, answer.get_json()["have"]) == (200, 1)
    assert open_loans(centre) == {"i1": "p1"}


def test_a_bomb_is_not_unpacked(station: Station) -> None:
    bomb = zstandard.ZstdCompressor().compress(b" " * 50_000_000)
    headers = {"Content-Type": "application/json", "Content-Encoding": "zstd"}
    headers |= sign(station.key, station.name, "POST", f"{URL}/v1/events", headers, bomb, datetime.now(UTC))

    assert error(station.http.post("/v1/events", data=bomb, headers=headers)) == (413, "too-large")


def test_a_cloned_station_is_told_so(centre: Centre, station: Station) -> None:
    told, clone = Teller(centre), Teller(centre)
    told.lent(0, "i1", "p1")
    clone.lent(0, "i2", "p2")
    station.send("/v1/events", {"epoch": "epoch-a", "events": [told.rows[0].model_dump()]})

    answer = station.send("/v1/events", {"epoch": "epoch-a", "events": [clone.rows[0].model_dump()]})

    assert error(answer) == (409, "inconsistent")


def test_a_cursor_that_is_gone_is_said(station: Station) -> None:
    assert error(station.ask("/v1/changes?cursor=elsewhere%3A1%3A1")) == (410, "cursor-gone")


def test_a_snapshot_goes_on_where_it_was_broken_off(station: Station) -> None:
    made = station.send("/v1/snapshots", {}).get_json()
    path = f"/v1/snapshots/{made['id']}/0"
    whole = station.ask(path).data

    rest = station.http.get(path, headers={**station.headers("GET", path), "Range": "bytes=10-"})

    assert (rest.status_code, rest.data) == (206, whole[10:])


def test_a_heartbeat_tells_the_time_and_is_kept(centre: Centre, station: Station) -> None:
    answer = station.send("/v1/heartbeat", {"version": "1.2.3", "queue": 4})

    assert set(answer.get_json()) == {"now", "incarnation", "wake"}
    kept = select(stations.c.id).where(stations.c.id == "a.hall")
    assert centre.look(lambda work: work.execute(kept).scalar()) == "a.hall"


def test_a_database_that_is_gone_is_said_and_nothing_else(http: FlaskClient, station: Station, centre: Centre) -> None:
    gone = open_centre("postgresql+psycopg://nobody@/nowhere?host=/nonexistent", NETWORK)
    app = Flask("cut off")
    app.register_blueprint(station_api(gone, POLICIES, Newsroom(gone), Metrics()))

    answer = app.test_client().get("/v1/changes", headers=station.headers("GET", "/v1/changes"))

    assert error(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


PATHS = ("/v1/events", "/v1/events/unreadable", "/v1/heartbeat", "/v1/enrol", "/v1/snapshots")


@given(
    path=st.sampled_from(PATHS),
    body=st.one_of(st.binary(max_size=200), st.from_type(dict).map(lambda d: json.dumps(d, default=str).encode())),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_make_the_centre_fail(station: Station, path: str, body: bytes) -> None:
    answer = station.http.post(path, data=body, headers=station.headers("POST", path, body))

    assert answer.status_code < 500
    assert answer.mimetype == "application/json"


def test_a_key_that_is_none_is_refused(centre: Centre, http: FlaskClient) -> None:
    code = make_code(centre, POLICIES, "a", "hall", "installer")
    said = {"code": code, "public_key": base64.b64encode(b"short").decode()}

    assert error(http.post("/v1/enrol", json=said)) == (403, "key")
    assert Station(http).enrol(code).status_code == 200  # the code is still good


def test_a_station_that_asks_without_end_is_slowed_down(centre: Centre, station: Station) -> None:
    app = Flask("narrow")
    app.register_blueprint(station_api(centre, POLICIES, Newsroom(centre), Metrics(), Limits(per_second=2)))
    narrow = app.test_client()

    answers = [narrow.get("/v1/changes", headers=station.headers("GET", "/v1/changes")).status_code for _ in range(5)]

    assert 429 in answers


def test_an_old_stations_key_in_another_network_is_nobodys(centre: Centre, station: Station) -> None:
    centre.carry_out(lambda work: work.execute(update(stations).values(network="elsewhere")))

    assert error(station.ask("/v1/changes")) == (401, "signature")
