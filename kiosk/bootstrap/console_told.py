"""What the console shows of the library's own system: whether it answers, what waits to be told, what it said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from kiosk.library.remote import RemoteLibrary
from kiosk.store import Store
from kiosk.store.dispatches import Dispatch, Dispatches
from web_ui.console.records_pages import Told, ToldRow

SHOWN = 30


def told_of(store: Store, theirs: RemoteLibrary, zone: ZoneInfo) -> Told:
    """Look up how the system is and what it was told last."""
    return store.look(lambda work: _told(work, theirs.trouble, zone), writes=False)


def _told(work: Connection, trouble: str, zone: ZoneInfo) -> Told:
    dispatches = Dispatches(work, datetime.now(UTC))
    rows = tuple(_row(one, zone) for one in dispatches.latest(SHOWN))
    return Told(len(dispatches.waiting()), trouble, rows)


def _row(one: Dispatch, zone: ZoneInfo) -> ToldRow:
    assert one.at is not None, "what is written down has its time"
    return ToldRow(one.at.astimezone(zone), one.kind.value, one.item, one.state.value, one.tries, one.said)
