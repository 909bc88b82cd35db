"""The first tables.

Revision ID: 0001
"""

from alembic import op

from kiosk.central.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
