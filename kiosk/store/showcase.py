"""What the station shows of its house, read from its own ledger: what the centre told to show, arrivals, covers.

Nothing here names a patron. Read in the threads of the screens; writes only the covers.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from kiosk.store.tables import covers, items, notices, titles

ARRIVALS_FOR = timedelta(days=60)
"""How long a title is new."""
MOST_COVERS = 600
"""Small covers kept: some 6 MB at most; the longest unshown go first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something the centre wants shown: `sort` is notice, event or shelf; `words` and parts of `facts` by language."""

    id: str
    sort: str
    words: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """A title as it is shown. `cover` names its picture at the centre, "" where there is none."""

    id: str
    name: str
    author: str
    cover: str = ""
    language: str = ""
    age_from: int = 0
    year: int | None = None
    publisher: str = ""


def shown_on(connection: Connection, day: date, branch: str) -> tuple[Shown, ...]:
    """List what the network and *branch* show on *day*, the soonest to end first."""
    here = notices.c.branch.in_(("", branch)) & (notices.c.from_day <= day) & (notices.c.until_day >= day)
    rows = connection.execute(select(notices).where(here).order_by(notices.c.until_day, notices.c.id))
    return tuple(Shown(row.id, row.sort, _spoken(row.words), _facts(row.facts)) for row in rows)


def arrivals(connection: Connection, now: datetime, branch: str, limit: int) -> tuple[Work, ...]:
    """List the newest titles *branch* has a copy of, the newest first."""
    copy = exists().where(items.c.title == titles.c.id, items.c.branch == branch, items.c.status == "available")
    wanted = select(titles).where(titles.c.added_at >= now - ARRIVALS_FOR, copy)
    wanted = wanted.order_by(titles.c.added_at.desc(), titles.c.year.desc(), titles.c.id)
    return tuple(_work(row) for row in connection.execute(wanted.limit(limit)))


def works(connection: Connection, ids: Collection[str]) -> dict[str, Work]:
    rows = connection.execute(select(titles).where(titles.c.id.in_(list(ids))))
    return {row.id: _work(row) for row in rows}


# --- covers --------------------------------------------------------------------------------------------


def cover(connection: Connection, name: str) -> bytes | None:
    """Find the small picture made of the cover *name*."""
    return connection.execute(select(covers.c.picture).where(covers.c.id == name)).scalar()


def lacking(connection: Connection, names: Collection[str]) -> list[str]:
    """Say which of these covers are not here yet."""
    here = set(connection.execute(select(covers.c.id).where(covers.c.id.in_(list(names)))).scalars())
    return [name for name in dict.fromkeys(names) if name and name not in here]


def keep_cover(connection: Connection, name: str, picture: bytes, at: datetime) -> None:
    """Keep a picture; where there are too many, the longest unshown go."""
    connection.execute(insert(covers).prefix_with("OR REPLACE"), {"id": name, "picture": picture, "shown": at})
    kept = select(covers.c.id).order_by(covers.c.shown.desc(), covers.c.id).limit(MOST_COVERS)
    connection.execute(delete(covers).where(covers.c.id.not_in(kept)))


def still_shown(connection: Connection, names: Collection[str], at: datetime) -> None:
    connection.execute(update(covers).where(covers.c.id.in_(list(names))).values(shown=at))


def _work(row: Any) -> Work:
    return Work(row.id, row.name, row.author, row.cover, row.language, row.age_from, row.year, row.publisher)


def _spoken(said: str) -> dict[str, str]:
    """Read words by language; a plain text is nobody's language and everybody's."""
    read = _facts(said)
    return {str(lang): str(words) for lang, words in read.items()} if read else ({"": said} if said[:1] != "{" else {})


def _facts(said: str) -> dict[str, Any]:
    try:
        read = json.loads(said)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
