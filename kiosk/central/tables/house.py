"""The centre itself: its lives, its secrets."""

from sqlalchemy import Column, Integer, String, Table

from kiosk.central.column_types import Instant
from kiosk.central.tables.shape import metadata, network

incarnations = Table(
    "incarnations",
    metadata,
    network(),
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False),  # random; the newest number is the present one
    Column("since", Instant, nullable=False),
    Column("cause", String, nullable=False),
    Column("fingerprint", String, nullable=False),  # of the database cluster it was born on; "" where there is none
)

secrets = Table(
    "secrets",
    metadata,
    network(),
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
