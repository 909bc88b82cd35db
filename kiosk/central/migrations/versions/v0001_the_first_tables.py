"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Document, Instant, Money

revision = "0001"
down_revision = None


def _network() -> sa.Column[str]:
    return sa.Column("network", sa.String(), nullable=False)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE change_numbers")
    op.create_table(
        "audit",
        _network(),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", Document, nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("network", "number", name="pk_audit"),
    )
    op.create_table(
        "changes",
        _network(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network", "kind", "key", name="pk_changes"),
    )
    op.create_index("ix_changes_order", "changes", ["network", "xid", "id"], unique=False)
    op.create_table(
        "covers",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("network", "id", name="pk_covers"),
    )
    op.create_table(
        "debts",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", sa.String(), server_default="", nullable=False),
        sa.Column("tag", sa.String(), server_default="", nullable=False),
        sa.Column("patron", sa.String(), nullable=True),
        sa.Column("loan", sa.String(), nullable=True),
        sa.Column("branch", sa.String(), server_default="", nullable=False),
        sa.Column("station", sa.String(), server_default="", nullable=False),
        sa.Column("evidence", Document, nullable=False),
        sa.Column("opened", Instant(), nullable=False),
        sa.Column("closed", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("network", "id", name="pk_debts"),
    )
    op.create_index("ix_debts_item", "debts", ["network", "item"], unique=False)
    op.create_index(
        "ix_debts_open",
        "debts",
        ["network", "opened"],
        unique=False,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_table(
        "enrolment_codes",
        _network(),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("network", "code_hash", name="pk_enrolment_codes"),
    )
    op.create_table(
        "epochs",
        _network(),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("have", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("network", "station", "epoch", name="pk_epochs"),
    )
    op.create_table(
        "events",
        _network(),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("monotonic", sa.Float(), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("item", sa.String(), server_default="", nullable=False),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.CheckConstraint("verdict IN ('new', 'flagged', 'unreadable')", name="ck_events_verdict"),
        sa.PrimaryKeyConstraint("network", "station", "epoch", "seq", name="pk_events"),
        sa.UniqueConstraint("network", "id", name="uq_events_network_id"),
    )
    op.create_index("ix_events_item", "events", ["network", "item"], unique=False)
    op.create_index("ix_events_received", "events", ["network", "received_at"], unique=False)
    op.create_table(
        "heartbeats",
        _network(),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.PrimaryKeyConstraint("network", "station", name="pk_heartbeats"),
    )
    op.create_table(
        "incarnations",
        _network(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("network", "number", name="pk_incarnations"),
    )
    op.create_table(
        "loans",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("patron", sa.String(), nullable=True),
        sa.Column("item_type", sa.String(), nullable=False),
        sa.Column("lent_at", Instant(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("renewals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("station", sa.String(), server_default="", nullable=False),
        sa.Column("fulfils", sa.String(), nullable=True),
        sa.Column("gate_cleared_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_branch", sa.String(), nullable=True),
        sa.Column("closed_station", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="ck_loans_open_or_closed"),
        sa.CheckConstraint("channel IN ('station', 'desk', 'import')", name="ck_loans_channel"),
        sa.CheckConstraint("state IN ('open', 'returned', 'voided', 'unseen')", name="ck_loans_state"),
        sa.PrimaryKeyConstraint("network", "id", name="pk_loans"),
    )
    op.create_index("ix_loans_closed", "loans", ["network", "closed_at"], unique=False)
    op.create_index(
        "ix_loans_open_item",
        "loans",
        ["network", "item"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_loans_patron", "loans", ["network", "patron"], unique=False)
    op.create_table(
        "nonces",
        _network(),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("network", "station", "nonce", name="pk_nonces"),
    )
    op.create_index("ix_nonces_at", "nonces", ["network", "at"], unique=False)
    op.create_table(
        "notices",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("words", Document, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("network", "id", name="pk_notices"),
    )
    op.create_table(
        "patrons",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("card_status", sa.String(), nullable=False),
        sa.Column("fees", Money(), nullable=False),
        sa.Column("guardian", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("pin_needed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("network", "id", name="pk_patrons"),
    )
    op.create_table(
        "secrets",
        _network(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("network", "name", name="pk_secrets"),
    )
    op.create_table(
        "settings_documents",
        _network(),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("toml", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("network", "target", "version", name="pk_settings_documents"),
    )
    op.create_table(
        "snapshots",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("incarnation", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("manifest", Document, nullable=False),
        sa.PrimaryKeyConstraint("network", "id", name="pk_snapshots"),
    )
    op.create_table(
        "staff",
        _network(),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), server_default="", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.CheckConstraint("role IN ('librarian', 'technician', 'director')", name="ck_staff_role"),
        sa.PrimaryKeyConstraint("network", "login", name="pk_staff"),
    )
    op.create_table(
        "stations",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lends", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("enrolled_at", Instant(), nullable=False),
        sa.Column("enrolled_by", sa.String(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("network", "id", name="pk_stations"),
    )
    op.create_table(
        "tallies",
        _network(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("age_group", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "network", "day", "hour", "branch", "channel", "what", "age_group", "language", "detail", name="pk_tallies"
        ),
    )
    op.create_table(
        "titles",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("age_from", sa.Integer(), server_default="0", nullable=False),
        sa.Column("authors", Document, server_default="[]", nullable=False),
        sa.Column("responsibility", sa.String(), server_default="", nullable=False),
        sa.Column("publisher", sa.String(), server_default="", nullable=False),
        sa.Column("place", sa.String(), server_default="", nullable=False),
        sa.Column("series", sa.String(), server_default="", nullable=False),
        sa.Column("subjects", Document, server_default="[]", nullable=False),
        sa.Column("isbns", Document, server_default="[]", nullable=False),
        sa.Column("issn", sa.String(), server_default="", nullable=False),
        sa.Column("material", sa.String(), server_default="book", nullable=False),
        sa.Column("extent", sa.String(), server_default="", nullable=False),
        sa.Column("annotation", sa.String(), server_default="", nullable=False),
        sa.Column("local_history", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("contemporary_ukrainian", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cover", sa.String(), server_default="", nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("network", "id", name="pk_titles"),
    )
    op.create_table(
        "cards",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("uid", sa.String(), nullable=True),
        sa.Column("patron", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("number IS NOT NULL OR uid IS NOT NULL", name="ck_cards_says_something"),
        sa.ForeignKeyConstraint(
            ["network", "patron"], ["patrons.network", "patrons.id"], name="fk_cards_network_patron"
        ),
        sa.PrimaryKeyConstraint("network", "id", name="pk_cards"),
        sa.UniqueConstraint("network", "number", name="uq_cards_network_number"),
        sa.UniqueConstraint("network", "uid", name="uq_cards_network_uid"),
    )
    op.create_index("ix_cards_patron", "cards", ["network", "patron"], unique=False)
    op.create_table(
        "holds",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("patron", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("pickup", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("ready_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_why", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'ready')", name="ck_holds_status"),
        sa.ForeignKeyConstraint(
            ["network", "patron"], ["patrons.network", "patrons.id"], name="fk_holds_network_patron"
        ),
        sa.ForeignKeyConstraint(["network", "title"], ["titles.network", "titles.id"], name="fk_holds_network_title"),
        sa.PrimaryKeyConstraint("network", "id", name="pk_holds"),
    )
    op.create_index(
        "ix_holds_open_patron",
        "holds",
        ["network", "patron", "title"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_holds_title", "holds", ["network", "title"], unique=False)
    op.create_table(
        "items",
        _network(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("shelf", sa.String(), server_default="", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("custody_at", Instant(), nullable=True),
        sa.Column("custody_station", sa.String(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["network", "title"], ["titles.network", "titles.id"], name="fk_items_network_title"),
        sa.PrimaryKeyConstraint("network", "id", name="pk_items"),
    )
    op.create_index("ix_items_title", "items", ["network", "title"], unique=False)
    op.create_table(
        "pins",
        _network(),
        sa.Column("patron", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["network", "patron"], ["patrons.network", "patrons.id"], name="fk_pins_network_patron"
        ),
        sa.PrimaryKeyConstraint("network", "patron", name="pk_pins"),
    )
    op.create_table(
        "snapshot_parts",
        _network(),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network", "snapshot"], ["snapshots.network", "snapshots.id"], name="fk_snapshot_parts_network_snapshot"
        ),
        sa.PrimaryKeyConstraint("network", "snapshot", "part", name="pk_snapshot_parts"),
    )
