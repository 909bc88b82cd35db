"""Stations, and what they said."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, String, Table, UniqueConstraint, text

from kiosk.central.column_types import Document, Instant
from kiosk.central.tables.shape import metadata, network, one_of

stations = Table(
    "stations",
    metadata,
    network(),
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

station_keys = Table(
    "station_keys",
    metadata,
    network(),
    Column("id", String, primary_key=True),  # the first 8 bytes of the key's SHA-256, in hex, as receipts name it
    Column("station", String, nullable=False),
    Column("public_key", String, nullable=False),  # stays when the station is enrolled anew: old receipts stay good
    Column("revoked_at", Instant),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    network(),
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
    network(),
    Column("station", String, primary_key=True),
    Column("nonce", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_nonces_at", "network", "at"),
)

epochs = Table(
    "epochs",
    metadata,
    network(),
    Column("station", String, primary_key=True),
    Column("epoch", String, primary_key=True),
    Column("have", BigInteger, nullable=False),  # the highest number with none missing before it
    Column("head_hash", String, nullable=False),
    Column("heard_at", Instant, nullable=False),
)

events = Table(
    "events",
    metadata,
    network(),
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
    one_of("verdict", "new", "flagged", "unreadable"),
    UniqueConstraint("network", "id"),
    Index("ix_events_item", "network", "item"),
    Index("ix_events_received", "network", "received_at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    network(),
    Column("station", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", Document, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    network(),
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

card_proofs = Table(  # cards that proved themselves at some station, told once by each
    "card_proofs",
    metadata,
    network(),
    Column("uid", String, primary_key=True),
    Column("number", String, nullable=False),  # "" where only the UID is known
    Column("station", String, nullable=False),  # that told of it first
    Column("first_at", Instant, nullable=False),
    Index("ix_card_proofs_number", "network", "number"),
)

tag_health = Table(  # what each station counted of a tag that gave it trouble: `kiosk.tags.health`
    "tag_health",
    metadata,
    network(),
    Column("station", String, primary_key=True),
    Column("tag", String, primary_key=True),
    Column("branch", String, nullable=False),  # the station's
    Column("item", String, nullable=False),  # "" where nobody could read it
    Column("reads", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("weak", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("gate_retries", Integer, nullable=False),
    Column("gate_failed", Integer, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("settled", Document, nullable=False, server_default="{}"),  # the counts when somebody saw to it
    Index("ix_tag_health_tag", "network", "tag"),
)
