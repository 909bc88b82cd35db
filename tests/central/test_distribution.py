"""Tables may be spread over machines by network: every key holds it, and every statement of the hot path names it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import UniqueConstraint, event

from kiosk.catalogue.port import Query
from kiosk.central import fleet, privacy, snapshots, staff
from kiosk.central.catalogue import index_titles, search
from kiosk.central.centre import Centre
from kiosk.central.circulation import account, cancel_hold, place_hold, renew, sign_in
from kiosk.central.enrolment import enrol, known_station, make_code, revoke
from kiosk.central.feed import page
from kiosk.central.ingest import set_aside
from kiosk.central.newsroom import Newsroom
from kiosk.central.resolutions import open_debts, resolve
from kiosk.central.statistics import Period, figures
from kiosk.central.tables import metadata
from kiosk.circulation.model import BranchId, PatronId, TitleId
from kiosk.sync.key import new_key, public_text
from kiosk.wire.messages import EnrolRequest, Heartbeat, Unreadable
from tests.central.feed.test_pages import STATION, touch_all
from tests.central.ingest.stand import NOON, POLICIES, Teller, furnish
from tests.central_bench import NETWORK

TABLES = {*metadata.tables, "title_search", "search_words"}
_NAMED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+AS\s+(\w+))?", re.IGNORECASE)


def nameless(statement: str) -> set[str]:
    """Find the central tables of a statement for which it names no network."""
    found = {(table, alias or table) for table, alias in _NAMED.findall(statement) if table in TABLES}
    if re.match(r"\s*INSERT", statement):
        return {table for table, _ in found if not re.search(r"\(.*?\bnetwork\b", statement, re.DOTALL)}
    alone = len({alias for _, alias in found}) == 1
    return {
        table
        for table, alias in found
        if not re.search(rf"\b{alias}\.network\b", statement) and not (alone and re.search(r"\bnetwork\b", statement))
    }


@contextmanager
def overheard(centre: Centre) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(centre.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(centre.engine, "before_cursor_execute", hear)


def whole_day(centre: Centre) -> None:
    """Everything stations, patrons and librarians ask of the centre, once."""
    station = enrol(
        centre, EnrolRequest(code=make_code(centre, POLICIES, "b", "hall", "x"), public_key=public_text(new_key()))
    )
    centre.look(lambda work: known_station(work, NETWORK, station.id))
    a, b = Teller(centre), Teller(centre, "b")
    lent = a.lent(0, "i1", "p1")
    b.lent(5, "i1", "p2")
    a.returned(9, "i1", lent, "p1")
    b.tell("renewed", 10, loan="loan-epoch-b-1", item="i1", patron="p2", due="2027-01-09", renewals=1)
    a.upload()
    b.upload()
    a.upload(a.rows)
    broken = a.tell("lent", 20)
    set_aside(centre, a.identity, Unreadable(epoch=a.epoch, event=broken, why="it fell over"))
    touch_all(centre)
    cursor = page(centre, STATION, "").cursor
    page(centre, STATION, cursor)
    Newsroom(centre).wait((0, 0), 1)
    made = snapshots.manifest(centre, STATION)
    for one in made.parts:
        snapshots.part(centre, STATION, made.id, one.number)
    centre.carry_out(lambda work: fleet.note(work, NETWORK, station.id, Heartbeat(version="1"), NOON))
    centre.look(lambda work: fleet.overview(work, NETWORK))
    people(centre)
    revoke(centre, station.id, "x")


def people(centre: Centre) -> None:
    centre.carry_out(lambda work: index_titles(work, NETWORK, ["t1", "t2", "t3"]))
    for words in ("книга", "кныга", "rybuf", ""):
        search(centre, Query(words, branch="a", available=True))
    sign_in(centre, POLICIES, "20001", "1234")
    place_hold(centre, POLICIES, PatronId("p3"), TitleId("t1"), BranchId("a"), "wish-1")
    account(centre, POLICIES, PatronId("p3"))
    renew(centre, POLICIES, PatronId("p2"), ())
    cancel_hold(centre, POLICIES, PatronId("p3"), "nothing")
    for debt in centre.look(lambda work: open_debts(work, NETWORK)):
        resolve(centre, debt.id, debt.resolutions[0], "x")
    centre.look(lambda work: figures(work, NETWORK, Period(NOON.date(), NOON.date())))
    staff.sign_in(centre, "nobody", "nothing")
    privacy.nightly(centre, POLICIES)


def test_every_statement_of_the_hot_path_names_its_network(centre: Centre) -> None:
    furnish(centre)
    with overheard(centre) as said:
        whole_day(centre)

    central = [one for one in dict.fromkeys(said) if any(table in TABLES for table, _ in _NAMED.findall(one))]
    assert len(central) > 60
    assert {one: missing for one in central if (missing := nameless(one))} == {}


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_key_holds_its_network(name: str) -> None:
    table = metadata.tables[name]
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys = [*(one.columns for one in unique), *(one.columns for one in table.indexes if one.unique)]

    assert next(iter(table.primary_key.columns)).name == "network"
    assert all("network" in columns for columns in keys)
    assert all("network" in one.column_keys for one in table.foreign_key_constraints)


def test_the_check_itself_sees_a_statement_that_forgets() -> None:
    assert nameless("SELECT items.id FROM items JOIN titles ON titles.id = items.title WHERE items.network = ?") == {
        "titles"
    }
    assert nameless("SELECT id FROM loans WHERE state = 'open'") == {"loans"}
