"""Which tags were seen on which copies, and how well they could be read; begun with those of the orders there are.

Revision ID: 0008
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_TAGS = """
    CREATE TABLE tags (
        tag VARCHAR NOT NULL,
        item VARCHAR,
        reads INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        weak INTEGER NOT NULL,
        unread INTEGER NOT NULL,
        gate_retries INTEGER NOT NULL,
        gate_failed INTEGER NOT NULL,
        seen VARCHAR NOT NULL,
        CONSTRAINT pk_tags PRIMARY KEY (tag)
    )
"""
_SEEN_BEFORE = """
    INSERT INTO tags (tag, item, reads, retries, weak, unread, gate_retries, gate_failed, seen)
    SELECT tag, item, 0, 0, 0, 0, 0, 0, max(opened) FROM intents GROUP BY tag
"""


def upgrade() -> None:
    op.execute(_TAGS)
    op.execute("CREATE INDEX ix_tags_item ON tags (item)")
    op.execute("CREATE INDEX ix_tags_seen ON tags (seen)")
    op.execute(_SEEN_BEFORE)
