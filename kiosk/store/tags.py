"""Which tags this station has seen on which copies, and how well they could be read. Bounded: the latest are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from kiosk.circulation.model import ItemId
from kiosk.devices import TagUid
from kiosk.store.tables import tags
from kiosk.tags.health import COUNTS, TagCounts

MOST = 50_000
"""Tags remembered: more than any branch has copies."""
_TOGETHER = timedelta(days=1)
"""Tags of one copy seen so far apart from the latest are old ones: the copy has got another."""
_BY_TAG = select(tags)


@dataclass(frozen=True, slots=True)
class KnownTag:
    """A tag, the copy it was last seen on, and everything that happened to it here."""

    tag: TagUid
    item: ItemId | None
    counts: TagCounts
    seen: datetime


class Tags:
    """The tags as one unit of work sees them, at one moment."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def note(self, tag: TagUid, item: ItemId | None, counts: TagCounts) -> KnownTag:
        """Add what is new of a tag; one that says another copy now begins anew. Returns all that is known."""
        row = self._connection.execute(_BY_TAG.where(tags.c.tag == tag)).one_or_none()
        before = None if row is None else _known(row)
        anew = before is None or (item is not None and before.item not in (None, item))
        total = counts if before is None or anew else before.counts + counts
        known = KnownTag(tag, item or (None if before is None else before.item), total, self._at)
        values = {"item": known.item, "seen": self._at, **{name: getattr(total, name) for name in COUNTS}}
        if before is None:
            self._connection.execute(insert(tags).values(tag=tag, **values))
        else:
            self._connection.execute(update(tags).where(tags.c.tag == tag).values(values))
        return known

    def of_item(self, item: ItemId) -> tuple[TagUid, ...]:
        """Name the tags a copy carries, as far as this station has seen them."""
        rows = self._connection.execute(_BY_TAG.where(tags.c.item == item).order_by(tags.c.seen.desc())).all()
        return tuple(row.tag for row in rows if rows[0].seen - row.seen <= _TOGETHER)

    def worn(self, limit: int = 500) -> tuple[KnownTag, ...]:
        """List the tags that should be replaced, the worst first."""
        troubled = or_(*(tags.c[name] > 0 for name in COUNTS if name != "reads"))
        known = map(_known, self._connection.execute(_BY_TAG.where(troubled)))
        worst = sorted((one for one in known if one.counts.worn), key=lambda one: -one.counts.troubles)
        return tuple(worst[:limit])

    def forget(self, most: int = MOST) -> None:
        """Keep the *most* tags seen last."""
        last = select(tags.c.tag).order_by(tags.c.seen.desc()).limit(most)
        self._connection.execute(delete(tags).where(tags.c.tag.not_in(last)))


def _known(row: Row[Any]) -> KnownTag:
    return KnownTag(row.tag, row.item, TagCounts(*(getattr(row, name) for name in COUNTS)), row.seen)


def facts_of(known: Iterable[KnownTag]) -> list[dict[str, object]]:
    """Tell of tags in a journal row: everything counted here so far, so that a row twice told changes nothing."""
    return [{"tag": one.tag, "item": one.item, **{name: getattr(one.counts, name) for name in COUNTS}} for one in known]
