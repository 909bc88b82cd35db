"""The office's pages: who may see which, and what a touch does."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from kiosk.central.alarms import Alarm
from kiosk.central.centre import Centre
from kiosk.central.debts import CentralDebt
from kiosk.central.resolutions import Resolution, open_debts
from kiosk.central.settings_push import newest
from kiosk.central.tables import items, mails, notices, stations
from kiosk.circulation.model import Refusal
from tests.central.ingest.stand import place_hold
from tests.central_bench import NETWORK
from tests.web_ui_office.stand import PASSWORD, enter, press
from web_ui.texts import Texts

TEXTS = Texts.load(domains=("office",))
PAGES = (
    "/office/",
    "/office/debts",
    "/office/tags",
    "/office/desk",
    "/office/figures",
    "/office/patrons",
    "/office/settings",
    "/office/audit",
    "/office/showcase",
    "/office/showcase/event/new",
)
FORBIDDEN = {
    "librarian": {"/office/settings", "/office/audit"},
    "technician": {
        "/office/desk",
        "/office/figures",
        "/office/patrons",
        "/office/showcase",
        "/office/showcase/event/new",
    },
    "director": set(),
}


def test_both_languages_say_the_same_keys_and_every_word_of_the_trade() -> None:
    uk, en = TEXTS.keys("uk"), TEXTS.keys("en")
    wanted = {
        *(f"debt.{kind.value}" for kind in CentralDebt), *(f"debt.{kind.value}.story" for kind in CentralDebt),
        *(f"resolution.{one.value}" for one in Resolution), *(f"alarm.{one.value}" for one in Alarm),
        *(f"refusal.{one.value}" for one in Refusal),
    }  # fmt: skip

    assert set(uk) == set(en)
    assert wanted <= set(uk)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_anything_without_signing_in(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, answer.location) == (302, f"/office/sign-in?next={path}")


@pytest.mark.parametrize("role", FORBIDDEN)
def test_each_role_sees_its_own_pages(visitor: FlaskClient, role: str) -> None:
    enter(visitor, role)

    refused = {path for path in PAGES if visitor.get(path).status_code == 403}
    assert refused == FORBIDDEN[role]


def test_a_wrong_password_lets_nobody_in_and_says_no_more(visitor: FlaskClient) -> None:
    answer = press(visitor, "/office/sign-in", "/office/sign-in", login="director", password=PASSWORD + "!")

    assert answer.request.path == "/office/sign-in"
    assert "не підходить" in answer.get_data(as_text=True)


def test_the_door_leads_to_pages_of_the_office_only(visitor: FlaskClient) -> None:
    answer = press(
        visitor, "/office/sign-in", "/office/sign-in", login="director", password=PASSWORD, next="//evil.example"
    )

    assert answer.request.path == "/office/"


def test_a_form_without_its_proof_does_nothing(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor)

    assert visitor.post("/office/stations/central.hall/revoke").status_code == 400
    gone = select(stations.c.id).where(stations.c.revoked_at.is_not(None))
    assert office.look(lambda work: work.execute(gone).all()) == []


def test_a_station_in_trouble_stands_first_and_says_what(visitor: FlaskClient) -> None:
    page = enter(visitor).get("/office/").get_data(as_text=True)

    listed = page[page.index('id="stations"') :]
    assert listed.index("Музична") < listed.index("Центральна")
    assert all(
        words in page for words in ("Черга подій росте: 214", "Принтер чеків: папір скінчився", "Ще не озивалася")
    )
    assert "1 із 3 станцій працює спокійно" in page


def test_a_debt_is_told_in_plain_words_and_settled_with_one_touch(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")
    page = visitor.get("/office/debts").get_data(as_text=True)
    debts = office.look(lambda work: open_debts(work, NETWORK))
    twice = next(one for one in debts if one.kind is CentralDebt.RETURNED_UNSEEN)

    answer = press(visitor, "/office/debts", f"/office/debts/{twice.id}/seen")

    assert "«Книга 1» (i1) була за читачем Ім’я Прізвище (20001)" in page
    assert "Вирішено" in answer.get_data(as_text=True)
    assert twice.id not in {one.id for one in office.look(lambda work: open_debts(work, NETWORK))}


def test_a_code_is_shown_once_and_a_station_shut_out(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "technician")

    page = press(visitor, "/office/", "/office/stations/enrol", branch="music", station="street").get_data(as_text=True)
    press(visitor, "/office/", "/office/stations/music.hall/revoke")

    assert "music.street" in page
    assert "kiosk enrol" in page
    gone = select(stations.c.id).where(stations.c.revoked_at.is_not(None))
    assert office.look(lambda work: list(work.execute(gone).scalars())) == ["music.hall"]


def test_settings_are_checked_compared_and_only_then_sent(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "technician")
    target = "/office/settings/branch:music"

    wrong = press(visitor, target, target, toml="[timing]\nidle_ss = 1\n[store]\npath = 'x'\n").get_data(as_text=True)
    compared = press(visitor, target, target, toml="[timing]\nidle_s = 45.0\n").get_data(as_text=True)
    nothing = office.look(lambda work: newest(work, NETWORK))
    press(visitor, target, target, toml="[timing]\nidle_s = 45.0\n", sure="yes", note="тихий зал")

    assert "store" in wrong
    assert "idle_s = 45.0" in compared
    assert nothing == {}
    document = office.look(lambda work: newest(work, NETWORK))["branch:music"]
    assert (document.version, document.note, document.made_by) == (1, "тихий зал", "technician")


def test_a_misspelt_setting_is_refused_with_what_was_meant(visitor: FlaskClient) -> None:
    enter(visitor, "technician")
    target = "/office/settings/network"

    page = press(visitor, target, target, toml="[timing]\nidle_ss = 1\n").get_data(as_text=True)

    assert "idle_ss" in page
    assert "idle_s" in page


def test_figures_are_shown_and_handed_out_as_a_file_without_anybody_in_them(visitor: FlaskClient) -> None:
    enter(visitor, "librarian")
    period = "from=2026-11-01&until=2026-11-30"

    page = visitor.get(f"/office/figures?{period}").get_data(as_text=True)
    file = visitor.get(f"/office/figures.csv?{period}").get_data(as_text=True)

    assert "Частка самообслуговування" in page
    assert page.count('<svg class="chart"') == 5
    assert file.startswith("\ufeffГрупа;Назва;Візити;Видачі")
    assert "борг" in file
    assert not any(word in page + file for word in ("Прізвище", "20001"))


def test_a_person_is_shown_everything_and_erased(visitor: FlaskClient) -> None:
    enter(visitor, "librarian")

    shown = press(visitor, "/office/patrons", "/office/patrons", card="20003").get_data(as_text=True)
    gone = press(visitor, "/office/patrons", "/office/patrons/erase", card="20003").get_data(as_text=True)
    again = press(visitor, "/office/patrons", "/office/patrons", card="20003").get_data(as_text=True)

    assert "Прізвище" in shown
    assert "Усе стерто" in gone
    assert "nobody has the card" in again


def test_the_desk_lends_and_takes_back(visitor: FlaskClient) -> None:
    enter(visitor, "librarian")

    lent = press(visitor, "/office/desk", "/office/desk", card="20003", item="i3", branch="central").get_data(
        as_text=True
    )
    back = press(visitor, "/office/desk", "/office/desk", card="", item="i3", branch="central").get_data(as_text=True)

    assert "Видано: «Книга 3»" in lent
    assert "Книга 3" in back
    assert "Повернуто" in back


def test_a_notice_goes_to_the_screens(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")
    days = {"from": "2026-12-01", "until": "2026-12-07"}

    press(visitor, "/office/", "/office/notices", branch="", **{"words-uk": "Завтра зачинено"}, **days)
    wrong = press(
        visitor,
        "/office/",
        "/office/notices",
        branch="",
        **{"words-uk": "Завтра"},
        **{"from": "2026-12-09", "until": "x"},
    )

    assert office.look(lambda work: work.execute(select(notices.c.words)).scalars().all()) == [
        {"uk": "Завтра зачинено"}
    ]
    assert "Потрібні текст і дні" in wrong.get_data(as_text=True)


def test_the_log_says_that_it_is_whole(visitor: FlaskClient) -> None:
    assert "Журнал цілий" in enter(visitor).get("/office/audit").get_data(as_text=True)


def test_books_on_a_shelf_that_somebody_waits_for_are_listed(visitor: FlaskClient, office: Centre) -> None:
    place_hold(office, "h1", "p1", "t3", pickup="music")
    on_its_shelf = update(items).where(items.c.id == "i3").values(status="available")
    office.carry_out(lambda work: work.execute(on_its_shelf) and None)

    page = enter(visitor, "librarian").get("/office/debts").get_data(as_text=True)

    assert "1 книжку чекають з полиці" in page
    assert "Книга 3" in page


def test_mails_that_could_not_be_sent_wait_on_the_first_page_and_can_be_sent_again(
    office: Centre, visitor: FlaskClient
) -> None:
    row = {"network": NETWORK, "id": "m1", "patron": "p1", "branch": "music", "station": "music.hall", "language": "uk"}
    row |= {"body": {}, "happened_at": office.now(), "next_at": office.now(), "since": office.now(), "state": "dead"}
    office.carry_out(lambda work: work.execute(insert(mails).values(**row, trouble="unsure")).rowcount)
    enter(visitor, "librarian")

    page = visitor.get("/office/").text
    press(visitor, "/office/", "/office/mails/m1/again")

    assert TEXTS.say("uk", "mail.unsure") in page
    assert "p1" not in page
    assert office.look(lambda work: work.execute(select(mails.c.state)).scalar()) == "waiting"
