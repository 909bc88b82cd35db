"""What a real visit leaves in the journal for the figures, and what it does not."""

import json
import time
from typing import Any

from kiosk.circulation.model import ItemStatus
from kiosk.station.view import RowState, SessionView
from tests.stand import PATIENCE, Shelf, Stand, Station, make_tag


def visits(stand: Stand, number: int) -> list[dict[str, Any]]:
    """Wait for so many visits in the journal."""
    until = time.monotonic() + PATIENCE
    while True:
        rows = stand.ask("SELECT payload FROM journal WHERE type = 'visit-ended' ORDER BY position")
        if len(rows) >= number or time.monotonic() > until:
            return [json.loads(text) for (text,) in rows]
        time.sleep(0.02)


def test_a_visit_is_booked_with_its_refusals_and_without_the_patron(station: Station, shelf: Shelf) -> None:
    sofiia = shelf.patron("Софія", category="child", born=None)
    lent = make_tag(shelf.item("0012000001"))
    kept = make_tag(shelf.item("0012000002", status=ItemStatus.NOT_FOR_LOAN))

    with station() as stand:
        stand.begin(sofiia)
        stand.lay(lent, kept)
        stand.sees_rows(SessionView, RowState.LENT, RowState.REFUSED)
        stand.end()
        (visit,) = visits(stand, 1)

        assert visit.pop("seconds") < PATIENCE
        assert visit == {
            "kind": "borrow",
            "age_group": "child",
            "language": "uk",
            "lent": 1,
            "returned": 0,
            "renewed": 0,
            "refusals": {"not-for-loan": 1},
            "failed_checkouts": 0,
        }
        assert (stand.kiosk.shell.counted.visits, stand.kiosk.shell.counted.largest_checkout) == (1, 1)


def test_a_card_nobody_knows_is_a_visit_with_its_reason(station: Station) -> None:
    with station() as stand:
        stand.opens()
        stand.unknown_card().insert()
        (visit,) = visits(stand, 1)

        assert (visit["kind"], visit["refusals"]) == ("none", {"card-unknown": 1})
