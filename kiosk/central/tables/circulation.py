"""Holds, loans, and the debts about them."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, text

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, one_of, points_to

holds = Table(
    "holds",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("patron", String),  # forgotten when the hold is closed and old
    Column("title", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("pickup", String, nullable=False),
    Column("status", String, nullable=False),
    Column("item", String),
    Column("ready_at", Instant),
    Column("closed_at", Instant),
    Column("closed_why", String),
    points_to("patrons", "patron"),
    points_to("titles", "title"),
    one_of("status", "waiting", "ready"),
    Index(
        "ix_holds_open_patron",
        "network",
        "patron",
        "title",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_holds_title", "network", "title"),
)

loans = Table(
    "loans",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("item", String, nullable=False),  # no foreign key: a station may lend what no list knows
    Column("patron", String),  # forgotten when the loan is closed and old
    Column("item_type", String, nullable=False),
    Column("lent_at", Instant, nullable=False),
    Column("due", Date, nullable=False),
    Column("renewals", Integer, nullable=False, server_default="0"),
    Column("state", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("station", String, nullable=False, server_default=""),
    Column("fulfils", String),
    Column("gate_cleared_at", Instant),
    Column("closed_at", Instant),
    Column("closed_branch", String),
    Column("closed_station", String),
    one_of("state", "open", "returned", "voided", "unseen"),  # unseen: back, though no return of it was heard of
    one_of("channel", "station", "desk", "import"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_or_closed"),
    Index(
        "ix_loans_open_item",
        "network",
        "item",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_loans_patron", "network", "patron"),
    Index("ix_loans_closed", "network", "closed_at"),
)

debts = Table(
    "debts",
    metadata,
    network(),
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False, server_default=""),
    Column("tag", String, nullable=False, server_default=""),  # "" where no single tag is meant
    Column("patron", String),
    Column("loan", String),
    Column("branch", String, nullable=False, server_default=""),
    Column("station", String, nullable=False, server_default=""),
    Column("evidence", Document, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("closed", Instant),
    Column("closed_by", String),  # an event, a staff login
    Column("resolution", String),
    Index(
        "ix_debts_open",
        "network",
        "opened",
        sqlite_where=text("closed IS NULL"),
        postgresql_where=text("closed IS NULL"),
    ),
    Index("ix_debts_item", "network", "item"),
)
