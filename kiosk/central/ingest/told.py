"""An event as the centre reads it: what was said, and when it happened by the centre's clock."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.wire.journal_row import row_hash
from kiosk.wire.messages import SentEvent

_LONGEST_OFFSET = timedelta(days=4000)


class UnreadableEvent(Exception):
    """An event nothing can be made of; the message says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """`facts` are the payload; `certain` is false where the station did not trust its own clock."""

    sent: SentEvent
    facts: dict[str, Any]
    at: datetime
    happened_at: datetime
    certain: bool

    def text(self, name: str) -> str:
        """Say the fact called *name*, "" where it was not told."""
        said = self.facts.get(name)
        return said if isinstance(said, str) else ""

    def texts(self, name: str) -> list[str]:
        said = self.facts.get(name)
        return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []

    def debts(self) -> list[dict[str, Any]]:
        said = self.facts.get("debts")
        return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def read(sent: SentEvent, epoch: str, offset: float, received_at: datetime) -> Told:
    """Read one journal row. Raises: UnreadableEvent - its hash does not fit, or it holds no facts."""
    expected = row_hash(
        sent.prev_hash,
        epoch,
        sent.seq,
        sent.id,
        sent.type,
        sent.payload,
        sent.at,
        sent.monotonic,
        sent.boot,
        sent.trusted,
    )
    if expected != sent.hash:
        raise UnreadableEvent("its hash does not fit what it says: a bit was flipped, or somebody changed it")
    try:
        facts = json.loads(sent.payload)
        at = datetime.fromisoformat(sent.at)
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent(f"it cannot be read: {error}") from error
    if not isinstance(facts, dict) or at.tzinfo is None:
        raise UnreadableEvent("it holds no facts, or a time without a zone")
    return Told(sent, facts, at, _corrected(at, offset, received_at), sent.trusted)


def _corrected(at: datetime, offset: float, received_at: datetime) -> datetime:
    """Bring a station's time to the centre's clock; nothing it tells of happened later than it was heard."""
    bounded = max(-_LONGEST_OFFSET.total_seconds(), min(offset, _LONGEST_OFFSET.total_seconds()))
    return min(at + timedelta(seconds=bounded), received_at)
