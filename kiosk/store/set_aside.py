"""Where a damaged database goes: beside itself, under a name that says when. Nothing is ever deleted here."""

from datetime import UTC, datetime
from pathlib import Path

_COMPANIONS = ("-wal", "-shm")


def set_aside(path: Path) -> Path:
    """Move the database and its log to `<name>.broken-<time>`; returns where it lies now."""
    kept = path.with_name(f"{path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    for companion in _COMPANIONS:  # the log first: without it the database is older, never the reverse
        log = path.with_name(path.name + companion)
        if log.exists():
            log.rename(kept.with_name(kept.name + companion))
    return path.rename(kept)


def find_set_aside(path: Path) -> Path | None:
    """Find the database that was last moved aside from *path*."""
    found = [kept for kept in path.parent.glob(f"{path.name}.broken-*") if not kept.name.endswith(_COMPANIONS)]
    return max(found, default=None)
