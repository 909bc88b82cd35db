"""What another library system is to be told: written down before it is told, closed when it has answered.

In order: nothing that was decided later is told first. What it refuses stays as a debt, what it has not heard waits.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from kiosk.circulation.model import ItemId, PatronId
from kiosk.store.tables import dispatches


class DispatchKind(StrEnum):
    LEND = "lend"
    TAKE_BACK = "take-back"
    CANCEL = "cancel"  # take back a loan that came to nothing


class DispatchState(StrEnum):
    ASKED = "asked"  # a loan nobody was promised yet: the ledger has none until the system says yes
    QUEUED = "queued"  # it has happened; the system is to hear of it
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One thing to be told. `tries` is how often it was sent, `at` when it happened, `said` what was answered."""

    request_key: str
    kind: DispatchKind
    item: ItemId
    patron: PatronId | None = None
    state: DispatchState = DispatchState.QUEUED
    tries: int = 0
    said: str = ""
    at: datetime | None = None
    position: int = 0


_IS_OPEN = text("dispatches.closed IS NULL")
_OPEN = select(dispatches).where(_IS_OPEN).order_by(dispatches.c.position)
_OF = select(dispatches).where(
    dispatches.c.request_key.in_(bindparam("keys", expanding=True)), dispatches.c.kind == bindparam("what")
)


class Dispatches:
    """What is to be told, as one unit of work sees it."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def write(self, dispatch: Dispatch) -> None:
        """Write *dispatch* down at the end of the queue. It happened now."""
        row = {
            "request_key": dispatch.request_key,
            "kind": dispatch.kind,
            "item": dispatch.item,
            "patron": dispatch.patron,
            "at": self._at,
            "state": dispatch.state,
            "tries": 0,
            "said": dispatch.said,
        }
        self._connection.execute(insert(dispatches), row)

    def of(self, keys: Collection[str], kind: DispatchKind) -> dict[str, Dispatch]:
        rows = self._connection.execute(_OF, {"keys": list(keys), "what": kind})
        return {row.request_key: _dispatch(row) for row in rows}

    def waiting(self) -> tuple[Dispatch, ...]:
        """List what the system has not answered, in the order it happened."""
        return tuple(_dispatch(row) for row in self._connection.execute(_OPEN))

    def latest(self, limit: int) -> tuple[Dispatch, ...]:
        """List the newest, whatever became of them: for the screen of the technician."""
        newest = select(dispatches).order_by(dispatches.c.position.desc()).limit(limit)
        return tuple(_dispatch(row) for row in self._connection.execute(newest))

    def count(self, dispatch: Dispatch, tries: int) -> None:
        """Note how often it was sent, before it is sent: nobody knows whether the system heard it until it answers."""
        self._change(dispatch, tries=tries)

    def note(self, dispatch: Dispatch, state: DispatchState, said: str = "") -> None:
        """Note what became of it, and close it when it is over."""
        over = state in (DispatchState.DONE, DispatchState.REFUSED)
        self._change(dispatch, state=state, said=said, closed=self._at if over else None)

    def _change(self, dispatch: Dispatch, **facts: object) -> None:
        own = (dispatches.c.request_key == dispatch.request_key) & (dispatches.c.kind == dispatch.kind)
        self._connection.execute(update(dispatches).where(own).values(**facts))


def forget_dispatches(connection: Connection, before: datetime) -> None:
    connection.execute(delete(dispatches).where(dispatches.c.closed < before))


def _dispatch(row: Row[Any]) -> Dispatch:
    return Dispatch(
        request_key=row.request_key,
        kind=DispatchKind(row.kind),
        item=row.item,
        patron=row.patron,
        state=DispatchState(row.state),
        tries=row.tries,
        said=row.said,
        at=row.at,
        position=row.position,
    )
