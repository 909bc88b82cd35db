"""What the ledgers of the demo say, for the bench to show: read from the files as any SQLite tool would read them."""

import sqlite3
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
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
           coalesce(titles.name, wanted.name, json_extract(payload, '$.item'),
                    json_extract(payload, '$.debts[0].item'), ''),
           coalesce(json_extract(payload, '$.due'), '')
    FROM journal
    LEFT JOIN items ON items.id = json_extract(payload, '$.item') LEFT JOIN titles ON titles.id = items.title
    LEFT JOIN titles AS wanted ON wanted.id = json_extract(payload, '$.title')
    WHERE journal.type <> 'visit-ended'
    ORDER BY journal.position DESC LIMIT ?
"""
_DEBTS = """
    SELECT debts.opened, debts.kind, coalesce(titles.name, debts.item), '' FROM debts
    LEFT JOIN items ON items.id = debts.item LEFT JOIN titles ON titles.id = items.title
    WHERE debts.closed IS NULL ORDER BY debts.opened DESC LIMIT ?
"""
_ON_LOAN = "SELECT item FROM loans WHERE state = 'open'"
_QUEUE = "SELECT count(*) FROM journal JOIN epochs ON epochs.id = journal.epoch WHERE journal.seq > epochs.acknowledged"
_UNTOLD = "SELECT count(*) FROM dispatches WHERE closed IS NULL"
_CENTRE_LOANS = """
    SELECT loans.lent_at, 'lent', coalesce(titles.name, loans.item), loans.due FROM loans
    LEFT JOIN items ON items.network = loans.network AND items.id = loans.item
    LEFT JOIN titles ON titles.network = items.network AND titles.id = items.title
    WHERE loans.network = ? AND loans.state = 'open' ORDER BY loans.lent_at DESC, loans.item LIMIT ?
"""
_CENTRE_DEBTS = """
    SELECT debts.opened, debts.kind, coalesce(titles.name, debts.item), '' FROM debts
    LEFT JOIN items ON items.network = debts.network AND items.id = debts.item
    LEFT JOIN titles ON titles.network = items.network AND titles.id = items.title
    WHERE debts.network = ? AND debts.closed IS NULL ORDER BY debts.opened DESC LIMIT ?
"""
_CENTRE_ON_LOAN = "SELECT item FROM loans WHERE network = ? AND state = 'open'"


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """What a ledger says now. Lists are newest first; `queue` counts what whoever decides has not heard."""

    on_loan: frozenset[str]
    loans: tuple[Fact, ...]
    debts: tuple[Fact, ...]
    journal: tuple[Fact, ...] = ()
    queue: int = 0


class _Facts(ABC):
    """Looks into a database in use without disturbing it. May be called from any thread."""

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

    @abstractmethod
    def _read(self) -> LedgerPage: ...

    def _facts(self, question: str, *values: object) -> tuple[Fact, ...]:
        return tuple(Fact(self._here(at), *said) for at, *said in self._ledger.execute(question, (*values, TAIL)))

    def _here(self, at: str) -> str:
        """A moment of the ledger as the clock of the library shows it."""
        return datetime.fromisoformat(at).astimezone(self._zone).isoformat(timespec="seconds")


class LedgerFacts(_Facts):
    """What a station believes."""

    def _read(self) -> LedgerPage:
        on_loan = frozenset(row[0] for row in self._ledger.execute(_ON_LOAN))
        queue = int(self._ledger.execute(_QUEUE).fetchone()[0])
        return LedgerPage(on_loan, self._facts(_LOANS), self._facts(_DEBTS), self._facts(_JOURNAL), queue)


class GuestLedgerFacts(LedgerFacts):
    """What a station believes whose library system is somebody else's: that is who has to hear of it."""

    def _read(self) -> LedgerPage:
        untold = int(self._ledger.execute(_UNTOLD).fetchone()[0])
        return replace(super()._read(), queue=untold)


class CentreFacts(_Facts):
    """What the centre knows of *network*."""

    def __init__(self, path: Path, zone: ZoneInfo, network: str) -> None:
        self._network = network
        super().__init__(path, zone)

    def _read(self) -> LedgerPage:
        on_loan = frozenset(row[0] for row in self._ledger.execute(_CENTRE_ON_LOAN, (self._network,)))
        loans = self._facts(_CENTRE_LOANS, self._network)
        return LedgerPage(on_loan, loans, self._facts(_CENTRE_DEBTS, self._network))
