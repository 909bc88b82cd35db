"""Patrons, their cards and PINs."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table, UniqueConstraint, text

from kiosk.central.column_types import Instant, Money
from kiosk.central.tables.shape import metadata, network, points_to

patrons = Table(
    "patrons",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("card", String, nullable=False),
    Column("given_name", String, nullable=False),
    Column("family_name", String, nullable=False),
    Column("category", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("born", Date),
    Column("expires", Date),
    Column("card_status", String, nullable=False),
    Column("fees", Money, nullable=False),
    Column("guardian", String),
    Column("language", String),
    Column("pin_needed", Boolean, nullable=False, server_default=text("false")),
    Column("email", String, nullable=False, server_default=""),
    Column("phone", String, nullable=False, server_default=""),
    Column("merged_into", String),  # another patron who took over everything of this one
    Column("erased_at", Instant),
    Column("added_at", Instant, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("number", String),
    Column("uid", String),
    Column("patron", String, nullable=False),
    Column("status", String, nullable=False),
    points_to("patrons", "patron"),
    CheckConstraint("number IS NOT NULL OR uid IS NOT NULL", name="says_something"),
    UniqueConstraint("network", "number"),
    UniqueConstraint("network", "uid"),
    Index("ix_cards_patron", "network", "patron"),
)

pins = Table(
    "pins",
    metadata,
    network(),
    Column("patron", String, primary_key=True),
    Column("verifier", String, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    points_to("patrons", "patron"),
)
