"""A whole state in parts: checked, shared, and the feed goes on where it ends."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import zstandard
from sqlalchemy import func, insert, select

from kiosk.central import snapshots
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.feed import page
from kiosk.central.incarnations import begin
from kiosk.central.tables import settings_documents
from kiosk.wire.messages import Kind
from tests.central.feed.test_pages import STATION, WINDOW, touch_all
from tests.central.ingest.stand import NOON, Teller, furnish
from tests.central_bench import NETWORK


def lines(centre: Centre, who: Any = STATION) -> list[list[Any]]:
    """Fetch a whole snapshot, every part checked by its checksum."""
    made = snapshots.manifest(centre, who)
    read = []
    for one in made.parts:
        content = snapshots.part(centre, who, made.id, one.number)
        assert (len(content), sha256(content).hexdigest()) == (one.bytes, one.sha256)
        text = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        told = [json.loads(line) for line in text.splitlines()]
        assert len(told) == one.rows
        read += told
    return read


def test_a_snapshot_holds_everything_in_the_order_it_depends_on(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.lent(0, "i1", "p1")
    a.upload()

    kinds = [kind for kind, _, _ in lines(centre)]

    assert kinds == ["title"] * 3 + ["item"] * 3 + ["patron"] * 3 + ["loan"]


def test_the_feed_goes_on_where_the_snapshot_ends(centre: Centre) -> None:
    furnish(centre)
    touch_all(centre)
    made = snapshots.manifest(centre, STATION)
    centre.carry_out(lambda work: touch(work, NETWORK, Kind.ITEM, ["i2"]))

    assert [key for _, key, _ in page(centre, STATION, made.cursor).changes] == ["i2"]


def test_stations_of_one_scope_share_a_snapshot_and_others_get_their_own(centre: Centre) -> None:
    furnish(centre)

    made = [snapshots.manifest(centre, who) for who in (STATION, STATION, WINDOW)]

    assert made[0].id == made[1].id != made[2].id
    assert "Прізвище" not in json.dumps(lines(centre, WINDOW), ensure_ascii=False)
    assert "Прізвище" in json.dumps(lines(centre), ensure_ascii=False)


def test_a_station_cannot_fetch_a_part_of_another_scope(centre: Centre) -> None:
    furnish(centre)
    made = snapshots.manifest(centre, STATION)

    with pytest.raises(snapshots.PartGone):
        snapshots.part(centre, WINDOW, made.id, 0)


def test_a_stations_own_documents_come_last_and_as_they_are_now(centre: Centre) -> None:
    furnish(centre)
    snapshots.manifest(centre, STATION)
    row = {"target": "station:b.hall", "version": 3, "toml": "[station]", "made_by": "x", "made_at": NOON}
    centre.carry_out(lambda work: work.execute(insert(settings_documents), {"network": NETWORK, **row}))

    assert lines(centre)[-1][:2] == ["settings", "station:b.hall"]
    assert not any(kind == "settings" for kind, _, _ in lines(centre, WINDOW))


def test_the_manifest_says_what_the_snapshot_knows_of_the_station(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    b.lent(0, "i1", "p1")
    b.upload()
    made = snapshots.manifest(centre, STATION)
    b.lent(1, "i2", "p1")
    b.upload()

    assert made.heard == {"epoch-b": 1}
    assert snapshots.manifest(centre, STATION).heard == {"epoch-b": 1}


def test_an_old_snapshot_and_one_of_another_life_are_made_anew(centre: Centre) -> None:
    furnish(centre)
    first = snapshots.manifest(centre, STATION)
    later = centre.now() + timedelta(hours=2)
    centre.now = lambda: later
    second = snapshots.manifest(centre, STATION)
    centre.carry_out(lambda work: begin(work, NETWORK, "restored", later))

    third = snapshots.manifest(centre, STATION)

    assert len({first.id, second.id, third.id}) == 3
    assert third.incarnation != second.incarnation


def test_old_snapshots_are_forgotten_and_say_so(centre: Centre) -> None:
    furnish(centre)
    first = snapshots.manifest(centre, STATION)
    later = centre.now() + timedelta(days=1)
    centre.now = lambda: later

    snapshots.manifest(centre, STATION)

    with pytest.raises(snapshots.PartGone, match="ask for a new one"):
        snapshots.part(centre, STATION, first.id, 0)
    kept = select(func.count()).select_from(snapshots.snapshots)
    assert centre.look(lambda work: work.execute(kept).scalar()) == 1
