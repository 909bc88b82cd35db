"""What the parts of a set are.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Document

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("items", sa.Column("contents", Document, server_default="[]", nullable=False))
