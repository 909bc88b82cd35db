"""Items with their titles, and the queues for titles, as the database holds them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from kiosk.circulation.model import (
    BranchId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    Part,
    PartKind,
    PatronId,
    Title,
    TitleId,
)
from kiosk.store.tables import holds, items, titles

_COPY = select(
    items,
    titles.c.name,
    titles.c.author,
    titles.c.year,
    titles.c.language,
    titles.c.age_from,
).join(titles, titles.c.id == items.c.title)
_ITEMS = _COPY.where(items.c.id.in_(bindparam("ids", expanding=True)))
_COPIES = _COPY.where(items.c.title == bindparam("title"))
_OPEN = select(holds).where(holds.c.closed_at.is_(None)).order_by(holds.c.placed_at, holds.c.patron)
_QUEUES = _OPEN.where(holds.c.title.in_(bindparam("titles", expanding=True)))
_OF_PATRON = _OPEN.where(holds.c.patron == bindparam("of"))
_TITLES = select(titles).where(titles.c.id.in_(bindparam("ids", expanding=True)))


class Items:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, ids: Collection[ItemId]) -> dict[ItemId, Item]:
        """Find the items of *ids* that are known here."""
        rows = self._connection.execute(_ITEMS, {"ids": list(ids)})
        return {row.id: _item(row) for row in rows}

    def titles(self, ids: Collection[TitleId]) -> dict[TitleId, Title]:
        rows = self._connection.execute(_TITLES, {"ids": list(ids)})
        return {row.id: Title(row.id, row.name, row.author, row.year, row.language, row.age_from) for row in rows}

    def copies_of(self, title: TitleId) -> tuple[tuple[Item, BranchId], ...]:
        """Find every copy of *title*, each with the branch it was last seen at (its own where nobody said)."""
        rows = self._connection.execute(_COPIES, {"title": title})
        return tuple((_item(row), row.location or row.branch) for row in rows)

    def mark(self, item: ItemId, status: ItemStatus) -> None:
        self._connection.execute(update(items).where(items.c.id == item).values(status=status))


@dataclass(frozen=True, slots=True)
class Place:
    """A hold and the row it is kept in."""

    row: int
    hold: Hold


class Holds:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queues(self, of: Collection[TitleId]) -> dict[TitleId, tuple[Hold, ...]]:
        """Find the open holds on the titles *of*, first come first."""
        found: dict[TitleId, tuple[Hold, ...]] = dict.fromkeys(of, ())
        for row in self._connection.execute(_QUEUES, {"titles": list(of)}):
            found[row.title] = (*found[row.title], _hold(row))
        return found

    def of_patron(self, patron: PatronId) -> tuple[Hold, ...]:
        return tuple(_hold(row) for row in self._connection.execute(_OF_PATRON, {"of": patron}))

    def place(self, hold: Hold, key: str) -> None:
        """Put *hold* into its queue, called *key* everywhere. The rules must have said that it may."""
        row = {
            "key": key,
            "patron": hold.patron,
            "title": hold.title,
            "placed_at": hold.placed_at,
            "pickup": hold.pickup,
            "status": hold.status,
            "item": hold.item,
        }
        self._connection.execute(insert(holds), row)

    def key_of(self, hold: Hold) -> str | None:
        """Say what the centre calls *hold*; None for one it never told of."""
        name: str | None = self._connection.execute(
            select(holds.c.key).where(holds.c.id == self._row(hold))
        ).scalar_one()
        return name

    def set_aside(self, hold: Hold, item: ItemId) -> None:
        """Give the copy *item* to the patron of *hold*: it is theirs to fetch."""
        changed = {"status": HoldStatus.READY, "item": item}
        self._connection.execute(update(holds).where(holds.c.id == self._row(hold)).values(changed))

    def fulfil(self, hold: Hold, at: datetime) -> int:
        """End *hold*, with a loan or because it is not wanted any more; returns the row it is kept in, for `reopen`."""
        row = self._row(hold)
        self._connection.execute(update(holds).where(holds.c.id == row).values(closed_at=at))
        return row

    def reopen(self, row: int) -> None:
        """Take back that a hold was fulfilled: the loan came to nothing."""
        self._connection.execute(update(holds).where(holds.c.id == row).values(closed_at=None))

    def _row(self, hold: Hold) -> int:
        own = (holds.c.patron == hold.patron) & (holds.c.title == hold.title) & holds.c.closed_at.is_(None)
        return int(self._connection.execute(select(holds.c.id).where(own)).scalar_one())


def _item(row: Row[Any]) -> Item:
    title = Title(row.title, row.name, row.author, row.year, row.language, row.age_from)
    contents = contents_of(row.contents) if row.contents != "[]" else ()
    return Item(row.id, title, row.type, row.branch, ItemStatus(row.status), row.shelf, row.parts, contents)


def contents_of(said: str) -> tuple[Part, ...]:
    """Read the parts of a set as they are kept: a JSON list of [name, kind]. A kind nobody knows is OTHER."""
    kinds = {kind.value: kind for kind in PartKind}
    return tuple(Part(name, kinds.get(kind, PartKind.OTHER)) for name, kind in json.loads(said))


def contents_text(parts: tuple[Part, ...]) -> str:
    return json.dumps([[part.name, part.kind.value] for part in parts], ensure_ascii=False)


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.patron, row.title, row.placed_at, row.pickup, HoldStatus(row.status), row.item)
