"""Whole states for new stations: made once, in parts, kept in the database so that any copy serves any part.

A snapshot is shared by all stations of a scope while it is fresh; what concerns one station alone (its documents, its
branch's notices) is its last part, made when it is asked for. After the snapshot the feed goes on from its cursor.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import zstandard
from sqlalchemy import Connection, Table, delete, func, insert, select, text

from kiosk.central import incarnations
from kiosk.central.centre import Centre
from kiosk.central.feed import Cursor, after, at_one_moment, head
from kiosk.central.feed_rows import rows_of
from kiosk.central.identity import StationIdentity
from kiosk.central.scope import Scope, scope_of
from kiosk.central.tables import (
    changes,
    debts,
    epochs,
    holds,
    items,
    loans,
    notices,
    patrons,
    snapshot_parts,
    snapshots,
    station_keys,
    titles,
)
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind, SnapshotManifest, SnapshotPart

FRESH = timedelta(hours=1)
STALE_AFTER = 20_000
"""Changes since it was made that make a new snapshot cheaper than the feed."""
KEPT = timedelta(hours=12)
"""How long an old one stays: a station with a thin line may still be fetching it."""
_LINES = 4000
_PART_BYTES = 3_000_000
"""Bytes of a part before it is packed; packed it is a fifth of that."""
_LEVEL = 9
_LOCK = 7_310_045_872_003
_SHARED: tuple[tuple[Kind, Table], ...] = (
    (Kind.TITLE, titles),
    (Kind.ITEM, items),
    (Kind.PATRON, patrons),
    (Kind.LOAN, loans),
    (Kind.HOLD, holds),
    (Kind.DEBT, debts),
)


class PartGone(Exception):
    """The snapshot is no more, or has no such part: ask for a new one."""


def manifest(centre: Centre, station: StationIdentity) -> SnapshotManifest:
    """Say what a snapshot for *station* is made of; makes one when none is fresh. Raises: CentreUnavailable."""
    scope = scope_of(station)
    found = centre.look(lambda work: _fresh(work, centre, scope))
    if found is None:
        found = centre.carry_out(lambda work: _make_once(work, centre, scope))
    own = _own_part(centre, scope)
    parts = tuple(SnapshotPart.model_validate(one) for one in found["parts"])
    last = SnapshotPart(number=len(parts), bytes=len(own), sha256=sha256(own).hexdigest(), rows=_lines_in(own))
    return SnapshotManifest(
        id=found["id"],
        incarnation=found["incarnation"],
        cursor=found["cursor"],
        scope=scope.name,
        parts=(*parts, last),
        counts=found["counts"],
        heard=found["heard"].get(station.id, {}),
    )


def part(centre: Centre, station: StationIdentity, snapshot: str, number: int) -> bytes:
    """Hand out one part. Raises: PartGone, CentreUnavailable."""
    scope = scope_of(station)

    def find(work: Connection) -> tuple[int, bytes | None]:
        ours = (snapshots.c.network == centre.network) & (snapshots.c.id == snapshot)
        row = work.execute(select(snapshots.c.manifest).where(ours, snapshots.c.scope == scope.name)).one_or_none()
        if row is None:
            raise PartGone("this snapshot is no more: ask for a new one")
        mine = (snapshot_parts.c.network == centre.network) & (snapshot_parts.c.snapshot == snapshot)
        kept = work.execute(select(snapshot_parts.c.content).where(mine, snapshot_parts.c.part == number)).scalar()
        return len(row.manifest["parts"]), kept

    count, content = centre.look(find)
    if content is not None:
        return bytes(content)
    if number == count:
        return _own_part(centre, scope)
    raise PartGone(f"this snapshot has no part {number}")


def drop_old(connection: Connection, centre: Centre) -> int:
    """Forget snapshots nobody can still be fetching; says how many."""
    old = (snapshots.c.network == centre.network) & (snapshots.c.made_at < centre.now() - KEPT)
    gone = list(connection.execute(select(snapshots.c.id).where(old)).scalars())
    if gone:
        theirs = (snapshot_parts.c.network == centre.network) & snapshot_parts.c.snapshot.in_(gone)
        connection.execute(delete(snapshot_parts).where(theirs))
        connection.execute(delete(snapshots).where(snapshots.c.network == centre.network, snapshots.c.id.in_(gone)))
    return len(gone)


def _fresh(connection: Connection, centre: Centre, scope: Scope) -> dict[str, Any] | None:
    ours = (snapshots.c.network == centre.network) & (snapshots.c.scope == scope.name)
    newest = select(snapshots).where(ours).order_by(snapshots.c.made_at.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    incarnation = incarnations.present(connection, centre.network)
    if row is None or row.incarnation != incarnation or row.made_at < centre.now() - FRESH:
        return None
    since = changes.c.network == centre.network
    newer = select(func.count()).select_from(
        select(changes.c.key).where(since, after(Cursor.parse(row.cursor, incarnation))).limit(STALE_AFTER).subquery()
    )
    return None if connection.execute(newer).scalar_one() >= STALE_AFTER else dict(row.manifest)


def _make_once(connection: Connection, centre: Centre, scope: Scope) -> dict[str, Any]:
    """Make a snapshot, unless another copy has just done so; one at a time."""
    if centre.on_postgresql:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    found = _fresh(connection, centre, scope)
    if found is not None:
        return found
    drop_old(connection, centre)
    if centre.on_postgresql:
        return at_one_moment(centre, lambda frozen: _make(frozen, connection, centre, scope))
    return _make(connection, connection, centre, scope)


def _make(source: Connection, target: Connection, centre: Centre, scope: Scope) -> dict[str, Any]:
    """Read everything from the frozen *source* and keep it through *target*, a part at a time."""
    network = centre.network
    incarnation = incarnations.present(source, network)
    xid, number = head(source, network)
    made: dict[str, Any] = {
        "id": new_id(centre.now()),
        "incarnation": incarnation,
        "cursor": str(Cursor(incarnation, xid, number)),
        "counts": {},
        "heard": _heard_of_all(source, network),
        "parts": [],
    }
    row: dict[str, Any] = {"network": network, "id": made["id"], "scope": scope.name, "incarnation": incarnation}
    row |= {"cursor": made["cursor"], "made_at": centre.now(), "manifest": {}}
    target.execute(insert(snapshots).values(row))
    for count, (content, lines) in enumerate(_packed(_lines(source, network, scope, made["counts"]))):
        kept = {"network": network, "snapshot": made["id"], "part": count, "content": content}
        target.execute(insert(snapshot_parts).values(kept))
        made["parts"].append(
            {"number": count, "bytes": len(content), "sha256": sha256(content).hexdigest(), "rows": lines}
        )
    ours = (snapshots.c.network == network) & (snapshots.c.id == made["id"])
    target.execute(snapshots.update().where(ours).values(manifest=made))
    return made


def _heard_of_all(connection: Connection, network: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    wanted = select(epochs.c.station, epochs.c.epoch, epochs.c.have).where(epochs.c.network == network)
    for row in connection.execute(wanted.order_by(epochs.c.heard_at)):
        found.setdefault(row.station, {})[row.epoch] = row.have
    return {station: dict(list(known.items())[-20:]) for station, known in found.items()}


def _lines(connection: Connection, network: str, scope: Scope, counts: dict[str, int]) -> Iterator[list[bytes]]:
    """Go through every thing stations know, in the order they depend on each other, some thousands at a time."""
    for kind, table in _SHARED:
        last, counts[kind.value] = "", 0
        while True:
            wanted = select(table.c.id).where(table.c.network == network, table.c.id > last)
            keys = list(connection.execute(wanted.order_by(table.c.id).limit(_LINES)).scalars())
            if not keys:
                break
            last = keys[-1]
            found = rows_of(connection, network, scope, kind, keys)
            lines = [_line(kind, key, row) for key, row in found.items() if row is not None]
            counts[kind.value] += len(lines)
            yield lines


def _packed(chunks: Iterator[list[bytes]]) -> Iterator[tuple[bytes, int]]:
    """Pack lines into parts of well under a megabyte, each a Zstandard stream of its own."""
    raw, lines = [], 0
    for chunk in chunks:
        raw.append(b"".join(chunk))
        lines += len(chunk)
        if sum(map(len, raw)) >= _PART_BYTES:
            yield _pack(raw), lines
            raw, lines = [], 0
    if raw:
        yield _pack(raw), lines


def _pack(raw: list[bytes]) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(b"".join(raw))


def _line(kind: Kind, key: str, row: Any) -> bytes:
    return json.dumps([kind.value, key, row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _own_part(centre: Centre, scope: Scope) -> bytes:
    """What concerns this station alone, as it is now."""

    def read(connection: Connection) -> list[bytes]:
        lines = []
        documents = rows_of(connection, centre.network, scope, Kind.SETTINGS, scope.targets)
        named = select(notices.c.id).where(notices.c.network == centre.network).order_by(notices.c.id)
        told = rows_of(connection, centre.network, scope, Kind.NOTICE, list(connection.execute(named).scalars()))
        known = select(station_keys.c.id).where(station_keys.c.network == centre.network).order_by(station_keys.c.id)
        proofs = rows_of(connection, centre.network, scope, Kind.STATION_KEY, list(connection.execute(known).scalars()))
        for kind, rows in ((Kind.SETTINGS, documents), (Kind.NOTICE, told), (Kind.STATION_KEY, proofs)):
            lines += [_line(kind, key, row) for key, row in rows.items() if row is not None]
        return lines

    return _pack(centre.look(read))


def _lines_in(content: bytes) -> int:
    return zstandard.ZstdDecompressor().decompressobj().decompress(content).count(b"\n")
