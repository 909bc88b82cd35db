"""The way into the console: signing in, what nobody gets without it, and who may ask at all."""

import re
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from kiosk.console.door import FREE_TRIES, Door
from kiosk.station.board import Board
from kiosk.station.setup import Setup
from kiosk.station.states import started
from kiosk.station.views import view_of
from web_ui.console.front_page import Glance, front_page
from web_ui.console.house import IDLE, About, House
from web_ui.console.pages import console_pages
from web_ui.station import StationFacts, create_app
from web_ui.texts import Texts

TEXTS = Texts.load()
PASSWORD = "246810"
HERE = {"Origin": "http://localhost", "Accept": "text/html"}


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def build(folder: Path, clock: Clock, *, open_to_network: bool = False) -> Flask:
    door = Door(folder / "console", hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    door.set_password(PASSWORD)
    house = House(TEXTS, door, About("Центральна", "hall", ("uk", "en")), clock)
    console = console_pages(house, [front_page(lambda: (Glance("pad", "good", "FEIG"),))])
    board = Board(view_of(started(Setup("run"), 0.0), 0.0))
    facts = StationFacts("Центральна", "hall")
    return create_app(board, print, TEXTS, facts, console=console, open_to_network=open_to_network)


@pytest.fixture
def browser(tmp_path: Path, clock: Clock) -> FlaskClient:
    return build(tmp_path, clock).test_client()


def proof(page: str) -> str:
    return re.findall(r'name="proof" (?:content|value)="([^"]+)"', page)[0]


def sign_in(browser: FlaskClient, password: str = PASSWORD, onward: str = ""):
    page = browser.get("/console/sign-in", headers=HERE).text
    form = {"password": password, "proof": proof(page), "next": onward}
    return browser.post("/console/sign-in", data=form, headers=HERE)


def test_nothing_is_shown_before_somebody_has_signed_in(browser):
    answer = browser.get("/console/", headers=HERE)

    assert answer.status_code == 302
    assert answer.location == "/console/sign-in?next=/console/"
    assert browser.get("/console/").status_code == 401


def test_the_right_password_leads_to_the_overview(browser):
    assert sign_in(browser).location == "/console/"
    assert "FEIG" in browser.get("/console/", headers=HERE).text


def test_a_wrong_password_leads_back_with_words(browser):
    assert "sign-in" in sign_in(browser, "nonsense").location
    assert TEXTS.say("uk", "console.door.wrong") in browser.get("/console/sign-in", headers=HERE).text
    assert browser.get("/console/").status_code == 401


def test_after_many_wrong_ones_even_the_right_one_waits(browser):
    for _ in range(FREE_TRIES):
        sign_in(browser, "nonsense")

    assert "sign-in" in sign_in(browser).location
    assert browser.get("/console/").status_code == 401


def test_the_way_on_leads_to_the_console_only(browser):
    assert sign_in(browser, onward="/console/more").location == "/console/more"
    assert sign_in(browser, onward="https://elsewhere.example/console/").location == "/console/"
    assert sign_in(browser, onward="/console//elsewhere.example").location == "/console/"


def test_a_form_of_nobody_s_page_is_refused(browser):
    browser.get("/console/sign-in")

    assert browser.post("/console/sign-in", data={"password": PASSWORD}, headers=HERE).status_code == 400


def test_a_form_from_another_site_is_refused(browser):
    page = browser.get("/console/sign-in").text
    form = {"password": PASSWORD, "proof": proof(page)}

    answer = browser.post("/console/sign-in", data=form, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_who_is_silent_for_half_an_hour_signs_in_anew(browser, clock):
    sign_in(browser)
    clock.now += IDLE - 1
    assert browser.get("/console/").status_code == 200
    clock.now += IDLE + 1

    assert browser.get("/console/").status_code == 401


def test_who_signs_out_is_out(browser):
    sign_in(browser)
    page = browser.get("/console/more", headers=HERE).text
    browser.post("/console/sign-out", data={"proof": proof(page)}, headers=HERE)

    assert browser.get("/console/").status_code == 401


def test_the_cookie_is_for_the_console_alone_and_no_script_sees_it(browser):
    cookie = sign_in(browser).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/console/" in cookie


def test_the_touchscreen_keeps_its_own_rules(browser):
    assert browser.post("/touch", data={"touch": "done"}, headers=HERE).status_code == 403
    assert "form-action 'none'" in browser.get("/").headers["Content-Security-Policy"]
    assert "form-action 'self'" in browser.get("/console/sign-in").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("host", "opened", "console", "screen"),
    [
        ("192.168.1.20:8080", False, 403, 403),
        ("192.168.1.20:8080", True, 200, 403),
        ("[fd00::20]:8080", True, 200, 403),
        ("elsewhere.example", True, 403, 403),
        ("localhost:8080", False, 200, 200),
    ],
)
def test_other_machines_reach_the_console_only_where_the_settings_say_so(
    tmp_path, clock, host, opened, console, screen
):
    browser = build(tmp_path, clock, open_to_network=opened).test_client()

    assert browser.get("/console/sign-in", headers={"Host": host}).status_code == console
    assert browser.get("/", headers={"Host": host}).status_code == screen
