"""A visit in the journal: figures for the network, and nothing by which anybody could be known."""

from kiosk.circulation.model import Refusal
from kiosk.library.port import VisitFacts, VisitKind
from tests.library.desk_stand import DeskStand


def test_a_visit_is_one_row_of_figures(desk: DeskStand) -> None:
    visit = VisitFacts(VisitKind.BORROW, "youth", "uk", 14, lent=2, refusals=((Refusal.FEES, 1),), failed_checkouts=1)

    desk.library.note_visit(visit)

    (entry,) = desk.journal()
    assert entry.type == "visit-ended"
    assert entry.facts() == {
        "kind": "borrow",
        "age_group": "youth",
        "language": "uk",
        "seconds": 14,
        "lent": 2,
        "returned": 0,
        "renewed": 0,
        "refusals": {"fees": 1},
        "failed_checkouts": 1,
    }
