"""What stations are told: the change log, snapshots, documents, notices."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, LargeBinary, Sequence, String, Table

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, points_to

changes = Table(
    "changes",
    metadata,
    network(),
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("xid", BigInteger, nullable=False),  # the transaction that changed it last; 0 on SQLite
    Column("id", BigInteger, nullable=False),
    Index("ix_changes_order", "network", "xid", "id"),
)
change_numbers = Sequence("change_numbers", metadata=metadata)  # PostgreSQL; on SQLite the one writer counts

snapshots = Table(
    "snapshots",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("incarnation", String, nullable=False),
    Column("cursor", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("manifest", Document, nullable=False),
)

snapshot_parts = Table(
    "snapshot_parts",
    metadata,
    network(),
    Column("snapshot", String, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    points_to("snapshots", "snapshot"),
)

settings_documents = Table(
    "settings_documents",
    metadata,
    network(),
    Column("target", String, primary_key=True),  # "network", "branch:<branch>", "station:<station>"
    Column("version", Integer, primary_key=True),
    Column("toml", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("note", String, nullable=False, server_default=""),
)

notices = Table(
    "notices",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("branch", String, nullable=False),  # "" for every branch
    Column("words", Document, nullable=False),  # by language
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    Column("sort", String, nullable=False, server_default="notice"),  # or event, or shelf: see showcase.py
    Column("facts", Document, nullable=False, server_default="{}"),
)
