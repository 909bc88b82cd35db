"""Touches reach the station from its own page of this start, and from nowhere else."""

import re

import pytest

from kiosk.station.events import Touched
from kiosk.station.view import Touch
from tests.web_ui.serving import Desk
from web_ui.guard import TOKEN_HEADER

HERE = "http://localhost:8080"
TAPPED = {"touch": "done", "visit": 7}


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def client(desk):
    return desk.app().test_client()


def token_of(client, base=HERE) -> str:
    found = re.search(r'name="touch-token" content="([^"]+)"', client.get("/", base_url=base).get_data(as_text=True))
    assert found is not None
    return found[1]


def post(client, sent, base=HERE, headers=(), **more):
    own = {"Origin": base, TOKEN_HEADER: token_of(client), **dict(headers)}
    kept = {name: value for name, value in own.items() if value is not None}
    return client.post("/touch", json=sent, base_url=base, headers=kept, **more)


@pytest.mark.parametrize("host", ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:9000"])
def test_a_touch_from_the_page_reaches_the_station(desk, client, host):
    answer = post(client, {"touch": "renew", "value": "loan-1", "visit": 7}, base=host)

    assert answer.status_code == 204
    assert desk.touches == [Touched(Touch.RENEW, "loan-1", 7)]


def test_a_touch_may_come_as_a_form(desk, client):
    headers = {"Origin": HERE, TOKEN_HEADER: token_of(client)}

    answer = client.post("/touch", data={"touch": "digit", "value": "4", "visit": "7"}, base_url=HERE, headers=headers)

    assert answer.status_code == 204
    assert desk.touches == [Touched(Touch.DIGIT, "4", 7)]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Origin": "http://evil.example"}, "another site"),
        ({"Origin": "http://localhost:9999"}, "another site"),
        ({"Origin": "https://localhost:8080"}, "another site"),
        ({"Origin": "null"}, "another site"),
        ({"Origin": None}, "Origin header is missing"),
        ({TOKEN_HEADER: None}, "reload it"),
        ({TOKEN_HEADER: "of-yesterday"}, "reload it"),
        ({TOKEN_HEADER: "ключ".encode().decode("latin-1")}, "reload it"),
    ],
)
def test_a_touch_from_elsewhere_is_refused(desk, client, headers, words):
    answer = post(client, TAPPED, headers=headers)

    assert answer.status_code == 403
    assert words in answer.get_data(as_text=True)
    assert desk.touches == []


@pytest.mark.parametrize("host", ["http://evil.example", "http://192.168.0.7:8080", "http://localhost.evil.example"])
@pytest.mark.parametrize("path", ["/", "/events", "/design/tokens.css"])
def test_nothing_is_served_under_a_foreign_name(client, host, path):
    answer = client.get(path, base_url=host)

    assert answer.status_code == 403
    assert "localhost" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"touch": "open-the-safe"}, "there are: return, done, here"),
        ({"visit": 7}, "There is no touch of that name"),
        ({"touch": "done", "visit": "seven"}, "a whole number"),
        ({"touch": "done", "visit": -1}, "a whole number"),
        ({"touch": "renew", "value": "x" * 65}, "at most 64 letters"),
        ({"touch": "language", "value": "xx"}, "This station speaks uk, en"),
        (["done"], "a JSON object or a form"),
        ("done", "a JSON object or a form"),
    ],
)
def test_a_touch_that_means_nothing_is_answered_with_words(desk, client, sent, words):
    answer = post(client, sent)

    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert desk.touches == []


def test_a_touch_of_a_megabyte_is_refused_unread(desk, client):
    assert post(client, {"touch": "done", "value": "x" * 1_000_000}).status_code == 413
    assert desk.touches == []


def test_the_token_of_one_start_is_worth_nothing_at_the_next(client):
    yesterday = Desk().app().test_client()

    assert post(client, TAPPED, headers={TOKEN_HEADER: token_of(yesterday)}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/static/station.js", "/design/mark.svg"])
def test_every_answer_carries_the_strict_headers(client, path):
    with client.get(path, base_url=HERE) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_screen_is_never_kept_by_the_browser_and_a_font_is(client):
    assert client.get("/", base_url=HERE).headers["Cache-Control"] == "no-store"
    with client.get("/design/fonts/rubik-cyrillic-wght-normal.woff2", base_url=HERE) as font:
        assert "max-age=86400" in font.headers["Cache-Control"]


def test_a_station_without_a_bench_has_no_bench(client):
    assert client.get("/bench/", base_url=HERE).status_code == 404
    assert client.get("/bench/events", base_url=HERE).status_code == 404
