"""Counters for the director's figures: what happened how often, never who did it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central.tables import tallies

KEY = ("day", "hour", "branch", "channel", "what", "age_group", "language", "detail")


def count(connection: Connection, network: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add up: each row names its KEY columns and a `count`. Rows of one key are added together first."""
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in KEY)
        sums[key] = sums.get(key, 0) + row["count"]
    if not sums:
        return
    new = [{"network": network, **dict(zip(KEY, key, strict=True)), "count": n} for key, n in sorted(sums.items())]
    statement = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(tallies)
    added = {"count": tallies.c.count + statement.excluded.count}
    connection.execute(statement.on_conflict_do_update(index_elements=["network", *KEY], set_=added), new)
