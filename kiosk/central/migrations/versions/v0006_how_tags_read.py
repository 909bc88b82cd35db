"""How well the tags that gave trouble could be read, as each station counts it.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Document, Instant

revision = "0006"
down_revision = "0005"

_COUNTS = ("reads", "retries", "weak", "unread", "gate_retries", "gate_failed")


def upgrade() -> None:
    op.create_table(
        "tag_health",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.Column("settled", Document, server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("network", "station", "tag", name="pk_tag_health"),
    )
    op.create_index("ix_tag_health_tag", "tag_health", ["network", "tag"])
