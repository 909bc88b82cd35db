"""Which cards proved themselves here, and how far their SUN counters have come.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"

_PROOFS = """
    CREATE TABLE card_proofs (
        uid VARCHAR NOT NULL,
        number VARCHAR,
        counter INTEGER,
        first_at VARCHAR NOT NULL,
        CONSTRAINT pk_card_proofs PRIMARY KEY (uid)
    )
"""


def upgrade() -> None:
    op.execute(_PROOFS)
    op.execute("CREATE INDEX ix_card_proofs_number ON card_proofs (number)")
