"""Debts: facts two places disagree on, each with a name, until somebody settles it. And answers once given."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from kiosk.circulation.model import ItemId
from kiosk.devices import TagUid
from kiosk.store.identifiers import new_id
from kiosk.store.tables import answers, debts


class DebtKind(StrEnum):
    GATE_NOT_CLEARED = "gate-not-cleared"  # on loan, and the gate may ring for it
    GATE_NOT_ARMED = "gate-not-armed"  # here, and the gate may let it pass
    RETURN_UNFINISHED = "return-unfinished"  # somebody meant to bring it back; it may be here or not
    UNKNOWN_ITEM = "unknown-item"  # ours by its tag, in no list of ours
    SET_INCOMPLETE = "set-incomplete"  # a set came back without some of its parts
    SYSTEM_REFUSED = "system-refused"  # it has happened, and the library's own system would not book it


GATE_DEBTS = (DebtKind.GATE_NOT_CLEARED, DebtKind.GATE_NOT_ARMED)


@dataclass(frozen=True, slots=True)
class Debt:
    """`tag` is "" where the whole copy is meant; `evidence` is what was known when it was opened.

    `origin` is "centre" for a debt another station found, "" for one of our own.
    """

    id: str
    kind: DebtKind
    item: ItemId
    tag: TagUid
    evidence: dict[str, Any]
    opened: datetime
    closed: datetime | None = None
    closed_by: str | None = None
    origin: str = ""


_IS_OPEN = text("debts.closed IS NULL")
_SAME = select(debts).where(
    _IS_OPEN,
    debts.c.item == bindparam("of_item"),
    debts.c.tag == bindparam("of_tag"),
    debts.c.kind == bindparam("of_kind"),
)
_ON_TAGS = select(debts).where(_IS_OPEN, debts.c.tag.in_(bindparam("tags", expanding=True)))
_ALL_OPEN = select(debts).where(_IS_OPEN).order_by(debts.c.opened, text("debts.rowid"))
NO_TAG = TagUid("")


class Debts:
    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def open(
        self, kind: DebtKind, item: ItemId, tag: TagUid = NO_TAG, evidence: Mapping[str, object] | None = None
    ) -> Debt | None:
        """Open a debt; None when the very same one is open already. The caller journals what it opened."""
        if self.standing(kind, item, tag) is not None:
            return None
        debt = Debt(new_id(self._at), kind, item, tag, dict(evidence or {}), self._at)
        row = {
            "id": debt.id,
            "kind": kind,
            "item": item,
            "tag": tag,
            "evidence": json.dumps(debt.evidence, ensure_ascii=False, sort_keys=True),
            "opened": self._at,
        }
        self._connection.execute(insert(debts), row)
        return debt

    def standing(self, kind: DebtKind, item: ItemId, tag: TagUid = NO_TAG) -> Debt | None:
        """Find the open debt of this kind about this copy or tag."""
        same = {"of_item": item, "of_tag": tag, "of_kind": kind}
        row = self._connection.execute(_SAME, same).one_or_none()
        return None if row is None else _debt(row)

    def on_tags(self, tags: Collection[TagUid]) -> tuple[Debt, ...]:
        """Find the open debts about the gate bits of these tags."""
        rows = self._connection.execute(_ON_TAGS, {"tags": list(tags)})
        return tuple(debt for debt in map(_debt, rows) if debt.kind in GATE_DEBTS)

    def all_open(self) -> tuple[Debt, ...]:
        """List what is unsettled, oldest first: for the screen of the technician."""
        return tuple(_debt(row) for row in self._connection.execute(_ALL_OPEN))

    def close(self, debt: Debt, by: str) -> None:
        """Settle *debt*; *by* says what settled it: an order, a loan, a return, a person."""
        own = debts.c.id == debt.id
        self._connection.execute(update(debts).where(own).values(closed=self._at, closed_by=by))


def _debt(row: Row[Any]) -> Debt:
    said = row._asdict()
    return Debt(**{**said, "kind": DebtKind(said["kind"]), "evidence": json.loads(said["evidence"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given: which kind of value, and the value as JSON."""

    kind: str
    text: str


_GIVEN = select(answers).where(
    answers.c.request_key.in_(bindparam("keys", expanding=True)), answers.c.asked == bindparam("what")
)
_GIVE = insert(answers)


class Answers:
    """The same request again gets the answer of the first time: here it is kept."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def given(self, asked: str, keys: Collection[str]) -> dict[str, Answer]:
        rows = self._connection.execute(_GIVEN, {"keys": list(keys), "what": asked})
        return {row.request_key: Answer(row.kind, row.answer) for row in rows}

    def give(self, asked: str, key: str, answer: Answer) -> None:
        row = {"request_key": key, "asked": asked, "kind": answer.kind, "answer": answer.text, "given": self._at}
        self._connection.execute(_GIVE, row)

    def change(self, asked: str, key: str, answer: Answer) -> None:
        """Give another answer from now on: more is known than when it was given."""
        own = (answers.c.request_key == key) & (answers.c.asked == asked)
        self._connection.execute(update(answers).where(own).values(kind=answer.kind, answer=answer.text))
