"""What the ledger of the demo says, for the bench to show: read from the file as any SQLite tool would read it."""

import json
import sqlite3
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from web_ui.bench.port import Fact

TAIL = 30
"""How many rows of each kind the bench shows."""

_LOANS = """
    SELECT loans.lent_at, titles.name, loans.due, loans.item FROM loans
    JOIN items ON items.id = loans.item JOIN titles ON titles.id = items.title
    WHERE loans.state = 'open' ORDER BY loans.lent_at DESC, loans.item LIMIT ?
"""
_JOURNAL = "SELECT at, type, payload FROM journal ORDER BY position DESC LIMIT ?"
_DEBTS = "SELECT opened, kind, item FROM debts WHERE closed IS NULL ORDER BY opened DESC LIMIT ?"
_ON_LOAN = "SELECT item FROM loans WHERE state = 'open'"
_SHOWN = ("item", "due", "armed", "outcome", "kind", "late_days", "reason")


class LedgerFacts:
    """Looks into the ledger of a running station without disturbing it. May be called from any thread."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._zone = zone
        self._one_at_a_time = threading.Lock()
        self._ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    def close(self) -> None:
        self._ledger.close()

    def on_loan(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._rows(_ON_LOAN))

    def loans(self) -> tuple[Fact, ...]:
        rows = self._rows(_LOANS, TAIL)
        return tuple(Fact(self._clock(at), "loan", f"{title} → {due}") for at, title, due, _item in rows)

    def journal(self) -> tuple[Fact, ...]:
        rows = self._rows(_JOURNAL, TAIL)
        return tuple(Fact(self._clock(at), kind, _gist(json.loads(payload))) for at, kind, payload in rows)

    def debts(self) -> tuple[Fact, ...]:
        return tuple(Fact(self._clock(at), kind, item) for at, kind, item in self._rows(_DEBTS, TAIL))

    def _rows(self, question: str, *values: object) -> list[tuple[str, ...]]:
        with self._one_at_a_time:
            return self._ledger.execute(question, values).fetchall()

    def _clock(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self._zone).strftime("%H:%M:%S")


def _gist(facts: Mapping[str, object]) -> str:
    return " · ".join(str(facts[key]) for key in _SHOWN if key in facts)
