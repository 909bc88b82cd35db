"""The same searches find the same titles at a station, at a small centre and at a large one."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from kiosk.catalogue.port import Found, Query
from kiosk.central.catalogue import index_titles
from kiosk.central.catalogue import search as search_centre
from kiosk.central.centre import Centre, open_centre
from kiosk.central.tables import items as central_items
from kiosk.central.tables import loans as central_loans
from kiosk.central.tables import titles as central_titles
from kiosk.store import open_store
from kiosk.store.search import search as search_station
from kiosk.store.tables import items, titles
from kiosk.store.title_words import index_all
from tests.catalogue.shelf_of_titles import ISBN, SEARCHES, SHELF
from tests.central_bench import NETWORK
from tests.postgres import Cluster

Search = Callable[[Query], Found]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def fill_centre(url: str) -> Centre:
    centre = open_centre(url, NETWORK)

    def fill(work: object) -> None:
        for name, title, author, series, subjects in SHELF:
            row = {"id": name, "name": title, "author": author, "language": "uk", "authors": [author], "series": series}
            more = {"subjects": list(subjects), "isbns": [ISBN[name]] if name in ISBN else [], "added_at": NOW}
            work.execute(insert(central_titles), {"network": NETWORK, **row, **more})  # type: ignore[attr-defined]
            item = {"id": f"i-{name}", "title": name, "type": "book", "branch": "central", "status": "available"}
            work.execute(insert(central_items), {"network": NETWORK, **item, "location": "central", "added_at": NOW})  # type: ignore[attr-defined]
        index_titles(work, NETWORK, [name for name, *_ in SHELF])  # type: ignore[arg-type]

    centre.carry_out(fill)
    return centre


@pytest.fixture(scope="module", params=["station", "sqlite", "postgresql"])
def search(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    empty_central_file: Path,
    postgres: Cluster,
) -> Iterator[Search]:
    folder = tmp_path_factory.mktemp("catalogue")
    if request.param == "station":
        store = open_store(folder / "station.db")
        store.look(fill_station)
        yield lambda query: search_station(store, query)
        store.close()
        return
    if request.param == "sqlite":
        (folder / "central.db").write_bytes(empty_central_file.read_bytes())
        centre = fill_centre(f"sqlite:///{folder}/central.db")
    else:
        from tests.central_bench import _make_tables

        centre = fill_centre(postgres.fresh("central", _make_tables))
    yield lambda query: search_centre(centre, query)
    centre.close()


def fill_station(work: object) -> None:
    for name, title, author, series, subjects in SHELF:
        row = {
            "id": name,
            "name": title,
            "author": author,
            "language": "uk",
            "age_from": 0,
            "authors": json.dumps([author]),
        }
        more = {
            "series": series,
            "subjects": json.dumps(subjects),
            "isbns": json.dumps([ISBN[name]] if name in ISBN else []),
        }
        work.execute(insert(titles), {**row, **more})  # type: ignore[attr-defined]
        item = {
            "id": f"i-{name}",
            "title": name,
            "type": "book",
            "branch": "central",
            "status": "available",
            "shelf": "",
        }
        work.execute(insert(items), {**item, "parts": 1})  # type: ignore[attr-defined]
    index_all(work.connection.driver_connection)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("typed", "first"), SEARCHES)
def test_what_people_type_finds_what_they_mean(search: Search, typed: str, first: str | None) -> None:
    found = search(Query(typed))

    assert first is None or [hit.id for hit in found.titles][:1] == [first]


def test_what_was_looked_for_instead_is_said(search: Search) -> None:
    assert search(Query("дракууула стокер")).titles[0].id == "dracula"
    assert search(Query("rj,pfh")).corrected == "кобзар"
    assert search(Query("кобзар")).corrected is None


def test_conditions_narrow_and_facets_count(search: Search) -> None:
    all_of_it = search(Query(""))

    assert all_of_it.total == len(SHELF)
    assert all_of_it.facets["branch"] == {"central": len(SHELF)}
    assert search(Query("", branch="music")).total == 0
    assert search(Query("", available=True, branch="central")).total == len(SHELF)
    assert search(Query("", age="18+")).total == 0
    assert search(Query("поттер", limit=1, offset=1)).total == 2


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE titles --",
        '"',
        "* OR *",
        "a" * 500,
        "(((",
        "NEAR(",
        'кобзар" OR "',
        "🙂",
        "%%%",
        "\\",
        ":*",
        "&|!",
    ],
)
def test_nothing_anybody_types_breaks_it(search: Search, typed: str) -> None:
    assert search(Query(typed)).total >= 0


def test_a_copy_on_loan_is_not_free(centre: Centre) -> None:
    url = centre.engine.url.render_as_string(hide_password=False)
    filled = fill_centre(url)
    row = {"id": "l1", "item": "i-kobzar", "item_type": "book", "lent_at": NOW, "due": NOW.date(), "state": "open"}
    filled.carry_out(
        lambda work: work.execute(
            insert(central_loans), {"network": NETWORK, **row, "channel": "desk", "branch": "central"}
        )
    )

    found = search_centre(filled, Query("кобзар"))

    assert (found.titles[0].places[0].copies, found.titles[0].places[0].free) == (1, 0)
    assert search_centre(filled, Query("кобзар", available=True)).total == 0
    filled.close()
