"""Librarians write what the screens show; what cannot be shown is said, and what is no more is withdrawn."""

from datetime import date
from typing import Any

from flask.testing import FlaskClient

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.feed_rows import rows_of
from kiosk.central.scope import Scope
from kiosk.central.showcase import Posting, Sort, postings
from kiosk.wire.messages import Kind
from tests.central_bench import NETWORK
from tests.web_ui_office.stand import enter, press

DAYS = {"from": "2026-01-01", "until": "2099-12-31"}


def shown(office: Centre) -> tuple[Posting, ...]:
    return office.look(lambda work: postings(work, NETWORK, date(2026, 12, 1)))


def write(visitor: FlaskClient, sort: str, name: str = "new", **typed: Any) -> str:
    page = f"/office/showcase/{sort}/{name}"
    return str(press(visitor, page, page, **(DAYS | typed)).get_data(as_text=True))


def test_an_event_is_written_changed_and_withdrawn_and_the_log_knows(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")

    write(visitor, "event", **{"words-uk": "Казки", "at": "2026-12-05T15:00", "where-uk": "зала", "branch": "central"})
    (event,) = shown(office)
    assert (event.sort, event.branch, event.words) == (Sort.EVENT, "central", {"uk": "Казки"})
    assert event.facts == {"at": "2026-12-05T15:00", "where": {"uk": "зала"}}

    write(visitor, "event", event.id, **{"words-uk": "Казки вголос", "at": "2026-12-05T16:00", "branch": ""})
    assert [(one.id, one.words["uk"], one.branch) for one in shown(office)] == [(event.id, "Казки вголос", "")]

    write(visitor, "event", event.id, withdraw="yes")
    assert shown(office) == ()
    said = [row.action for row in office.look(lambda work: audit.latest(work, NETWORK))]
    assert said.count("show-event") == 2
    assert "withdraw-notice" in said


def test_a_shelf_names_its_titles_with_a_word_why(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")

    write(visitor, "shelf", **{"words-uk": "Взимку", "titles": "t1 варто прочитати\nt2"})

    (shelf,) = shown(office)
    assert shelf.facts == {"titles": [{"id": "t1", "why": {"uk": "варто прочитати"}}, {"id": "t2", "why": {}}]}


def test_a_shelf_of_titles_nobody_has_is_not_shown(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")

    said = write(visitor, "shelf", **{"words-uk": "Взимку", "titles": "nothing-like-it"})

    assert "nothing-like-it" in said
    assert shown(office) == ()


def test_what_has_no_words_or_ends_before_it_begins_is_not_shown(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")

    write(visitor, "notice")
    write(visitor, "notice", **{"words-uk": "Слова", "from": "2099-12-31", "until": "2026-01-01"})

    assert shown(office) == ()


def test_a_station_is_told_what_its_branch_and_the_network_show(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")
    write(visitor, "notice", **{"words-uk": "Усім", "branch": ""})
    write(visitor, "notice", **{"words-uk": "Музиці", "branch": "music"})
    names = {one.words["uk"]: one.id for one in shown(office)}

    scope = Scope(names=True, branch="central", station="central.hall")
    told = office.look(lambda work: rows_of(work, NETWORK, scope, Kind.NOTICE, list(names.values())))

    assert told[names["Музиці"]] is None
    row = told[names["Усім"]]
    assert row is not None
    assert row[-2:] == ["notice", {}]
