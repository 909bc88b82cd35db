"""The tables of the central system, as they are now. How older databases become this: `migrations`.

Every table begins its key with the network it belongs to, and every question on the hot path names it: so a
distributed PostgreSQL can spread whole networks over its nodes (docs/distribution.md). No table points into
another network.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    text,
)

from kiosk.central.column_types import Document, Instant, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _network() -> Column[str]:
    """The first column of every key: the distribution key."""
    return Column("network", String, primary_key=True)


def _points_to(table: str, column: str, key: str = "id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["network", column], [f"{table}.network", f"{table}.{key}"])


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


# --- the centre itself ---------------------------------------------------------------------------------

incarnations = Table(
    "incarnations",
    metadata,
    _network(),
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False),  # random; the newest number is the present one
    Column("since", Instant, nullable=False),
    Column("cause", String, nullable=False),
    Column("fingerprint", String, nullable=False),  # of the database cluster it was born on; "" where there is none
)

secrets = Table(
    "secrets",
    metadata,
    _network(),
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# --- the catalogue -------------------------------------------------------------------------------------

titles = Table(
    "titles",
    metadata,
    _network(),
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
    _network(),
    Column("id", String, primary_key=True),  # SHA-256 of the picture
    Column("media_type", String, nullable=False),
    Column("picture", LargeBinary, nullable=False),
)

items = Table(
    "items",
    metadata,
    _network(),
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("type", String, nullable=False),
    Column("branch", String, nullable=False),  # its home
    Column("status", String, nullable=False),
    Column("shelf", String, nullable=False, server_default=""),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("location", String, nullable=False),  # the branch it was last seen at
    Column("custody_at", Instant),  # when a station last said who has it, corrected to the centre's clock
    Column("custody_station", String),
    Column("added_at", Instant, nullable=False),
    _points_to("titles", "title"),
    Index("ix_items_title", "network", "title"),
)

# --- patrons -------------------------------------------------------------------------------------------

patrons = Table(
    "patrons",
    metadata,
    _network(),
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
    _network(),
    Column("id", String, primary_key=True),
    Column("number", String),
    Column("uid", String),
    Column("patron", String, nullable=False),
    Column("status", String, nullable=False),
    _points_to("patrons", "patron"),
    CheckConstraint("number IS NOT NULL OR uid IS NOT NULL", name="says_something"),
    UniqueConstraint("network", "number"),
    UniqueConstraint("network", "uid"),
    Index("ix_cards_patron", "network", "patron"),
)

pins = Table(
    "pins",
    metadata,
    _network(),
    Column("patron", String, primary_key=True),
    Column("verifier", String, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    _points_to("patrons", "patron"),
)

# --- circulation ---------------------------------------------------------------------------------------

holds = Table(
    "holds",
    metadata,
    _network(),
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
    _points_to("patrons", "patron"),
    _points_to("titles", "title"),
    _one_of("status", "waiting", "ready"),
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
    _network(),
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
    _one_of("state", "open", "returned", "voided", "unseen"),  # unseen: back, though no return of it was heard of
    _one_of("channel", "station", "desk", "import"),
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
    _network(),
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

# --- what stations said --------------------------------------------------------------------------------

stations = Table(
    "stations",
    metadata,
    _network(),
    Column("id", String, primary_key=True),  # "<branch>.<name>"
    Column("branch", String, nullable=False),
    Column("name", String, nullable=False),
    Column("lends", Boolean, nullable=False, server_default=text("true")),
    Column("public_key", String, nullable=False),  # Ed25519, 32 bytes in base64
    Column("enrolled_at", Instant, nullable=False),
    Column("enrolled_by", String, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", String),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    _network(),
    Column("code_hash", String, primary_key=True),
    Column("branch", String, nullable=False),
    Column("station", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

nonces = Table(
    "nonces",
    metadata,
    _network(),
    Column("station", String, primary_key=True),
    Column("nonce", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_nonces_at", "network", "at"),
)

epochs = Table(
    "epochs",
    metadata,
    _network(),
    Column("station", String, primary_key=True),
    Column("epoch", String, primary_key=True),
    Column("have", BigInteger, nullable=False),  # the highest number with none missing before it
    Column("head_hash", String, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

events = Table(
    "events",
    metadata,
    _network(),
    Column("station", String, primary_key=True),
    Column("epoch", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("payload", String, nullable=False),  # JSON text exactly as it was hashed
    Column("at", Instant, nullable=False),  # as the station booked it
    Column("monotonic", Float, nullable=False),
    Column("boot", String, nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("item", String, nullable=False, server_default=""),
    Column("happened_at", Instant, nullable=False),  # `at` corrected to the centre's clock
    Column("received_at", Instant, nullable=False),
    Column("verdict", String, nullable=False),
    _one_of("verdict", "new", "flagged", "unreadable"),
    UniqueConstraint("network", "id"),
    Index("ix_events_item", "network", "item"),
    Index("ix_events_received", "network", "received_at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    _network(),
    Column("station", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", Document, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    _network(),
    Column("day", Date, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("branch", String, primary_key=True),
    Column("channel", String, primary_key=True),  # station, desk, catalogue
    Column("what", String, primary_key=True),  # loan, return, renewal, visit, refusal, hold
    Column("age_group", String, primary_key=True),  # adult, youth, child, "" where nobody was known
    Column("language", String, primary_key=True),  # of the title; "" where there is none
    Column("detail", String, primary_key=True),  # a refusal's reason, "new-acquisition"; "" otherwise
    Column("count", BigInteger, nullable=False),
)

# --- what stations are told ----------------------------------------------------------------------------

changes = Table(
    "changes",
    metadata,
    _network(),
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
    _network(),
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
    _network(),
    Column("snapshot", String, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    _points_to("snapshots", "snapshot"),
)

settings_documents = Table(
    "settings_documents",
    metadata,
    _network(),
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
    _network(),
    Column("id", String, primary_key=True),
    Column("branch", String, nullable=False),  # "" for every branch
    Column("words", Document, nullable=False),  # by language
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
)

# --- staff ---------------------------------------------------------------------------------------------

staff = Table(
    "staff",
    metadata,
    _network(),
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("verifier", String, nullable=False),
    Column("role", String, nullable=False),
    Column("branch", String, nullable=False, server_default=""),  # "" for all
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("disabled_at", Instant),
    _one_of("role", "librarian", "technician", "director"),
)

audit = Table(
    "audit",
    metadata,
    _network(),
    Column("number", BigInteger, primary_key=True),  # without gaps, from 1
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", Document, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
)
