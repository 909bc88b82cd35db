"""Journals as stations send them, for measurements: visits of five books, lent, cleared, later returned; seeded."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.store.identifiers import new_id
from kiosk.wire.journal_row import GENESIS, moment_text, row_hash
from kiosk.wire.messages import SentEvent

BOOKS = 5
_START = datetime(2026, 9, 1, 8, tzinfo=UTC)


@dataclass
class Journal:
    """One station's journal, written as it is read: numbered, chained, hashed."""

    epoch: str
    rows: list[SentEvent] = field(default_factory=list)

    def write(self, kind: str, at: datetime, facts: dict[str, Any]) -> None:
        prev = self.rows[-1].hash if self.rows else GENESIS
        seq, name, when = len(self.rows) + 1, new_id(at), moment_text(at)
        payload = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest = row_hash(prev, self.epoch, seq, name, kind, payload, when, float(seq), "boot", True)
        self.rows.append(
            SentEvent(
                seq=seq, id=name, type=kind, payload=payload, at=when, monotonic=float(seq), boot="boot", trusted=True,
                prev_hash=prev, hash=digest,
            )
        )  # fmt: skip


def a_day_and_more(events: int, items: list[str], patrons: list[str], epoch: str = "measured") -> list[SentEvent]:
    """Write *events* rows: every visit lends what is on the shelf or brings back what is not."""
    chance, journal = random.Random(1), Journal(epoch)  # noqa: S311 - the same at every run
    shelf, out = list(items), list[tuple[str, str, str]]()
    moments = (_START + timedelta(seconds=20 * n) for n in range(events * 2))
    while len(journal.rows) < events:
        if out and (len(shelf) < BOOKS or chance.random() < 0.45):
            _return(journal, shelf, out, moments)
        else:
            _lend(journal, shelf, out, moments, chance.choice(patrons))
    return journal.rows[:events]


def _lend(
    journal: Journal, shelf: list[str], out: list[tuple[str, str, str]], at: Iterator[datetime], who: str
) -> None:
    for item in [shelf.pop(0) for _ in range(BOOKS)]:
        now = next(at)
        loan, tag = new_id(now), f"E0040150{item}"
        due = (now.date() + timedelta(days=30)).isoformat()
        journal.write("lent", now, {"loan": loan, "item": item, "patron": who, "due": due, "tags": [tag]})
        gate = {"order": new_id(now), "tag": tag, "item": item, "armed": False, "loan": loan, "afi": 0xC2}
        journal.write("gate-set", now, gate)
        out.append((item, loan, who))


def _return(journal: Journal, shelf: list[str], out: list[tuple[str, str, str]], at: Iterator[datetime]) -> None:
    for item, loan, who in [out.pop(0) for _ in range(min(BOOKS, len(out)))]:
        facts = {"item": item, "loan": loan, "patron": who, "tags": [f"E0040150{item}"], "notes": []}
        journal.write("returned", next(at), facts)
        shelf.append(item)
