"""The feed: what changed after a cursor, oldest first. A cursor cannot skip a change that was committed late.

Numbers are handed out before their transactions commit, so a question for "newer than the last number" misses what
commits after it was asked. On PostgreSQL a page therefore ends below the oldest transaction still running, and is
ordered by transaction: whatever commits later stands behind the cursor. Source: PostgreSQL documentation, 9.26.8,
pg_snapshot_xmin. On SQLite there is one writer at a time, and the numbers are in order.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, and_, cast, func, or_, select, text

from kiosk.central import incarnations
from kiosk.central.centre import Centre
from kiosk.central.feed_rows import references_of, rows_of
from kiosk.central.identity import StationIdentity
from kiosk.central.ingest import heard
from kiosk.central.scope import Scope, scope_of
from kiosk.central.tables import changes
from kiosk.wire.messages import Change, Kind, Page

MOST_ROWS = 2000

Answer = TypeVar("Answer")


class CursorGone(Exception):
    """The cursor is of another life of the database, or from its future: take a snapshot."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the change log of one incarnation."""

    incarnation: str
    xid: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.incarnation}:{self.xid}:{self.id}"

    @classmethod
    def parse(cls, text_: str, incarnation: str) -> "Cursor":
        """Read what a station sent; "" is the beginning. Raises: CursorGone."""
        if not text_:
            return cls(incarnation)
        name, _, numbers = text_.partition(":")
        xid, _, id_ = numbers.partition(":")
        if name != incarnation or not (xid.isdecimal() and id_.isdecimal()) or max(len(xid), len(id_)) > 18:
            raise CursorGone("the cursor is not of this life of the centre: take a snapshot")
        return cls(name, int(xid), int(id_))


def page(centre: Centre, station: StationIdentity, cursor: str, limit: int = 500) -> Page:
    """Say what changed after *cursor*, at most *limit* things and what they point at.

    Raises: CursorGone, CentreUnavailable.
    """
    scope = scope_of(station)
    most = max(1, min(limit, MOST_ROWS))
    return at_one_moment(centre, lambda work: _page(work, centre.network, scope, cursor, most))


def at_one_moment(centre: Centre, question: Callable[[Connection], Answer]) -> Answer:
    """Ask *question* of one state of the whole database, however many questions it is made of."""

    def ask(connection: Connection) -> Answer:
        if centre.on_postgresql:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        return question(connection)

    return centre.look(ask)


def visible(connection: Connection, network: str) -> ColumnElement[bool]:
    """The changes of *network* no older transaction can still come before."""
    ours = changes.c.network == network
    if connection.dialect.name != "postgresql":
        return ours
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), changes.c.key.type), BigInteger)
    return and_(ours, changes.c.xid < oldest)


def head(connection: Connection, network: str) -> tuple[int, int]:
    """Say where the visible log ends now."""
    row = connection.execute(_newest(connection, network)).one_or_none()
    return (0, 0) if row is None else (row.xid, row.id)


def _newest(connection: Connection, network: str) -> Select[Any]:
    newest_first = changes.c.xid.desc(), changes.c.id.desc()
    return select(changes.c.xid, changes.c.id).where(visible(connection, network)).order_by(*newest_first).limit(1)


def after(cursor: Cursor) -> ColumnElement[bool]:
    return or_(changes.c.xid > cursor.xid, and_(changes.c.xid == cursor.xid, changes.c.id > cursor.id))


def _page(connection: Connection, network: str, scope: Scope, cursor: str, limit: int) -> Page:
    incarnation = incarnations.present(connection, network)
    start = Cursor.parse(cursor, incarnation)
    _check_past(connection, network, start)
    wanted = select(changes).where(visible(connection, network), after(start))
    found = connection.execute(wanted.order_by(changes.c.xid, changes.c.id).limit(limit + 1)).all()
    rows, more = found[:limit], len(found) > limit
    end = Cursor(incarnation, rows[-1].xid, rows[-1].id) if rows else start
    return Page(
        incarnation=incarnation,
        cursor=str(end),
        changes=tuple(_told(connection, network, scope, rows, end)),
        more=more,
        heard=heard(connection, network, scope.station),
    )


def _check_past(connection: Connection, network: str, cursor: Cursor) -> None:
    """A cursor beyond everything that was ever written was handed out by a database that knew more."""
    if cursor.xid == 0 and cursor.id == 0:
        return
    ours = changes.c.network == network
    newest = (
        select(changes.c.xid, changes.c.id).where(ours).order_by(changes.c.xid.desc(), changes.c.id.desc()).limit(1)
    )
    row = connection.execute(newest).one_or_none()
    if row is None or (cursor.xid, cursor.id) > (row.xid, row.id):
        raise CursorGone("the cursor is from a future this database does not have: it was restored; take a snapshot")


def _told(
    connection: Connection, network: str, scope: Scope, rows: Sequence[Row[Any]], end: Cursor
) -> Iterable[Change]:
    """Put the things that changed in words, what they point at first. Documents of others are not spoken of."""
    told: Told = {}
    for kind in Kind:
        keys = [row.key for row in rows if row.kind == kind.value]
        told |= {(kind, key): row for key, row in rows_of(connection, network, scope, kind, keys).items()}
    _close(connection, network, scope, told, end)
    order = {kind: number for number, kind in enumerate(Kind)}
    for (kind, key), row in sorted(told.items(), key=lambda one: order[one[0][0]]):
        if kind is not Kind.SETTINGS or key in scope.targets:
            yield kind, key, row


Told = dict[tuple[Kind, str], list[Any] | None]


def _close(connection: Connection, network: str, scope: Scope, told: Told, end: Cursor) -> None:
    """Add what the rows point at and stands further on in the log: a station must not meet a loan before its patron."""
    told_before: set[tuple[Kind, str]] = set()
    while wanted := _pointed_at(told, told_before):
        for kind, keys in wanted.items():
            ours = (changes.c.network == network) & (changes.c.kind == kind.value) & changes.c.key.in_(keys)
            known = set(connection.execute(select(changes.c.key).where(ours, ~after(end))).scalars())
            told_before |= {(kind, key) for key in known}
            found = rows_of(connection, network, scope, kind, sorted(keys - known))
            told.update({(kind, key): row for key, row in found.items()})


def _pointed_at(told: Told, told_before: Collection[tuple[Kind, str]]) -> dict[Kind, set[str]]:
    wanted: dict[Kind, set[str]] = {}
    for (kind, _), row in told.items():
        for pointed, key in () if row is None else references_of(kind, row):
            if (pointed, key) not in told and (pointed, key) not in told_before:
                wanted.setdefault(pointed, set()).add(key)
    return wanted
