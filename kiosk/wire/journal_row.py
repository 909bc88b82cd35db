"""How a journal row is hashed: everything it says, and the hash of the row before it. Station and centre agree here."""

import json
from datetime import UTC, datetime
from hashlib import sha256

GENESIS = "0" * 64
"""What the first row of a new journal is chained to."""


def moment_text(at: datetime) -> str:
    """Write a moment the way it is hashed and sent: UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_hash(  # noqa: PLR0913, PLR0917 - every field of a row is hashed
    prev_hash: str,
    epoch: str,
    seq: int,
    id_: str,
    type_: str,
    payload: str,
    at: str,
    monotonic: float,
    boot: str,
    trusted: bool,
) -> str:
    """Hash a row as one JSON list; *at* as `moment_text` writes it, *payload* as the JSON text that is kept."""
    said = [prev_hash, epoch, seq, id_, type_, payload, at, float(monotonic), boot, trusted]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
