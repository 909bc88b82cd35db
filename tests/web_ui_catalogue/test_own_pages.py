"""The patron's own pages: who gets in, what can be done there, and that no other site's page can do it."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from kiosk.central.tables import holds, loans, patrons
from kiosk.circulation.model import Title, TitleId
from tests.library.desk_stand import item
from tests.web_ui_catalogue.visits import WISH, press, proof_on, sign_in

OWN = ("/account", "/titles/t0144/hold", "/titles/UkKZ-12/34 б/hold")


@pytest.fixture(autouse=True)
def _a_title_with_an_odd_number(city):
    city.know(copies=(item("odd", title=Title(TitleId("UkKZ-12/34 б"), "Дивний номер")),))


def alert_on(answer) -> str:
    return answer.get_data(as_text=True).partition('role="alert"')[2].partition("</p>")[0]


@pytest.mark.parametrize("path", OWN)
def test_a_page_of_ones_own_shows_the_door_and_then_itself(visitor, path):
    shown = visitor.get(path)
    entered = sign_in(visitor, onward=path)

    assert shown.status_code == 303
    assert shown.headers["Location"].startswith("/sign-in?onward=%2F")
    assert unquote(entered.headers["Location"]) == path
    assert visitor.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/account", "/\\evil.example", "/account/../x", "javascript:1"]
)
def test_signing_in_leads_to_our_own_pages_only(visitor, onward):
    assert sign_in(visitor, onward=onward).headers["Location"] == "/account"


def test_a_wrong_pin_and_a_card_nobody_has_look_alike(visitor):
    wrong, nobody = sign_in(visitor, pin="0000"), sign_in(visitor, card="20000018")

    assert wrong.status_code == nobody.status_code == 403
    said = [
        answer.get_data(as_text=True).partition('role="alert"')[2].partition("</p>")[0] for answer in (wrong, nobody)
    ]
    assert said[0] == said[1] != ""


def test_a_blocked_card_says_why_after_the_right_pin(city, visitor):
    city.change(update(patrons).where(patrons.c.id == "olena").values(card_status="blocked"))

    page = sign_in(visitor).get_data(as_text=True)

    assert "Квиток заблоковано" in page
    assert visitor.get("/account").status_code == 303


def test_the_cookie_is_for_this_site_and_no_script(app):
    app.config["SESSION_COOKIE_SECURE"] = True
    visitor = app.test_client()
    page = visitor.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    typed = {"csrf_token": proof_on(page), "card": "20000017", "pin": "2580"}

    answer = visitor.post("/sign-in", data=typed, base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "20000017" not in cookie


def test_a_quarter_of_an_hour_without_a_touch_ends_the_session(city, visitor):
    sign_in(visitor)
    city.pass_time(timedelta(minutes=14))
    still = visitor.get("/account").status_code
    city.pass_time(timedelta(minutes=14))
    touched = visitor.get("/account/here").status_code
    city.pass_time(timedelta(minutes=16))

    assert (still, touched, visitor.get("/account").status_code) == (200, 204, 303)


def test_a_card_blocked_meanwhile_ends_the_session(city, visitor):
    sign_in(visitor)
    city.change(update(patrons).where(patrons.c.id == "olena").values(card_status="lost"))

    assert visitor.get("/account").status_code == 303


@pytest.mark.parametrize("action", ["/account/renew", "/sign-out", "/titles/t0144/hold", "/account/holds/x/cancel"])
def test_a_form_of_another_site_changes_nothing(city, visitor, action):
    sign_in(visitor)

    answer = visitor.post(action, data={"csrf_token": "guessed", "pickup": "central", "wish": "x"})

    assert answer.status_code == 400
    assert visitor.get("/account").status_code == 200
    assert {row["renewals"] for row in city.rows(loans, patron="olena")} == {0}


def test_many_tries_from_one_address_have_to_wait(visitor):
    answers = [sign_in(visitor, card="20000018", pin=str(n)).status_code for n in range(11)]

    assert answers == [403] * 10 + [429]


def test_renewing_all_says_until_when(city, visitor):
    sign_in(visitor)

    page = press(visitor, "/account", "/account/renew")

    assert "Продовжили 2 книжки" in page
    assert {row["renewals"] for row in city.rows(loans, patron="olena")} == {1}


def test_renewing_one_that_cannot_be_renewed_says_why(visitor):
    sign_in(visitor)
    press(visitor, "/account", "/account/renew")

    page = press(visitor, "/account", "/account/renew", loan="not-mine")

    assert "Цієї книжки у вас уже немає." in page


def test_a_hold_is_placed_once_however_often_the_button_is_pressed_and_given_up_again(city, visitor):
    sign_in(visitor)
    page = visitor.get("/titles/t0144/hold").get_data(as_text=True)
    typed = {"csrf_token": proof_on(page), "wish": WISH.search(page)[1], "pickup": "central"}
    first = visitor.post("/titles/t0144/hold", data=typed, follow_redirects=True)
    again = visitor.post("/titles/t0144/hold", data=typed, follow_redirects=True)
    mine = city.row(holds, patron="olena", title="t0144")

    after = press(visitor, "/account", f"/account/holds/{mine['id']}/cancel")

    assert "Ваше місце в черзі: 2" in first.get_data(as_text=True)
    assert again.status_code == 200
    assert "Бронювання скасовано." in after
    assert city.row(holds, patron="olena", title="t0144")["closed_why"] == "cancelled"


def test_a_hold_on_a_book_that_stands_on_the_shelf_there_is_refused_with_words(visitor):
    sign_in(visitor)

    page = press(visitor, "/titles/t0009/hold", "/titles/t0009/hold", pickup="central", wish="w")

    assert "просто прийдіть по неї" in page


def test_signing_out_leaves_nothing_behind(visitor):
    sign_in(visitor)

    press(visitor, "/account", "/sign-out")

    assert visitor.get("/account").status_code == 303
