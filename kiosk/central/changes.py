"""The change log: which row a station needs was changed last by which transaction. One row per thing, moved forward.

On PostgreSQL a change carries the transaction that made it. Sequence numbers are handed out before transactions
commit, so a cursor over them skips what commits late; a cursor over (transaction, number), read only below the
oldest transaction still running, does not. On SQLite there is one writer at a time and the number alone is in order.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects import sqlite

from kiosk.central.tables import changes
from kiosk.wire.messages import Kind

_BATCH = 5000


def touch(connection: Connection, network: str, kind: Kind, keys: Iterable[str]) -> None:
    """Say that the things of *kind* named by *keys* were changed, made or ended in this transaction.

    Call it after they were changed, in the transaction that changed them. Keys may repeat.
    """
    touch_all(connection, network, {kind: keys})


def touch_all(connection: Connection, network: str, touched: Mapping[Kind, Iterable[str]]) -> None:
    """Say so of things of several kinds at once."""
    # in one order everywhere: no two transactions wait for each other
    whole = [(kind.value, key) for kind in Kind for key in sorted(set(touched.get(kind, ())))]
    write = _touch_postgresql if connection.dialect.name == "postgresql" else _touch_sqlite
    for start in range(0, len(whole), _BATCH):
        write(connection, network, whole[start : start + _BATCH])


_TOUCH_POSTGRESQL = text(
    """
    INSERT INTO changes (network, kind, key, xid, id)
    SELECT :network, kind, key, pg_current_xact_id()::text::bigint, nextval('change_numbers')
    FROM unnest(CAST(:kinds AS varchar[]), CAST(:keys AS varchar[])) AS touched (kind, key)
    ON CONFLICT (network, kind, key) DO UPDATE SET xid = excluded.xid, id = excluded.id
    """
)


def _touch_postgresql(connection: Connection, network: str, touched: list[tuple[str, str]]) -> None:
    kinds, keys = [kind for kind, _ in touched], [key for _, key in touched]
    connection.execute(_TOUCH_POSTGRESQL, {"network": network, "kinds": kinds, "keys": keys})


def _touch_sqlite(connection: Connection, network: str, touched: list[tuple[str, str]]) -> None:
    last = connection.execute(select(func.coalesce(func.max(changes.c.id), 0)).where(changes.c.network == network))
    first = last.scalar_one() + 1
    statement = sqlite.insert(changes)
    upsert = statement.on_conflict_do_update(
        index_elements=["network", "kind", "key"], set_={"xid": 0, "id": statement.excluded.id}
    )
    rows = [
        {"network": network, "kind": kind, "key": key, "xid": 0, "id": number}
        for number, (kind, key) in enumerate(touched, start=first)
    ]
    connection.execute(upsert, rows)
