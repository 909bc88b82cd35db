"""A visit is over: one row of the journal, for figures. Whose visit it was is not said."""

from kiosk.library.local.desk import Desk
from kiosk.library.port import VisitFacts
from kiosk.store.journal import EventType


def note_visit(desk: Desk, visit: VisitFacts) -> None:
    """Journal what a visit came to."""
    facts = {
        "kind": visit.kind,
        "age_group": visit.age_group,
        "language": visit.language,
        "seconds": visit.seconds,
        "lent": visit.lent,
        "returned": visit.returned,
        "renewed": visit.renewed,
        "refusals": {refusal.value: times for refusal, times in visit.refusals},
        "failed_checkouts": visit.failed_checkouts,
    }
    desk.work.journal.record(EventType.VISIT_ENDED, facts)
