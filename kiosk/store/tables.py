"""The tables of the station's database, as they are now. How older files become this: `migrations`.

Moments are UTC text that sorts, money is exact text, dates are ISO; so the file can be read with any SQLite tool.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment in UTC with microseconds: `2026-03-01T09:15:00.000000Z`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - likewise
        return None if value is None else datetime.fromisoformat(value)


class Money(TypeDecorator[Decimal]):
    """An exact amount, as it is written: `12.50`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - likewise
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - likewise
        return None if value is None else Decimal(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


titles = Table(
    "titles",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("author", String, nullable=False),
    Column("year", Integer),
    Column("language", String, nullable=False),
    Column("age_from", Integer, nullable=False),
    Column("authors", String, nullable=False, server_default="[]"),  # JSON lists
    Column("series", String, nullable=False, server_default=""),
    Column("subjects", String, nullable=False, server_default="[]"),
    Column("isbns", String, nullable=False, server_default="[]"),
    Column("issn", String, nullable=False, server_default=""),
    Column("publisher", String, nullable=False, server_default=""),
    Column("material", String, nullable=False, server_default="book"),
    Column("local_history", Boolean, nullable=False, server_default=text("0")),
    Column("contemporary_ukrainian", Boolean, nullable=False, server_default=text("0")),
    Column("cover", String, nullable=False, server_default=""),
    Column("added_at", Instant),
)

items = Table(
    "items",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", ForeignKey("titles.id"), nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("status", String, nullable=False),
    Column("shelf", String, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("location", String),  # the branch it was last seen at, as the centre knows it; None where nobody said
    Column("contents", String, nullable=False, server_default="[]"),  # JSON list of [name, kind], one per part
)

patrons = Table(
    "patrons",
    metadata,
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
    Column("pin_needed", Boolean, nullable=False),
    Column("mail", Boolean, nullable=False, server_default=text("0")),  # the address itself stays at the centre
)

station_keys = Table(
    "station_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("station", String, nullable=False),
    Column("public_key", String, nullable=False),  # Ed25519, 32 bytes in base64
    Column("revoked_at", Instant),
)

cards = Table(
    "cards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String, unique=True),
    Column("uid", String, unique=True),
    Column("patron", ForeignKey("patrons.id"), nullable=False, index=True),
    Column("status", String, nullable=False),
    CheckConstraint("number IS NOT NULL OR uid IS NOT NULL", name="says_something"),
)

card_proofs = Table(
    "card_proofs",
    metadata,
    Column("uid", String, primary_key=True),
    Column("number", String, index=True),
    Column("counter", Integer),  # of the last SUN message that was accepted
    Column("first_at", Instant, nullable=False),
)

pins = Table(
    "pins",
    metadata,
    Column("patron", ForeignKey("patrons.id"), primary_key=True),
    Column("verifier", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("patron", ForeignKey("patrons.id"), nullable=False),
    Column("title", ForeignKey("titles.id"), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("pickup", String, nullable=False),
    Column("status", String, nullable=False),
    Column("item", String),
    Column("closed_at", Instant),
    Column("key", String),  # what the centre calls it; None for one it never told of
    Index("ix_holds_key", "key", unique=True),
    Index("ix_holds_open_title", "title", sqlite_where=text("closed_at IS NULL")),
    Index("ix_holds_open_patron", "patron", "title", unique=True, sqlite_where=text("closed_at IS NULL")),
)

loans = Table(
    "loans",
    metadata,
    Column("id", String, primary_key=True),
    Column("request_key", String, unique=True),
    Column("item", ForeignKey("items.id"), nullable=False),
    Column("patron", ForeignKey("patrons.id"), nullable=False),
    Column("item_type", String, nullable=False),
    Column("lent_at", Instant, nullable=False),
    Column("due", Date, nullable=False),
    Column("renewals", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("closed_at", Instant),
    Column("fulfils", ForeignKey("holds.id")),
    _one_of("state", "open", "returned", "voided"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_or_closed"),
    # the one line that makes lending a copy twice impossible, whatever the program does
    Index("ix_loans_open_item", "item", unique=True, sqlite_where=text("state = 'open'")),
    Index("ix_loans_open_patron", "patron", sqlite_where=text("state = 'open'")),
    Index("ix_loans_closed", "closed_at", sqlite_where=text("state != 'open'")),
)

intents = Table(
    "intents",
    metadata,
    Column("id", String, primary_key=True),
    Column("request_key", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("item", String, nullable=False),
    Column("armed", Boolean, nullable=False),
    Column("loan", ForeignKey("loans.id"), index=True),
    Column("epoch", String, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String),
    Column("afi", Integer),
    Column("settled", Instant),
    _one_of("kind", "checkout", "checkin", "repair"),
    _one_of("state", "pending", "owed", "done", "voided"),
    Index("ix_intents_open_tag", "tag", sqlite_where=text("state IN ('pending', 'owed')")),
)

returns = Table(
    "returns",
    metadata,
    Column("request_key", String, primary_key=True),
    Column("item", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("tags", String, nullable=False),
    Column("here", String, nullable=False, server_default="[]"),  # JSON list: numbers of the parts laid down
    Column("begun", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("closed", Instant),
    _one_of("state", "begun", "taken", "superseded"),
    Index("ix_returns_begun_item", "item", unique=True, sqlite_where=text("state = 'begun'")),
)

answers = Table(
    "answers",
    metadata,
    Column("request_key", String, primary_key=True),
    Column("asked", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("given", Instant, nullable=False, index=True),
)

debts = Table(
    "debts",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("closed", Instant),
    Column("closed_by", String),
    Column("origin", String, nullable=False, server_default=""),  # "centre" for one another station found
    # the same difference is one debt, however often it is met
    Index("ix_debts_open", "item", "tag", "kind", unique=True, sqlite_where=text("closed IS NULL")),
    Index("ix_debts_open_tag", "tag", sqlite_where=text("closed IS NULL")),
)

dispatches = Table(  # what another library system is to be told, in order; `tries` counts what was sent
    "dispatches",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("request_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False),
    Column("patron", String),
    Column("at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("said", String, nullable=False),
    Column("closed", Instant),
    UniqueConstraint("request_key", "kind"),
    _one_of("kind", "lend", "take-back", "cancel"),
    _one_of("state", "asked", "queued", "done", "refused"),
    CheckConstraint("(state IN ('asked', 'queued')) = (closed IS NULL)", name="open_or_closed"),
    Index("ix_dispatches_open", "position", sqlite_where=text("closed IS NULL")),
    sqlite_autoincrement=True,  # the order things were decided in, also after old ones are forgotten
)

tags = Table(  # tags seen here, on which copies, and how well they could be read: what `kiosk.tags.health` counts
    "tags",
    metadata,
    Column("tag", String, primary_key=True),
    Column("item", String, index=True),
    Column("reads", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("weak", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("gate_retries", Integer, nullable=False),
    Column("gate_failed", Integer, nullable=False),
    Column("seen", Instant, nullable=False, index=True),
)

epochs = Table(
    "epochs",
    metadata,
    Column("id", String, primary_key=True),
    Column("started", Instant, nullable=False),
    Column("acknowledged", Integer, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("epoch", ForeignKey("epochs.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", String, nullable=False, unique=True),
    Column("type", String, nullable=False),
    Column("payload", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("monotonic", Float, nullable=False),
    Column("boot", String, nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("epoch", "seq"),
    sqlite_autoincrement=True,  # a position is never given twice, also after the oldest rows are forgotten
)

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# --- what the centre told, beside the tables above -----------------------------------------------------

snapshot_seen = Table(  # what a snapshot being taken in has named so far: what it never names is gone
    "snapshot_seen",
    metadata,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    sqlite_with_rowid=False,
)

settings_documents = Table(
    "settings_documents",
    metadata,
    Column("target", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("toml", String, nullable=False),
    Column("made_at", Instant, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String, primary_key=True),
    Column("branch", String, nullable=False),
    Column("words", String, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    Column("sort", String, nullable=False, server_default="notice"),
    Column("facts", String, nullable=False, server_default="{}"),
)

covers = Table(  # small pictures of titles that are shown here; `id` is the hash of the picture they were made from
    "covers",
    metadata,
    Column("id", String, primary_key=True),
    Column("picture", LargeBinary, nullable=False),
    Column("shown", Instant, nullable=False, index=True),
)
