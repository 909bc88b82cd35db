"""Mails that wait to be sent, and what became of them. No address: it is looked up when a mail goes out."""

from sqlalchemy import Column, Index, Integer, String, Table

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, one_of

mails = Table(
    "mails",
    metadata,
    network(),
    Column("id", String, primary_key=True),  # the event it was wanted in: no event makes two mails
    Column("patron", String),  # forgotten once it is sent or dropped
    Column("branch", String, nullable=False),
    Column("station", String, nullable=False),
    Column("language", String, nullable=False),
    Column("body", Document, nullable=False),  # likewise emptied
    Column("happened_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Instant, nullable=False),
    Column("since", Instant, nullable=False),  # when it came into its state
    Column("trouble", String, nullable=False, server_default=""),
    one_of("state", "waiting", "taken", "handing", "sent", "dropped", "dead"),
    Index("ix_mails_next", "network", "state", "next_at"),
)
