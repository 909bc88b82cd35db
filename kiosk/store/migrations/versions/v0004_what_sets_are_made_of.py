"""What the parts of a set are, and which of them were laid down to be returned.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("items", sa.Column("contents", sa.String(), server_default="[]", nullable=False))
    op.add_column("returns", sa.Column("here", sa.String(), server_default="[]", nullable=False))
