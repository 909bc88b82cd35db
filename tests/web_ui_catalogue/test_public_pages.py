"""The public pages: the same to everybody, kept for a minute, and no word of a title is ever a tag of a page."""

import hashlib
from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import insert, update

from kiosk.central.centre import open_centre
from kiosk.central.tables import covers, titles
from kiosk.circulation.model import Title, TitleId
from tests.central.circulation.stand import Network
from tests.central_bench import NETWORK
from tests.library.desk_stand import NOON, item
from tests.web_ui_catalogue.city import app_of, city_policies
from tests.web_ui_catalogue.visits import sign_in

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202eгоб \u2028",
)
TAGS = ("<script>alert", "<img src=x", "<svg/onload", "onmouseover='alert", 'href="javascript')
PUBLIC = ("/", "/search?q=", "/titles/t0009", "/branches")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_kept_for_a_minute_and_sets_no_cookie(visitor, path):
    answer = visitor.get(path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_says_nothing_of_who_is_signed_in(app, path):
    nobody, olena = app.test_client(), app.test_client()
    sign_in(olena)

    assert olena.get(path).data == nobody.get(path).data


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_catalogues_contain_is_text_and_nothing_else(city, visitor, payload):
    nasty = {"name": payload, "author": payload, "annotation": payload, "publisher": payload, "series": payload}
    city.change(update(titles).where(titles.c.id == "t0009").values(**nasty, subjects=[payload], isbns=[payload]))

    pages = [visitor.get(path).get_data(as_text=True) for path in ("/titles/t0009", "/search?q=", "/")]

    assert str(escape(payload)) in pages[0]
    assert [one for one in TAGS if one in "".join(pages)] == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_type_is_text_and_nothing_else(visitor, payload):
    answer = visitor.get(
        "/search", query_string={"q": payload, "branch": payload, "language": payload, "page": payload}
    )

    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg/onload" not in page


def test_a_title_says_where_its_copies_are_now(visitor):
    page = visitor.get("/titles/t0009").get_data(as_text=True)

    assert "На полиці 2 примірники" in page
    assert "Крошня" in page
    assert '<link rel="canonical" href="http://localhost/titles/t0009">' in page


@pytest.mark.parametrize("path", ["/titles/none", "/no-such-page"])
def test_what_is_not_there_is_a_page_one_can_go_on_from(visitor, path):
    answer = visitor.get(path)

    assert answer.status_code == 404
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Такої сторінки немає" in answer.get_data(as_text=True)


def test_a_cover_is_kept_for_ever_and_is_a_picture_or_nothing(city, visitor):
    def keep(media_type: str, picture: bytes) -> str:
        number = hashlib.sha256(picture).hexdigest()
        row = {"network": NETWORK, "id": number, "media_type": media_type, "picture": picture}
        city.change(insert(covers).values(row))
        return number

    picture, page = keep("image/png", b"\x89PNG picture"), keep("text/html", b"<script>alert(1)</script>")

    assert visitor.get(f"/covers/{picture}").data == b"\x89PNG picture"
    assert "immutable" in visitor.get(f"/covers/{picture}").headers["Cache-Control"]
    assert visitor.get(f"/covers/{page}").status_code == 404


def test_the_language_asked_for_by_address_stays_until_another_is_asked_for(visitor):
    first = visitor.get("/titles/t0009", headers={"Accept-Language": "en-GB"})
    asked = visitor.get("/titles/t0009?lang=uk", headers={"Accept-Language": "en-GB"})
    later = visitor.get("/branches", headers={"Accept-Language": "en-GB"})

    assert 'lang="en"' in first.get_data(as_text=True)
    assert "HttpOnly" in asked.headers["Set-Cookie"]
    assert '<html lang="uk">' in later.get_data(as_text=True)


def test_the_switch_of_language_keeps_the_page_and_what_was_asked(visitor):
    page = visitor.get("/search?q=Франко&branch=central").get_data(as_text=True)

    assert "/search?q=%D0%A4%D1%80%D0%B0%D0%BD%D0%BA%D0%BE&amp;branch=central&amp;lang=en" in page


def test_browsers_learn_to_search_here(visitor):
    answer = visitor.get("/opensearch.xml")

    assert answer.content_type == "application/opensearchdescription+xml; charset=utf-8"
    assert 'template="http://localhost/search?q={searchTerms}"' in answer.get_data(as_text=True)


def test_a_new_arrival_stands_on_the_front_page_within_a_minute(city, visitor):
    visitor.get("/")
    city.know(copies=(item("odd", title=Title(TitleId("t-new"), "Щойно з друкарні")),))
    city.change(update(titles).where(titles.c.id == "t-new").values(added_at=NOON + timedelta(days=2)))
    city.pass_time(timedelta(minutes=1))

    assert "Щойно з друкарні" in visitor.get("/").get_data(as_text=True)


def test_words_typed_on_the_wrong_keyboard_are_understood_and_the_page_says_so(visitor):
    page = visitor.get("/search?q=rj,pfh").get_data(as_text=True)

    assert "Можливо, ви мали на увазі" in page
    assert "Тарас Шевченко" in page


def test_a_centre_that_does_not_answer_is_said_in_plain_words():
    centre = open_centre("postgresql+psycopg://nobody@127.0.0.1:1/none", NETWORK)
    answer = app_of(Network(centre, city_policies())).test_client().get("/")
    centre.close()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Каталог зараз не відповідає" in answer.get_data(as_text=True)
