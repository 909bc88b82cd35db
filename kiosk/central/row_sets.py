"""Many rows in one statement: written, changed, and asked for by their names.

On PostgreSQL rows travel as one JSON value and names as one array, so the statement is the same whatever their number,
and is planned once. On SQLite, which has no network to cross, a statement a row is as quick.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    String,
    Table,
    TextClause,
    any_,
    bindparam,
    insert,
    text,
    update,
)

Rows = Sequence[dict[str, Any]]


def among(connection: Connection, column: ColumnElement[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Say that *column* is one of *names*."""
    if connection.dialect.name != "postgresql":
        return column.in_(sorted(names))
    return column == any_(bindparam(None, sorted(names), type_=ARRAY(String), unique=True))


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Write *rows*, which all have the same columns."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    connection.execute(_insert(table.name, tuple(rows[0])), {"rows": _as_json(rows)})


def update_rows(connection: Connection, network: str, table: Table, rows: Rows) -> None:
    """Change rows by their `id`; every row changes the same columns."""
    if not rows:
        return
    columns = tuple(name for name in rows[0] if name != "id")
    if connection.dialect.name != "postgresql":
        ours = (table.c.network == network) & (table.c.id == bindparam("of_id"))
        changed: dict[str, Any] = {name: bindparam(name) for name in columns}
        connection.execute(update(table).where(ours).values(changed), [{**row, "of_id": row["id"]} for row in rows])
        return
    connection.execute(_update(table.name, columns), {"rows": _as_json(rows), "network": network})


@lru_cache(maxsize=64)
def _insert(table: str, columns: tuple[str, ...]) -> TextClause:
    """Make the statement. Source: PostgreSQL documentation, 9.16.2, jsonb_populate_recordset."""
    listed = ", ".join(columns)
    return text(
        f"INSERT INTO {table} ({listed}) SELECT {listed}"  # noqa: S608 - names of our own tables and columns
        f" FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb))"
    )


@lru_cache(maxsize=64)
def _update(table: str, columns: tuple[str, ...]) -> TextClause:
    changed = ", ".join(f"{name} = changed.{name}" for name in columns)
    return text(
        f"UPDATE {table} SET {changed}"  # noqa: S608 - likewise
        f" FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) AS changed"
        f" WHERE {table}.network = :network AND {table}.id = changed.id"
    )


def _as_json(rows: Rows) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    match value:
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            raise TypeError(f"a column cannot hold a {type(value).__name__}")
