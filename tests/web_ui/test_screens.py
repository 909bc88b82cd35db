"""Every view becomes a whole screen that explains itself, keeps secrets and swallows any title."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import CheckinNote
from kiosk.station.view import NoticeView, RowState, SessionView, StationView, Touch, WelcomeView
from tests.web_ui.serving import FACTS as STATION
from tests.web_ui.serving import TEXTS
from web_ui.design.samples import FACTS, FRAME, account, done, mixed_session, reason, row, screens, session
from web_ui.touchscreen.screens import KINDS, TONES, Screens
from web_ui.touchscreen.voice import Voice

DRAW = Screens(TEXTS, STATION)
VIEWS = dict(screens())
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</main><main id=screen>",
    "{{ 7 * 7 }}{% include 'page.html' %}",
    "&lt;b&gt; &amp; ]]>",
    "javascript:alert(1)",
    "data: two\n\nevent: boot\r\ndata: x",
    "\u202eдзеркало\u2066\u200b",
    "ї" * 5000,
    "Ґ є і ї ’ ʼ",
]


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_view_has_a_screen():
    assert set(KINDS) == set(get_args(StationView))


def test_every_state_of_a_book_has_its_look():
    assert set(TONES) == set(RowState)


@pytest.mark.parametrize("lang", TEXTS.languages)
@pytest.mark.parametrize("name", VIEWS)
def test_every_screen_is_whole_and_in_its_language(name, lang):
    view = replace(VIEWS[name], frame=replace(VIEWS[name].frame, language=lang))

    html = DRAW.draw(view)

    assert html.strip().startswith("<main ")
    assert html.strip().endswith("</main>")
    assert f'lang="{lang}"' in html
    assert f'data-visit="{FRAME.visit}"' in html
    assert "{" not in visible(html)
    assert not re.search(r"style=|<script|\son\w+=", html)  # what the content policy would refuse


@pytest.mark.parametrize("name", VIEWS)
def test_every_screen_offers_the_other_language_in_one_touch(name):
    html = DRAW.draw(VIEWS[name])

    assert 'data-touch="language" data-value="en"' in html


@pytest.mark.parametrize("name", VIEWS)
def test_no_screen_uses_an_id_twice(name):
    ids = re.findall(r'\sid="([^"]+)"', DRAW.draw(VIEWS[name]))

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", VIEWS)
def test_every_button_means_a_touch_the_station_knows(name):
    touches = re.findall(r'data-touch="([^"]+)"', DRAW.draw(VIEWS[name]))

    assert set(touches) <= set(Touch)


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_only_text(title):
    calm = DRAW.draw(session(row(0, RowState.LENT, title="Кобзар", author="Кобзар")))
    html = DRAW.draw(session(row(0, RowState.LENT, title=title, author=title)))

    assert re.findall(r"<(/?[a-z0-9]+)", html) == re.findall(r"<(/?[a-z0-9]+)", calm)
    assert re.findall(r"\s([a-z-]+)=", re.sub(r">[^<]*<", "><", html)) == re.findall(
        r"\s([a-z-]+)=", re.sub(r">[^<]*<", "><", calm)
    )


@pytest.mark.parametrize("name", ["hostile name", "hostile key"])
def test_a_hostile_name_or_key_is_only_text(name):
    evil = '"><script>x</script>'
    view = session(row(0, RowState.YOURS, key=evil, can_return=True), name=evil)

    assert "<script" not in DRAW.draw(view)


def test_the_welcome_screen_shows_nothing_of_the_visit_before_it():
    DRAW.draw(mixed_session())

    html = DRAW.draw(WelcomeView(FRAME))

    assert "Оленка" not in html
    assert "предків" not in html


@pytest.mark.parametrize("why", Refusal)
@pytest.mark.parametrize("lang", TEXTS.languages)
def test_every_refusal_says_why_and_what_to_do(why, lang):
    view = session(row(0, RowState.REFUSED, reasons=(reason(why),)))
    words = Voice(TEXTS, lang).explain(reason(why))

    html = DRAW.draw(replace(view, frame=replace(FRAME, language=lang)))

    assert len(words.why) > 10
    assert len(words.do) > 10
    assert words.why in visible(html)
    assert words.do in visible(html)


@pytest.mark.parametrize("why", FACTS)
def test_a_refusal_names_the_fact_it_rests_on(why):
    told = Voice(TEXTS, "uk").explain(FACTS[why]).why

    assert told != Voice(TEXTS, "uk").explain(Reason(why)).why
    assert re.search(r"\d", told)


def test_a_loan_too_late_to_renew_names_its_day_and_not_a_number_of_books():
    late = Reason(Refusal.OVERDUE, number=40, day=FACTS[Refusal.CARD_EXPIRED].day)

    assert Voice(TEXTS, "uk").explain(late).why == "Термін повернення минув 31 серпня 2025."


@pytest.mark.parametrize("lang", TEXTS.languages)
def test_a_child_sees_no_amount_of_money(lang):
    fee = row(0, RowState.RETURNED, notes=(CheckinNote.FEE,), fee=Decimal("12.50"))
    blocked = reason(Refusal.FEES)
    for on_account in (False, True):
        view = session(fee, blocks=(blocked,), on_account=on_account, account=account())

        told = [visible(DRAW.draw(replace(view, frame=replace(FRAME, language=lang, child=c)))) for c in (True, False)]

        assert not re.search(r"\d[.,]\d\d", told[0])
        assert re.search(r"\d[.,]\d\d", told[1])


def test_a_goodbye_says_no_amount_of_money():
    owing = row(0, RowState.STAFF, notes=(CheckinNote.FEE,), fee=Decimal("12.50"), reasons=(reason(Refusal.FEES),))

    assert "12,50" not in visible(DRAW.draw(done(trouble=(owing,))))


def test_a_notice_about_a_card_says_no_amount_of_money():
    assert "42,50" not in DRAW.draw(NoticeView(FRAME, reasons=(reason(Refusal.FEES),)))


def test_a_station_that_does_not_lend_offers_no_borrowing():
    html = visible(DRAW.draw(WelcomeView(replace(FRAME, lends=False))))

    assert "Зараз станція лише приймає книжки" in html
    assert "Взяти книжки" not in html


def test_a_station_that_takes_nothing_back_offers_no_return():
    html = DRAW.draw(WelcomeView(replace(FRAME, returns=False)))

    assert 'data-touch="return"' not in html
    assert "Зараз станція лише видає книжки" in html


def test_the_question_are_you_still_there_makes_everything_else_wait():
    html = DRAW.draw(replace(mixed_session(), frame=replace(FRAME, leaving_in=8.4)))

    assert re.search(r'id="within"[^>]*\sinert', html)
    assert re.search(r'data-left="9"', html)
    assert 'data-touch="here"' in html


def test_a_countdown_shown_again_is_as_old_as_the_view():
    view = replace(mixed_session(), frame=replace(FRAME, leaving_in=8.4))

    assert 'data-left="5"' in DRAW.draw(view, age=4.0)
    assert 'data-left="0"' in DRAW.draw(view, age=40.0)


def test_several_books_already_yours_can_be_returned_together():
    one = session(row(0, RowState.YOURS, can_return=True))
    two = session(row(0, RowState.YOURS, can_return=True), row(1, RowState.YOURS, can_return=True))

    assert 'data-touch="return"' not in DRAW.draw(one)
    assert "Повернути 2 книжки" in DRAW.draw(two)


def test_forty_books_are_all_on_the_screen_newest_first():
    view: SessionView = session(*(row(n, RowState.LENT) for n in range(40)))

    keys = re.findall(r'id="row-b(\d+)"', DRAW.draw(view))

    assert [int(key) for key in keys] == list(range(40))


def test_what_a_screen_reader_hears_is_the_count_and_the_newest_verdict():
    html = DRAW.draw(session(row(0, RowState.LENT)))

    heard = re.search(r'<p id="heard"[^>]*aria-live="polite">([^<]*)</p>', html)

    assert heard is not None
    assert heard[1] == "1 книжку видано. Тіні забутих предків: Видано, можна брати"


def test_a_book_that_is_not_lent_is_left_where_this_branch_says_once_however_many_reasons_there_are():
    both = row(0, RowState.REFUSED, reasons=(reason(Refusal.HELD_FOR_ANOTHER), reason(Refusal.LOAN_LIMIT)))
    facts = replace(STATION, leave_at={"uk": "на візок"})

    html = visible(Screens(TEXTS, facts).draw(session(both)))

    assert html.count("Покладіть її на візок.") == 1
    assert "На цю книжку чекає інший читач." in html
    assert "На квитку вже 10 книжок" in html


@pytest.mark.parametrize("why", [Refusal.FOREIGN_TAG, Refusal.DAMAGED_TAG, Refusal.LIBRARY_SILENT])
def test_a_book_that_a_person_must_see_is_not_sent_to_the_trolley(why):
    facts = replace(STATION, leave_at={"uk": "на візок"})

    html = visible(Screens(TEXTS, facts).draw(session(row(0, RowState.REFUSED, reasons=(reason(why),)))))

    assert "на візок" not in html
