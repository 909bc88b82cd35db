"""Incarnations: which life of the database this is. One restored from an older backup is a new one.

A station that hears of a new incarnation sends again what this one does not have, and takes a snapshot. What a
restore looks like: the fingerprint of the cluster changed (restored elsewhere, or to a point in time), a station was
told of events this database does not know, or an administrator says so (`kiosk central restored`).
"""

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from kiosk.central.centre import Centre
from kiosk.central.tables import incarnations

_LOCK = 7_310_045_872_002
_FINGERPRINT = text(
    "SELECT s.system_identifier || ':' || c.timeline_id FROM pg_control_system() AS s, pg_control_checkpoint() AS c"
)


def present(connection: Connection, network: str) -> str:
    """Say which incarnation this is. Raises: LookupError for a database nobody began (see `begin_if_new`)."""
    found = _newest(connection, network)
    if found is None:
        raise LookupError(f"the database knows no network {network!r}: `kiosk central init` makes it")
    return found[1]


def begin(connection: Connection, network: str, cause: str, now: datetime, instead_of: str | None = None) -> str:
    """Begin a new incarnation and say its name; *instead_of* begins it only while that one is the present.

    Many stations notice a restore at once: the first begins the new incarnation, the others hear of it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    number, name = _newest(connection, network) or (0, "")
    if instead_of is not None and name != instead_of:
        return name
    begun = secrets.token_hex(8)
    row = {
        "network": network,
        "number": number + 1,
        "id": begun,
        "since": now,
        "cause": cause,
        "fingerprint": _fingerprint(connection),
    }
    connection.execute(insert(incarnations).values(row))
    return begun


def begin_if_new(connection: Connection, network: str, now: datetime) -> str:
    """Say the present incarnation; the first one of a new database begins here."""
    found = _newest(connection, network)
    return begin(connection, network, "a new database", now, instead_of="") if found is None else found[1]


def check_fingerprint(centre: Centre) -> str:
    """Say the present incarnation, after a look whether this still is the database it was begun on.

    Called at every start. A cluster with another identifier or timeline was restored, or took over from one that
    may have known more: either way a new incarnation.
    """

    def check(connection: Connection) -> str:
        name = begin_if_new(connection, centre.network, centre.now())
        kept = connection.execute(
            select(incarnations.c.fingerprint).where(
                incarnations.c.network == centre.network, incarnations.c.id == name
            )
        ).scalar_one()
        if kept == _fingerprint(connection):
            return name
        return begin(connection, centre.network, "the database came from elsewhere", centre.now(), instead_of=name)

    return centre.carry_out(check)


def _newest(connection: Connection, network: str) -> tuple[int, str] | None:
    wanted = select(incarnations.c.number, incarnations.c.id).where(incarnations.c.network == network)
    row = connection.execute(wanted.order_by(incarnations.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else (row.number, row.id)


def _fingerprint(connection: Connection) -> str:
    """Name the cluster and its timeline; "" where the database has none or does not tell."""
    if connection.dialect.name != "postgresql":
        return ""
    try:
        with connection.begin_nested():
            return str(connection.execute(_FINGERPRINT).scalar_one())
    except DBAPIError:  # an account that may not ask: then only stations and administrators can tell of a restore
        return ""
