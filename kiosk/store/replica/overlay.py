"""What the station did and the centre has not taken into account yet: that stands, whatever an older row says.

Every own event the centre had not heard when it made a page touches copies, loans, patrons and tags. Rows of the page
about those are older than what the station knows; the centre tells them again once it has heard.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_EPOCHS = 20
"""A centre names that many epochs of a station, the newest; of older ones it has what it acknowledged."""


@dataclass(slots=True)
class Overlay:
    """Everything own unheard events touch. `follow` reads the journal on from where it was read to."""

    heard: Mapping[str, int]
    items: set[str] = field(default_factory=set)
    loans: set[str] = field(default_factory=set)
    patrons: set[str] = field(default_factory=set)
    holds: set[tuple[str, str]] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    debts: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    read_to: int = 0

    def follow(self, connection: sqlite3.Connection) -> None:
        """Take in journal rows written since the last look."""
        newest = connection.execute("SELECT coalesce(max(position), 0) FROM journal").fetchone()[0]
        if newest == self.read_to:
            return
        for epoch, acknowledged in connection.execute("SELECT id, acknowledged FROM epochs").fetchall():
            heard = self.heard.get(epoch, acknowledged if len(self.heard) >= MOST_EPOCHS else 0)
            rows = connection.execute(
                "SELECT payload FROM journal WHERE epoch = ? AND seq > ? AND position > ?",
                (epoch, heard, self.read_to),
            )
            for (payload,) in rows.fetchall():
                self._touch(connection, _facts(payload))
        self.read_to = newest

    def _touch(self, connection: sqlite3.Connection, facts: dict[str, object]) -> None:
        item = _text(facts.get("item"))
        patrons = {who for name in ("patron", "held_for") if (who := _text(facts.get(name)))}
        self.items |= {item} if item else set()
        self.loans |= {loan} if (loan := _text(facts.get("loan"))) else set()
        self.patrons |= patrons
        self.tags |= {_text(tag) for tag in (*_list(facts.get("tags")), facts.get("tag")) if tag}
        self.debts |= {_text(debt) for debt in _list(facts.get("closed"))}
        for debt in _list(facts.get("debts")):
            if isinstance(debt, dict):
                self.debts.add(_text(debt.get("id")))
                self.tags.add(_text(debt.get("tag")))
                self.items.add(_text(debt.get("item")))
        self.items.discard("")
        self.tags.discard("")
        titles = {_text(facts.get("fulfils")), _text(facts.get("title")), _title_of(connection, item)} - {""}
        self.placed |= {_text(facts.get("hold"))} - {""}
        self.holds |= {(patron, title) for patron in patrons for title in titles}


def _facts(payload: str) -> dict[str, object]:
    """Read a row's facts; one a bit was flipped in says nothing, and the centre makes a debt of it."""
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _title_of(connection: sqlite3.Connection, item: str) -> str:
    if not item:
        return ""
    row = connection.execute("SELECT title FROM items WHERE id = ?", (item,)).fetchone()
    return "" if row is None else str(row[0])


def _text(fact: object) -> str:
    return fact if isinstance(fact, str) else ""


def _list(fact: object) -> list[object]:
    return fact if isinstance(fact, list) else []
