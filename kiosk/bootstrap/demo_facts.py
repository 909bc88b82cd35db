"""What the ledger of the demo says, for the bench to show: read from the file as any SQLite tool would read it."""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from web_ui.bench.port import Fact

TAIL = 30
"""How many rows of each kind the bench shows."""

_LOANS = """
    SELECT loans.lent_at, 'lent', titles.name, loans.due FROM loans
    JOIN items ON items.id = loans.item JOIN titles ON titles.id = items.title
    WHERE loans.state = 'open' ORDER BY loans.lent_at DESC, loans.item LIMIT ?
"""
_JOURNAL = """
    SELECT journal.at,
           CASE WHEN journal.type <> 'gate-set' THEN journal.type
                WHEN json_extract(payload, '$.armed') THEN 'gate-armed' ELSE 'gate-cleared' END,
           coalesce(titles.name, json_extract(payload, '$.item'), json_extract(payload, '$.debts[0].item'), ''),
           coalesce(json_extract(payload, '$.due'), '')
    FROM journal
    LEFT JOIN items ON items.id = json_extract(payload, '$.item') LEFT JOIN titles ON titles.id = items.title
    WHERE journal.type <> 'visit-ended'
    ORDER BY journal.position DESC LIMIT ?
"""
_DEBTS = """
    SELECT debts.opened, debts.kind, coalesce(titles.name, debts.item), '' FROM debts
    LEFT JOIN items ON items.id = debts.item LEFT JOIN titles ON titles.id = items.title
    WHERE debts.closed IS NULL ORDER BY debts.opened DESC LIMIT ?
"""
_ON_LOAN = "SELECT item FROM loans WHERE state = 'open'"


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """What the ledger says now. Lists are newest first."""

    on_loan: frozenset[str]
    loans: tuple[Fact, ...]
    journal: tuple[Fact, ...]
    debts: tuple[Fact, ...]


class LedgerFacts:
    """Looks into the ledger of a running station without disturbing it. May be called from any thread."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._zone = zone
        self._one_at_a_time = threading.Lock()
        self._ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._version = self._version_now()
        self._page = self._read()

    def close(self) -> None:
        with self._one_at_a_time:
            self._ledger.close()

    def read(self) -> LedgerPage:
        """Read the ledger; the very same page as the last time while nobody has written."""
        with self._one_at_a_time:
            if (version := self._version_now()) != self._version:
                self._page, self._version = self._read(), version
            return self._page

    def _version_now(self) -> int:
        """A number that changes when another connection has committed (sqlite.org/pragma.html, data_version)."""
        return int(self._ledger.execute("PRAGMA data_version").fetchone()[0])

    def _read(self) -> LedgerPage:
        on_loan = frozenset(row[0] for row in self._ledger.execute(_ON_LOAN))
        return LedgerPage(on_loan, self._facts(_LOANS), self._facts(_JOURNAL), self._facts(_DEBTS))

    def _facts(self, question: str) -> tuple[Fact, ...]:
        return tuple(Fact(self._here(at), *said) for at, *said in self._ledger.execute(question, (TAIL,)))

    def _here(self, at: str) -> str:
        """A moment of the ledger as the clock of the library shows it."""
        return datetime.fromisoformat(at).astimezone(self._zone).isoformat(timespec="seconds")
