"""What the station set out to do with things it can touch: gate bits to set, returns to finish.

An intent is durable before a tag is touched and stays open until somebody says what became of it. Whatever dies
in between, the open intents say what is to be looked after.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, text, update

from kiosk.circulation.model import ItemId, LoanId
from kiosk.devices import TagUid
from kiosk.store.tables import intents, returns


class IntentKind(StrEnum):
    CHECKOUT = "checkout"  # clear the bit of a copy just lent
    CHECKIN = "checkin"  # arm the bit of a copy coming back
    REPAIR = "repair"  # bring a bit into line with the ledger, whenever the tag is seen


class IntentState(StrEnum):
    PENDING = "pending"  # given, no answer yet
    OWED = "owed"  # it did not happen; a debt is open, and the next sight of the tag tries again
    DONE = "done"
    VOIDED = "voided"  # something else was decided since


@dataclass(frozen=True, slots=True)
class Intent:
    """To set the gate bit of one tag. `outcome` and `afi` are the last that was heard of it."""

    id: str
    request_key: str
    kind: IntentKind
    tag: TagUid
    item: ItemId
    armed: bool
    loan: LoanId | None = None
    state: IntentState = IntentState.PENDING
    outcome: str | None = None
    afi: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (IntentState.PENDING, IntentState.OWED)


_OPEN_STATE = text("intents.state IN ('pending', 'owed')")  # literal: SQLite uses the partial index for it
_AS_OPENED = text("intents.rowid")
_BY_ID = select(intents).where(intents.c.id == bindparam("intent"))
_OPEN_ON = select(intents).where(_OPEN_STATE, intents.c.tag.in_(bindparam("tags", expanding=True)))
_OF_KEY = select(intents).where(intents.c.request_key == bindparam("key"))
_OF_LOAN = select(intents).where(intents.c.loan == bindparam("of"))
_LEFT = select(intents).where(intents.c.state == IntentState.PENDING, intents.c.epoch != bindparam("now"))
_OPEN = insert(intents)


class Intents:
    """Gate bits to set. Listed in the order they were opened."""

    def __init__(self, connection: Connection, epoch: str, at: datetime) -> None:
        self._connection = connection
        self._epoch = epoch
        self._at = at

    def by_id(self, intent: str) -> Intent | None:
        row = self._connection.execute(_BY_ID, {"intent": intent}).one_or_none()
        return None if row is None else _intent(row)

    def open_on(self, tags: Collection[TagUid]) -> tuple[Intent, ...]:
        """Find what is still to be done, or owed, on these tags."""
        return self._all(_OPEN_ON, tags=list(tags))

    def of_key(self, request_key: str) -> tuple[Intent, ...]:
        return self._all(_OF_KEY, key=request_key)

    def of_loan(self, loan: LoanId) -> tuple[Intent, ...]:
        return self._all(_OF_LOAN, of=loan)

    def left_by_earlier_runs(self) -> tuple[Intent, ...]:
        """Find what earlier runs of the program set out to do and never heard of again."""
        return self._all(_LEFT, now=self._epoch)

    def open(self, intent: Intent) -> None:
        row = {
            "id": intent.id,
            "request_key": intent.request_key,
            "kind": intent.kind,
            "tag": intent.tag,
            "item": intent.item,
            "armed": intent.armed,
            "loan": intent.loan,
            "epoch": self._epoch,
            "opened": self._at,
            "state": intent.state,
            "outcome": intent.outcome,
            "afi": intent.afi,
        }
        self._connection.execute(_OPEN, row)

    def note(self, intent: Intent, state: IntentState, outcome: str | None = None, afi: int | None = None) -> None:
        """Say what became of *intent*; without *outcome*, what was heard last stays."""
        changed: dict[str, object] = {"state": state, "settled": self._at}
        if outcome is not None:
            changed |= {"outcome": outcome, "afi": afi}
        self._connection.execute(update(intents).where(intents.c.id == intent.id).values(changed))

    def _all(self, found: Select[Any], **facts: object) -> tuple[Intent, ...]:
        rows = self._connection.execute(found.order_by(_AS_OPENED), facts)
        return tuple(_intent(row) for row in rows)


def _intent(row: Row[Any]) -> Intent:
    return Intent(
        id=row.id,
        request_key=row.request_key,
        kind=IntentKind(row.kind),
        tag=row.tag,
        item=row.item,
        armed=row.armed,
        loan=row.loan,
        state=IntentState(row.state),
        outcome=row.outcome,
        afi=row.afi,
    )


class ReturnState(StrEnum):
    BEGUN = "begun"
    TAKEN = "taken"
    SUPERSEDED = "superseded"  # the same copy was laid down to be returned again, under another key


@dataclass(frozen=True, slots=True)
class Return:
    """A return that was written down: which copy, by which tags and parts, and what became of it."""

    request_key: str
    item: ItemId
    owner: str
    tags: tuple[TagUid, ...]
    state: ReturnState = ReturnState.BEGUN
    here: tuple[int, ...] = ()


_BEGUN = select(returns).where(text("returns.state = 'begun'"), returns.c.item.in_(bindparam("items", expanding=True)))


class Returns:
    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def by_key(self, request_key: str) -> Return | None:
        row = self._connection.execute(select(returns).where(returns.c.request_key == request_key)).one_or_none()
        return None if row is None else _return(row)

    def begun(self, items: Collection[ItemId]) -> dict[ItemId, Return]:
        """Find the returns of these items that were begun and not finished: at most one each."""
        rows = self._connection.execute(_BEGUN, {"items": list(items)})
        return {row.item: _return(row) for row in rows}

    def begin(self, begun: Return) -> None:
        row = {
            "request_key": begun.request_key,
            "item": begun.item,
            "owner": begun.owner,
            "tags": json.dumps(begun.tags),
            "here": json.dumps(begun.here),
            "begun": self._at,
            "state": begun.state,
        }
        self._connection.execute(insert(returns), row)

    def close(self, begun: Return, state: ReturnState) -> None:
        own = returns.c.request_key == begun.request_key
        self._connection.execute(update(returns).where(own).values(state=state, closed=self._at))


def _return(row: Row[Any]) -> Return:
    tags, here = tuple(json.loads(row.tags)), tuple(json.loads(row.here))
    return Return(row.request_key, row.item, row.owner, tags, ReturnState(row.state), here)
