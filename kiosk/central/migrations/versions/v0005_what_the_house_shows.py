"""Events of the branches and shelves they recommend, beside their notices.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from kiosk.central.column_types import Document

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("notices", sa.Column("sort", sa.String(), server_default="notice", nullable=False))
    op.add_column("notices", sa.Column("facts", Document, server_default="{}", nullable=False))
