"""A whole state taken in beside a station that goes on working: in short steps, each ready for the power to fail.

What a step took in is marked, with how far it came, in the same transaction. What no step ever named is gone at the
end, but for what own unheard events touch. Only then the station stands at the snapshot's cursor.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from kiosk.store.engine import Store
from kiosk.store.replica.apply import END, Change, lay_down
from kiosk.store.replica.ground import Ground
from kiosk.store.replica.overlay import Overlay
from kiosk.store.replica.position import (
    Position,
    driver_of,
    note_snapshot,
    position,
    snapshot_under_way,
    stand_at,
)
from kiosk.store.replica.rows import moment
from kiosk.wire.messages import Kind, SnapshotManifest

_SWEEP = 300
"""Rows that are gone, ended in one step."""
_LISTED: dict[Kind, str] = {
    Kind.TITLE: "SELECT id FROM titles",
    Kind.ITEM: "SELECT id FROM items",
    Kind.PATRON: "SELECT id FROM patrons",
    Kind.LOAN: "SELECT id FROM loans WHERE state = 'open'",
    Kind.HOLD: "SELECT key FROM holds WHERE closed_at IS NULL AND key IS NOT NULL",
    Kind.DEBT: "SELECT id FROM debts WHERE closed IS NULL AND kind IN ('gate-not-cleared', 'gate-not-armed')",
    Kind.SETTINGS: "SELECT target FROM settings_documents",
    Kind.NOTICE: "SELECT id FROM notices",
    Kind.STATION_KEY: "SELECT id FROM station_keys",
}
"""What a snapshot speaks of whole, by the names it gives things."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a snapshot came: parts taken in whole, and lines of the next one. `empty` kinds need no sweep."""

    id: str
    parts: int = 0
    lines: int = 0
    empty: tuple[str, ...] = ()


class SnapshotIntake:
    """One snapshot on its way in. After a kill, a new one of the same manifest goes on where it was."""

    def __init__(self, store: Store, manifest: SnapshotManifest, now: Callable[[], datetime]) -> None:
        """Find the place to go on from, or begin. Raises: StoreError."""
        self.manifest = manifest
        self._store = store
        self._now = now
        self._overlay = Overlay(manifest.heard)
        self.progress = store.look(lambda connection: self._begin(driver_of(connection)))

    def _begin(self, connection: sqlite3.Connection) -> Progress:
        noted = snapshot_under_way(connection)
        if noted:
            said = json.loads(noted)
            if said["id"] == self.manifest.id:
                return Progress(said["id"], said["parts"], said["lines"], tuple(said["empty"]))
        connection.execute("DELETE FROM snapshot_seen")
        connection.execute("UPDATE holds SET key = 'unnamed-' || id WHERE key IS NULL AND closed_at IS NULL")
        empty = [kind.value for kind, rows in _LISTED.items() if not connection.execute(f"{rows} LIMIT 1").fetchone()]
        progress = Progress(self.manifest.id, empty=tuple(empty))
        _note(connection, progress)
        return progress

    def take(self, changes: Sequence[Change]) -> None:
        """Take in the next lines of the present part. Raises: Malformed, StoreError - nothing of them was."""
        self._step(replace(self.progress, lines=self.progress.lines + len(changes)), changes)

    def part_done(self) -> None:
        """Say that the present part has no more lines."""
        self._step(replace(self.progress, parts=self.progress.parts + 1, lines=0), ())

    def _step(self, after: Progress, changes: Sequence[Change]) -> None:
        def step(connection: sqlite3.Connection) -> None:
            named = lay_down(self._ground(connection), changes)
            marks = [(kind, key) for kind, keys in named.items() if kind not in after.empty for key in keys]
            connection.executemany("INSERT OR IGNORE INTO snapshot_seen (kind, key) VALUES (?, ?)", marks)
            _note(connection, after)

        self._store.look(lambda connection: step(driver_of(connection)))
        self.progress = after

    def finish(self) -> bool:
        """End what was never named and stand at the snapshot's cursor. Raises: StoreError - call it again.

        False when another centre than the snapshot's has answered meanwhile: then it leads nowhere.
        """
        for kind in END:
            if kind not in self.progress.empty:
                self._sweep(kind)
        return self._store.look(lambda connection: self._arrive(driver_of(connection)))

    def _sweep(self, kind: Kind) -> None:
        unnamed: list[str] = self._store.look(lambda connection: _unnamed(driver_of(connection), kind), writes=False)
        for start in range(0, len(unnamed), _SWEEP):
            self._end(kind, unnamed[start : start + _SWEEP])

    def _end(self, kind: Kind, keys: list[str]) -> None:
        self._store.look(lambda connection: END[kind](self._ground(driver_of(connection)), keys))

    def _arrive(self, connection: sqlite3.Connection) -> bool:
        note_snapshot(connection, "")
        connection.execute("DELETE FROM snapshot_seen")
        if position(connection).incarnation != self.manifest.incarnation:
            return False
        stand_at(connection, Position(self.manifest.incarnation, self.manifest.cursor))
        return True

    def _ground(self, connection: sqlite3.Connection) -> Ground:
        self._overlay.follow(connection)
        return Ground(connection, self._overlay, moment(self._now().isoformat()))


def _note(connection: sqlite3.Connection, progress: Progress) -> None:
    note_snapshot(connection, json.dumps(asdict(progress)))


def _unnamed(connection: sqlite3.Connection, kind: Kind) -> list[str]:
    never = f"{_LISTED[kind]} EXCEPT SELECT key FROM snapshot_seen WHERE kind = ?"  # noqa: S608 - our own names
    return [row[0] for row in connection.execute(never, (kind.value,))]
