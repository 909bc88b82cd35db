"""What another library system is to be told, in order.

Revision ID: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"

_DISPATCHES = """
    CREATE TABLE dispatches (
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        request_key VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        patron VARCHAR,
        at VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        tries INTEGER NOT NULL,
        said VARCHAR NOT NULL,
        closed VARCHAR,
        CONSTRAINT uq_dispatches_request_key_kind UNIQUE (request_key, kind),
        CONSTRAINT ck_dispatches_kind CHECK (kind IN ('lend', 'take-back', 'cancel')),
        CONSTRAINT ck_dispatches_state CHECK (state IN ('asked', 'queued', 'done', 'refused')),
        CONSTRAINT ck_dispatches_open_or_closed CHECK ((state IN ('asked', 'queued')) = (closed IS NULL))
    )
"""


def upgrade() -> None:
    op.execute(_DISPATCHES)
    op.execute("CREATE INDEX ix_dispatches_open ON dispatches (position) WHERE closed IS NULL")
