"""Finding titles by words at the station: an index of folded text, and a vocabulary to mend words by.

Revision ID: 0003
"""

from alembic import op

from kiosk.catalogue import full_text
from kiosk.store.title_words import index_all

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in full_text.SCHEMA:
        op.execute(statement)
    driver = op.get_bind().connection.driver_connection
    assert driver is not None, "an open connection has its driver's"
    index_all(driver)
