"""Writes down what the pad learnt of tags, and tells the centre of those that gave trouble."""

from collections.abc import Iterable

from kiosk.library.port import TagReading
from kiosk.store.journal import EventType
from kiosk.store.tags import facts_of
from kiosk.store.unit_of_work import UnitOfWork

_AT_ONCE = 50
"""Tags told of in one journal row."""


def note_tags(work: UnitOfWork, readings: Iterable[TagReading]) -> None:
    """Keep what was read. Tags that gave trouble this time are told of, with all that is known of them."""
    noted = [(one, work.tags.note(one.tag, one.item, one.counts)) for one in readings]
    troubled = [known for one, known in noted if one.counts.troubles]
    for at in range(0, len(troubled), _AT_ONCE):
        work.journal.record(EventType.TAGS_READ, {"readings": facts_of(troubled[at : at + _AT_ONCE])})
