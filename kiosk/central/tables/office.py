"""The staff, and what it did."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, one_of

staff = Table(
    "staff",
    metadata,
    network(),
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("verifier", String, nullable=False),
    Column("role", String, nullable=False),
    Column("branch", String, nullable=False, server_default=""),  # "" for all
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("disabled_at", Instant),
    one_of("role", "librarian", "technician", "director"),
)

audit = Table(
    "audit",
    metadata,
    network(),
    Column("number", BigInteger, primary_key=True),  # without gaps, from 1
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", Document, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
)
