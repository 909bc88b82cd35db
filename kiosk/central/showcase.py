"""What branches show of themselves on the screens of their stations: notices, events, recommended shelves.

All three travel as notices: words by language, the days they are shown, and what each sort says beyond words. A
station of an earlier version keeps them and shows none of them. Arrivals are not told: a station sees them in its own
catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import notices, titles
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind

MOST_TITLES = 30
"""Titles on one shelf: more than anybody looks at on a screen."""


class Sort(StrEnum):
    NOTICE = "notice"
    EVENT = "event"
    SHELF = "shelf"


@dataclass(frozen=True, slots=True)
class Posting:
    """One thing to show from the first day to the last; `branch` is "" for every branch.

    `words` are its text or its name, by language. An event says in `facts` `at` (a local moment), and `where` and `for`
    by language; a shelf says `titles`, each `{"id", "why"}` with the word why by language.
    """

    sort: Sort
    branch: str
    words: Mapping[str, str]
    from_day: date
    until_day: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


def post(centre: Centre, posting: Posting, by: str) -> str:
    """Show it, or show it otherwise where it has a name already; says its name. Raises: CentreUnavailable."""
    now = centre.now()
    name = posting.id or new_id(now)

    def write(work: Connection) -> None:
        row = {
            "branch": posting.branch,
            "words": dict(posting.words),
            "from_day": posting.from_day,
            "until_day": posting.until_day,
            "sort": posting.sort.value,
            "facts": dict(posting.facts),
        }
        ours = (notices.c.network == centre.network) & (notices.c.id == name)
        if work.execute(update(notices).where(ours).values(row)).rowcount == 0:
            work.execute(insert(notices).values(network=centre.network, id=name, **row))
        _note(work, centre, f"show-{posting.sort.value}", name, by, now, posting.branch)

    centre.carry_out(write)
    return name


def withdraw(centre: Centre, name: str, by: str) -> bool:
    """Show it no longer; False when nothing is called *name*. Raises: CentreUnavailable."""

    def write(work: Connection) -> bool:
        ours = (notices.c.network == centre.network) & (notices.c.id == name)
        if work.execute(delete(notices).where(ours)).rowcount == 0:
            return False
        _note(work, centre, "withdraw-notice", name, by, centre.now(), "")
        return True

    return centre.carry_out(write)


def _note(work: Connection, centre: Centre, action: str, name: str, by: str, now: datetime, branch: str) -> None:
    touch(work, centre.network, Kind.NOTICE, [name])
    audit.record(work, centre.network, who=by, action=action, subject=name, details={"branch": branch}, now=now)


def postings(connection: Connection, network: str, since: date) -> tuple[Posting, ...]:
    """List what is shown on *since* or later, the soonest to end first."""
    wanted = select(notices).where(notices.c.network == network, notices.c.until_day >= since)
    rows = connection.execute(wanted.order_by(notices.c.until_day, notices.c.id))
    return tuple(_posting(row) for row in rows)


def posting(connection: Connection, network: str, name: str) -> Posting | None:
    row = connection.execute(select(notices).where(notices.c.network == network, notices.c.id == name)).one_or_none()
    return None if row is None else _posting(row)


def names_of_titles(connection: Connection, network: str, ids: Sequence[str]) -> dict[str, str]:
    """Say what the titles *ids* are called; one that is no more is not named."""
    wanted = select(titles.c.id, titles.c.name).where(titles.c.network == network, titles.c.id.in_(ids))
    return {row.id: row.name for row in connection.execute(wanted)}


def _posting(row: Any) -> Posting:
    return Posting(Sort(row.sort), row.branch, row.words, row.from_day, row.until_day, row.facts, row.id)
