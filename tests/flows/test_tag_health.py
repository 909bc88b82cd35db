"""A tag that reads badly is known afterwards: by the ledger, by the journal, and it names no card."""

import json
import time
from pathlib import Path

from drivers.barcode_scanners.scanner_simulator import SimulatedSerialScanner
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Refusal
from kiosk.station.view import ReturnsView, RowState, SessionView, StackFirstView, Touch
from tests.stand import Shelf, Stand, Station, make_tag


def settled(stand: Stand, question: str, wanted: list[tuple[object, ...]]) -> None:
    """Wait until the ledger answers so."""
    until = time.monotonic() + 15
    while (said := stand.ask(question)) != wanted:
        assert time.monotonic() < until, said
        time.sleep(0.01)


def test_a_dead_and_a_locked_tag_are_told_of_and_a_good_one_is_remembered(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    for number in ("0012000001", "0012000002", "0012000003"):
        shelf.item(number)
    good, dead, locked = make_tag("0012000001"), make_tag("0012000002"), make_tag("0012000003")
    dead.memory[4] ^= 0x01
    locked.lock("afi")
    card = SimulatedTag.of("04A1B2C3D4E5F6")
    with station() as stand:
        stand.begin(olena).remove()
        stand.lay(good, dead, locked, card)
        stand.sees_rows(SessionView, RowState.LENT, RowState.REFUSED, RowState.REFUSED, RowState.STAFF)
        stand.end()

        known = "SELECT tag, item, reads, unread, gate_failed FROM tags ORDER BY tag"
        settled(
            stand,
            known,
            sorted(
                [
                    (good.uid, "0012000001", 1, 0, 0),
                    (dead.uid, None, 1, 1, 0),
                    (locked.uid, "0012000003", 1, 0, 1),
                ]
            ),
        )
        ((payload,),) = stand.ask("SELECT payload FROM journal WHERE type = 'tags-read'")
        assert {one["tag"] for one in json.loads(payload)["readings"]} == {dead.uid, locked.uid}


def test_a_tag_known_here_must_be_seen_before_its_copy_is_lent_by_barcode(
    station: Station, shelf: Shelf, tmp_path: Path
) -> None:
    """Even where copies without tags are served; and a loan made elsewhere comes back with a debt on that tag."""
    olena, petro = shelf.patron("Олена"), shelf.patron("Петро")
    mine, lent_elsewhere = shelf.item("0012000001"), shelf.item("0012000002")
    shelf.lend(lent_elsewhere, petro)
    scanner = SimulatedSerialScanner(tmp_path / "scanner")
    barcode = {"driver": "serial", "serial": {"port": scanner.path}, "untagged": "serve"}
    first, second = make_tag(mine), make_tag(lent_elsewhere, lent=True)
    with station(barcode=barcode, timing={"tag_wait_s": 0.3, "idle_s": 8.0}) as stand:
        stand.opens()
        stand.lay(first, second)
        stand.sees_rows(StackFirstView, RowState.ASKING, RowState.ASKING)
        stand.touch(Touch.CANCEL)
        stand.take_away(first, second)
        settled(stand, "SELECT count(*) FROM tags", [(2,)])

        stand.begin(olena).remove()
        scanner.scan(mine.id)
        row = stand.sees_rows(SessionView, RowState.REFUSED).rows[0]
        assert row.reasons[0].refusal is Refusal.TAG_UNSEEN
        stand.end()
        stand.touch(Touch.DONE)

        stand.opens()
        scanner.scan(lent_elsewhere.id)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, RowState.RETURNED)
        stand.owes(("gate-not-armed", lent_elsewhere.id))
    scanner.unplug()
