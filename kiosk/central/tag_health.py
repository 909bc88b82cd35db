"""Which copies should get another tag: what stations counted, added up, less what somebody has seen to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.tables import items, tag_health, titles
from kiosk.tags.health import COUNTS, TagCounts


@dataclass(frozen=True, slots=True)
class WornTag:
    """A tag that should be replaced. `item` and `title` are "" where nobody could read which copy it is of.

    `branch` is the copy's home, or where the tag was seen. `last` is when a station last had trouble with it.
    """

    tag: str
    item: str
    title: str
    shelf: str
    branch: str
    counts: TagCounts
    last: datetime


def worn_tags(connection: Connection, network: str, branch: str = "", limit: int = 1000) -> tuple[WornTag, ...]:
    """List the tags to be replaced, the worst first; of one branch, or of all."""
    copy = (items.c.network == tag_health.c.network) & (items.c.id == tag_health.c.item)
    record = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
    about = titles.c.name.label("title"), items.c.shelf, items.c.branch.label("home")
    wanted = select(tag_health, *about).outerjoin(items, copy).outerjoin(titles, record)
    seen: dict[str, WornTag] = {}
    for row in connection.execute(wanted.where(tag_health.c.network == network).order_by(tag_health.c.heard_at)):
        before = seen.get(row.tag)
        seen[row.tag] = _added(before, row)
    worn = (one for one in seen.values() if one.counts.worn and branch in ("", one.branch))
    return tuple(sorted(worn, key=lambda one: (-one.counts.troubles, one.tag))[:limit])


def _added(before: WornTag | None, row: Row[Any]) -> WornTag:
    """Add what one station counted; the latest says which copy it is."""
    counts = TagCounts(*(max(getattr(row, name) - _number(row.settled, name), 0) for name in COUNTS))
    known = row.item or before is None
    return WornTag(
        tag=row.tag,
        item=row.item if known else before.item if before else "",
        title=(row.title or "") if known else before.title if before else "",
        shelf=(row.shelf or "") if known else before.shelf if before else "",
        branch=(row.home or row.branch) if known else before.branch if before else row.branch,
        counts=counts if before is None else before.counts + counts,
        last=row.heard_at,
    )


def _number(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) else 0


def see_to(centre: Centre, tag: str, by: str) -> bool:
    """Take a tag off the list: it was replaced, or found good. It comes back with new trouble only.

    False when nobody ever told of it. Raises: CentreUnavailable.
    """

    def settle(work: Connection) -> bool:
        ours = (tag_health.c.network == centre.network) & (tag_health.c.tag == tag)
        rows = work.execute(select(tag_health).where(ours).with_for_update()).all()
        for row in rows:
            counted = {name: getattr(row, name) for name in COUNTS}
            work.execute(update(tag_health).where(ours, tag_health.c.station == row.station).values(settled=counted))
        if rows:
            details = {"item": rows[0].item}
            audit.record(
                work, centre.network, who=by, action="see-to-tag", subject=tag, details=details, now=centre.now()
            )
        return bool(rows)

    return centre.carry_out(settle)


def keep(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep what a station counted. What was heard before of the same tag from the same station gives way."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["station"], row["tag"])
        if key not in latest or row["heard_at"] >= latest[key]["heard_at"]:
            latest[key] = row
    if not latest:
        return
    statement = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(tag_health)
    told = {name: statement.excluded[name] for name in ("branch", "item", *COUNTS, "heard_at")}
    newer = tag_health.c.heard_at <= statement.excluded.heard_at
    upsert = statement.on_conflict_do_update(index_elements=["network", "station", "tag"], set_=told, where=newer)
    connection.execute(upsert, [latest[key] for key in sorted(latest)])
