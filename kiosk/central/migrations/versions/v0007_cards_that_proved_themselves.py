"""Which cards proved themselves at some station.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "card_proofs",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("network", "uid", name="pk_card_proofs"),
    )
    op.create_index("ix_card_proofs_number", "card_proofs", ["network", "number"])
