"""What changed, oldest first, and never without what it points at."""

import json
import random
import threading
import time

import pytest
from sqlalchemy import insert, select, text, update

from kiosk.central.centre import Centre, open_centre
from kiosk.central.changes import touch
from kiosk.central.feed import CursorGone, page
from kiosk.central.identity import StationIdentity
from kiosk.central.incarnations import begin
from kiosk.central.tables import changes, loans, notices, patrons, pins, settings_documents
from kiosk.wire.messages import COLUMNS, Kind, Page
from tests.central.ingest.stand import NOON, Teller, furnish, place_hold
from tests.central_bench import NETWORK

STATION = StationIdentity("b.hall", "b", "hall")
WINDOW = StationIdentity("b.street", "b", "street", lends=False)


def touch_all(centre: Centre) -> None:
    def tell(work: object) -> None:
        for kind, keys in ((Kind.TITLE, "t1 t2 t3"), (Kind.ITEM, "i1 i2 i3"), (Kind.PATRON, "p1 p2 p3")):
            touch(work, centre.network, kind, keys.split())  # type: ignore[arg-type]

    centre.carry_out(tell)


def names(read: Page) -> list[tuple[str, str]]:
    return [(str(kind), key) for kind, key, _ in read.changes]


def test_a_page_tells_what_changed_and_the_next_one_only_what_is_newer(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    first = page(centre, STATION, "")
    centre.carry_out(lambda work: touch(work, centre.network, Kind.ITEM, ["i2"]))

    second = page(centre, STATION, first.cursor)

    assert len(first.changes) == 9
    assert names(second) == [("item", "i2")]
    assert page(centre, STATION, second.cursor).changes == ()


def test_a_small_page_says_that_there_is_more(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    cursor, seen, more = "", [], True
    while more:
        read = page(centre, STATION, cursor, limit=2)
        cursor, more = read.cursor, read.more
        seen += names(read)

    assert set(seen) == {(kind, f"{kind[0]}{n}") for kind in ("title", "item", "patron") for n in (1, 2, 3)}


def test_a_loan_comes_with_its_patron_and_copy_though_these_changed_later(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "p1")
    a.upload()
    touch_all(centre)

    read = page(centre, STATION, "", limit=1)

    assert read.changes[-1][0] is Kind.LOAN
    assert {("title", "t1"), ("item", "i1"), ("patron", "p1")} < set(names(read))


def test_what_ended_is_told_as_gone(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "i1", "p1")
    a.upload()
    cursor = page(centre, STATION, "").cursor
    a.returned(5, "i1", lent, "p1")
    a.upload()

    told = {(kind, key): row for kind, key, row in page(centre, STATION, cursor).changes}

    assert told[Kind.LOAN, lent] is None
    assert told[Kind.ITEM, "i1"] is not None


def test_a_page_says_which_events_of_the_station_it_knows(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.lent(0, "i1", "p1")
    b.upload()

    assert page(centre, b.identity, "").heard == {"epoch-b": 1}
    assert page(centre, WINDOW, "").heard == {}


def test_a_cursor_of_another_life_is_gone(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    cursor = page(centre, STATION, "").cursor
    centre.carry_out(lambda work: begin(work, NETWORK, "restored", NOON))

    with pytest.raises(CursorGone):
        page(centre, STATION, cursor)


def test_a_cursor_from_the_future_is_gone(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    cursor = page(centre, STATION, "").cursor
    incarnation = cursor.partition(":")[0]

    with pytest.raises(CursorGone, match="restored"):
        page(centre, STATION, f"{incarnation}:999999999:999999999")


@pytest.mark.parametrize("nonsense", ["x", "::", "a:b:c", "1:2", ":1:" + "9" * 400])
def test_a_cursor_that_is_none_is_gone(centre: Centre, nonsense: str) -> None:
    with pytest.raises(CursorGone):
        page(centre, STATION, nonsense)


def test_a_returns_only_station_hears_no_name_no_card_and_no_pin(centre: Centre) -> None:
    furnish(centre)
    centre.carry_out(
        lambda work: work.execute(insert(pins), {"network": NETWORK, "patron": "p1", "verifier": "$secret"})
    )
    touch_all(centre)

    whole, little = (
        json.dumps(page(centre, who, "").model_dump(mode="json"), ensure_ascii=False) for who in (STATION, WINDOW)
    )

    assert all(word in whole for word in ("Прізвище", "20001", "$secret"))
    assert not any(word in little for word in ("Прізвище", "Ім’я", "20001", "$secret"))


def test_nobody_hears_where_patrons_live_nor_what_other_stations_are_set_to(centre: Centre) -> None:
    furnish(centre)

    def fill(work: object) -> None:
        ours = patrons.c.id == "p1"
        work.execute(update(patrons).where(ours).values(email="olena@example.org", phone="0412000000"))  # type: ignore[attr-defined]
        for target in ("network", "branch:a", "branch:b", "station:b.hall"):
            row = {"target": target, "version": 1, "toml": f"# {target}", "made_by": "x", "made_at": NOON}
            work.execute(insert(settings_documents), {"network": NETWORK, **row})  # type: ignore[attr-defined]
        for branch in ("", "a", "b"):
            row = {"id": f"n{branch}", "branch": branch, "words": {"uk": "слово"}, "from_day": NOON.date()}
            work.execute(insert(notices), {"network": NETWORK, **row, "until_day": NOON.date()})  # type: ignore[attr-defined]
        touch(work, NETWORK, Kind.SETTINGS, ["network", "branch:a", "branch:b", "station:b.hall"])  # type: ignore[arg-type]
        touch(work, NETWORK, Kind.NOTICE, ["n", "na", "nb"])  # type: ignore[arg-type]

    centre.carry_out(fill)
    touch_all(centre)

    told = page(centre, STATION, "").changes
    said = json.dumps([row for _, _, row in told], ensure_ascii=False)

    assert "olena@" not in said
    assert "0412000000" not in said
    assert {key for kind, key, _ in told if kind is Kind.SETTINGS} == {"network", "branch:b", "station:b.hall"}
    assert {key for kind, key, row in told if kind is Kind.NOTICE and row} == {"n", "nb"}


def test_a_network_never_hears_of_another(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    other = Centre(centre.engine, "elsewhere")
    centre.carry_out(lambda work: begin(work, "elsewhere", "new", NOON))

    assert page(other, STATION, "").changes == ()


def test_every_row_has_the_columns_of_its_kind(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "p1")
    a.tell("debt-opened", 1, debts=[{"id": "d1", "kind": "gate-not-cleared", "item": "i1", "tag": "E004"}])
    a.upload()
    place_hold(centre, "h1", "p2", "t2")
    touch_all(centre)
    centre.carry_out(lambda work: touch(work, NETWORK, Kind.HOLD, ["h1"]))

    for kind, key, row in page(centre, STATION, "").changes:
        assert row is not None
        assert len(row) == len(COLUMNS[kind])
        assert row[0] == key


def test_a_loan_nobody_can_place_is_not_told(centre: Centre) -> None:
    """A station's tables point from loans to copies and patrons; people at the centre settle it first."""
    furnish(centre)
    a = Teller(centre)
    lent = a.lent(0, "unheard-of", "p1")
    a.upload()

    told = {(kind, key): row for kind, key, row in page(centre, STATION, "").changes}

    assert told[Kind.LOAN, lent] is None
    wanted = select(loans.c.state).where(loans.c.id == lent)
    assert centre.look(lambda work: work.execute(wanted).scalar()) == "open"


WRITERS, EACH = 8, 40


def late_commits(url: str, started: threading.Event) -> None:
    """Touch things in transactions that stay open for a moment, so that numbers commit out of order."""
    chance = random.Random(threading.get_ident())
    centre = open_centre(url, NETWORK)
    name = f"{threading.get_ident()}"
    started.wait()
    for n in range(EACH):

        def change(work: object, n: int = n) -> None:
            touch(work, NETWORK, Kind.ITEM, [f"{name}-{n}"])  # type: ignore[arg-type]
            time.sleep(chance.random() * 0.01)

        centre.carry_out(change)
    centre.close()


def test_a_cursor_skips_nothing_that_was_committed_late(postgres_url: str) -> None:
    """The plain question for "newer than the last number" is asked beside it, and does miss rows."""
    centre = open_centre(postgres_url, NETWORK)
    started = threading.Event()
    writers = [threading.Thread(target=late_commits, args=(postgres_url, started)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen, seen_plainly, cursor, last = set(), set(), "", 0
    started.set()
    while True:
        alive = any(writer.is_alive() for writer in writers)
        read = page(centre, STATION, cursor)
        cursor = read.cursor
        seen |= {key for _, key, _ in read.changes}
        newer = select(changes.c.id, changes.c.key).where(changes.c.id > last).order_by(changes.c.id)
        for row in centre.look(lambda work, newer=newer: work.execute(newer).all()):  # type: ignore[misc]
            last = row.id
            seen_plainly.add(row.key)
        if not alive and not read.changes:
            break

    written = centre.look(lambda work: work.execute(text("SELECT count(*) FROM changes")).scalar())
    centre.close()

    assert len(seen) == written == WRITERS * EACH
    assert len(seen_plainly) < WRITERS * EACH
