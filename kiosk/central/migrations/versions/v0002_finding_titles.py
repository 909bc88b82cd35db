"""Finding titles by words: an index of folded text, and a vocabulary to mend words by.

Revision ID: 0002
"""

from alembic import op

from kiosk.catalogue import full_text
from kiosk.central.catalogue import reindex, word_vectors

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    engine = word_vectors if connection.dialect.name == "postgresql" else full_text
    for statement in engine.SCHEMA:
        op.execute(statement)
    reindex(connection)
