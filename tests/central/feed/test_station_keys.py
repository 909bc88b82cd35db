"""Every station can prove every receipt, and knows whom the centre can mail, without knowing where."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from kiosk.bootstrap.central_receipts import keys_of
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.enrolment import enrol, make_code, revoke
from kiosk.central.feed import page
from kiosk.central.identity import StationIdentity
from kiosk.central.snapshots import manifest, part
from kiosk.central.tables import patrons
from kiosk.receipts.token import Moved, Stub, key_id, prove, raw_public, seal
from kiosk.store import open_store
from kiosk.store.replica import Position, take_page
from kiosk.store.replica.centres import meet
from kiosk.store.tables import patrons as known_patrons
from kiosk.store.tables import station_keys
from kiosk.sync.key import new_key, public_text
from kiosk.wire.messages import COLUMNS, EnrolRequest, Kind
from tests.central.ingest.stand import NOON, POLICIES, furnish

STATION = StationIdentity("b.hall", "b", "hall")
WINDOW = StationIdentity("b.street", "b", "street", lends=False)
STUB = Stub("1a2b3c-7", NOON, {Moved.RETURNED: ("i1",)})


def let_in(centre: Centre) -> tuple[object, str]:
    key = new_key()
    enrol(centre, EnrolRequest(code=make_code(centre, POLICIES, "a", "hall", "test"), public_key=public_text(key)))
    return key, key_id(raw_public(key)).hex()


def test_the_key_of_a_station_that_is_let_in_travels_to_all_others(centre: Centre) -> None:
    _, name = let_in(centre)

    for station in (STATION, WINDOW):
        told = {key: row for kind, key, row in page(centre, station, "").changes if kind is Kind.STATION_KEY}
        assert [row[1] for row in told.values() if row] == ["a.hall"]
        assert set(told) == {name}


def test_a_station_enrolled_anew_has_two_keys_and_old_receipts_stay_good(centre: Centre) -> None:
    old, _ = let_in(centre)
    let_in(centre)

    proven = prove(seal(STUB, old), centre.look(lambda work: keys_of(work, centre.network)))  # type: ignore[arg-type]

    assert (proven.key.station, proven.revoked) == ("a.hall", False)


def test_receipts_of_a_station_that_is_shut_out_are_told_apart_everywhere(centre: Centre) -> None:
    key, name = let_in(centre)
    before = page(centre, STATION, "").cursor
    revoke(centre, "a.hall", "test")

    ((kind, told, row),) = page(centre, STATION, before).changes
    proven = prove(seal(STUB, key), centre.look(lambda work: keys_of(work, centre.network)))  # type: ignore[arg-type]

    assert (kind, told) == (Kind.STATION_KEY, name)
    assert row is not None
    assert row[COLUMNS[Kind.STATION_KEY].index("revoked_at")] is not None
    assert proven.revoked


def test_a_snapshot_has_the_keys_in_the_part_of_the_station(centre: Centre) -> None:
    let_in(centre)
    whole = manifest(centre, STATION)

    last = part(centre, STATION, whole.id, whole.parts[-1].number)

    assert whole.parts[-1].rows == 1
    assert len(last) == whole.parts[-1].bytes


@pytest.mark.parametrize(("station", "told"), [(STATION, True), (WINDOW, False)])
def test_a_station_is_told_whether_a_patron_can_be_mailed_and_never_where(
    centre: Centre, tmp_path: Path, station: StationIdentity, told: bool
) -> None:
    furnish(centre)
    address = update(patrons).where(patrons.c.id == "p1").values(email="olena@example.org")
    centre.carry_out(lambda work: work.execute(address).rowcount)
    centre.carry_out(lambda work: touch(work, centre.network, Kind.PATRON, ["p1", "p2"]))
    let_in(centre)
    read = page(centre, station, "")
    store = open_store(tmp_path / "station.db")

    meet(store, read.incarnation)
    assert take_page(store, read, Position(read.incarnation), NOON)

    wanted = select(known_patrons.c.id, known_patrons.c.mail)
    mailable = {row.id for row in store.look(lambda work: work.execute(wanted).all()) if row.mail}
    keys = store.look(lambda work: work.execute(select(station_keys.c.station)).scalars().all())
    store.close()
    assert mailable == ({"p1"} if told else set())
    assert keys == ["a.hall"]
    assert "@" not in read.model_dump_json()
    assert b"olena@example.org" not in (tmp_path / "station.db").read_bytes()
