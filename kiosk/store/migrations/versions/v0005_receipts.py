"""Whether a patron can be mailed, and the keys receipts of every station are proven with.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEYS = """
    CREATE TABLE station_keys (
        id VARCHAR NOT NULL,
        station VARCHAR NOT NULL,
        public_key VARCHAR NOT NULL,
        revoked_at VARCHAR,
        CONSTRAINT pk_station_keys PRIMARY KEY (id)
    )
"""


def upgrade() -> None:
    op.add_column("patrons", sa.Column("mail", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.execute(_KEYS)
