"""Titles, their covers, their copies."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, points_to

titles = Table(
    "titles",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("author", String, nullable=False),
    Column("year", Integer),
    Column("language", String, nullable=False),
    Column("age_from", Integer, nullable=False, server_default="0"),
    Column("authors", Document, nullable=False, server_default="[]"),
    Column("responsibility", String, nullable=False, server_default=""),
    Column("publisher", String, nullable=False, server_default=""),
    Column("place", String, nullable=False, server_default=""),
    Column("series", String, nullable=False, server_default=""),
    Column("subjects", Document, nullable=False, server_default="[]"),
    Column("isbns", Document, nullable=False, server_default="[]"),
    Column("issn", String, nullable=False, server_default=""),
    Column("material", String, nullable=False, server_default="book"),
    Column("extent", String, nullable=False, server_default=""),
    Column("annotation", String, nullable=False, server_default=""),
    Column("local_history", Boolean, nullable=False, server_default=text("false")),
    Column("contemporary_ukrainian", Boolean, nullable=False, server_default=text("false")),
    Column("cover", String, nullable=False, server_default=""),  # SHA-256 of the picture in `covers`; "" for none
    Column("source", String, nullable=False, server_default=""),  # the file it was imported from, by its name
    Column("added_at", Instant, nullable=False),
)

covers = Table(
    "covers",
    metadata,
    network(),
    Column("id", String, primary_key=True),  # SHA-256 of the picture
    Column("media_type", String, nullable=False),
    Column("picture", LargeBinary, nullable=False),
)

items = Table(
    "items",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("type", String, nullable=False),
    Column("branch", String, nullable=False),  # its home
    Column("status", String, nullable=False),
    Column("shelf", String, nullable=False, server_default=""),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("contents", Document, nullable=False, server_default="[]"),  # [name, kind] of each part
    Column("location", String, nullable=False),  # the branch it was last seen at
    Column("custody_at", Instant),  # when a station last said who has it, corrected to the centre's clock
    Column("custody_station", String),
    Column("added_at", Instant, nullable=False),
    points_to("titles", "title"),
    Index("ix_items_title", "network", "title"),
)
