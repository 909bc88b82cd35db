"""What a branch shows of itself: events and shelves beside notices, and small covers.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from kiosk.store.tables import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("notices", sa.Column("sort", sa.String(), server_default="notice", nullable=False))
    op.add_column("notices", sa.Column("facts", sa.String(), server_default="{}", nullable=False))
    op.create_table(
        "covers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("shown", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_covers"),
    )
    op.create_index("ix_covers_shown", "covers", ["shown"])
