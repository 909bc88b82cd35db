"""Receipts by e-mail that wait to be sent, and every key a station ever signed receipts with.

Revision ID: 0004
"""

import base64
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Document, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "station_keys",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.PrimaryKeyConstraint("network", "id", name="pk_station_keys"),
    )
    op.create_table(
        "mails",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("patron", sa.String()),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("network", "id", name="pk_mails"),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'handing', 'sent', 'dropped', 'dead')", name="ck_mails_state"
        ),
    )
    op.create_index("ix_mails_next", "mails", ["network", "state", "next_at"])
    _keep_present_keys(op.get_bind())


def _keep_present_keys(bind: sa.Connection) -> None:
    """Stations hear of the keys that are there, and of who can be mailed."""
    rows = bind.execute(sa.text("SELECT network, id, public_key, revoked_at FROM stations")).all()
    told: list[tuple[str, str, str]] = []
    for row in rows:
        name = sha256(base64.b64decode(row.public_key)).digest()[:8].hex()
        bind.execute(
            sa.text(
                "INSERT INTO station_keys (network, id, station, public_key, revoked_at) VALUES (:n, :i, :s, :p, :r)"
            ),
            {"n": row.network, "i": name, "s": row.id, "p": row.public_key, "r": row.revoked_at},
        )
        told.append((row.network, "station-key", name))
    mailable = bind.execute(sa.text("SELECT network, id FROM patrons WHERE email <> '' AND erased_at IS NULL")).all()
    told += [(row.network, "patron", row.id) for row in mailable]
    for network, kind, key in told:
        _tell(bind, network, kind, key)


def _tell(bind: sa.Connection, network: str, kind: str, key: str) -> None:
    """Move the thing to the end of the change log, as `kiosk.central.changes` does."""
    if bind.dialect.name == "postgresql":
        number, transaction = "nextval('change_numbers')", "pg_current_xact_id()::text::bigint"
    else:
        number, transaction = "(SELECT COALESCE(MAX(id), 0) + 1 FROM changes WHERE network = :n)", "0"
    bind.execute(
        sa.text(
            f"INSERT INTO changes (network, kind, key, xid, id) VALUES (:n, :k, :t, {transaction}, {number})"  # noqa: S608 - our own words
            " ON CONFLICT (network, kind, key) DO UPDATE SET xid = excluded.xid, id = excluded.id"
        ),
        {"n": network, "k": kind, "t": key},
    )
