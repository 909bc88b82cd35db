"""Finds titles at the station, also without a network: the centre's own engine over the station's tables."""

from sqlalchemy import Connection

from kiosk.catalogue import full_text
from kiosk.catalogue.finding import Stock, find
from kiosk.catalogue.port import Found, Query
from kiosk.store.engine import Store
from kiosk.store.tables import holds, items, loans, titles

NETWORK = ""
"""A station's tables are of one network and do not name it."""


def search(store: Store, query: Query) -> Found:
    """Find what was most likely meant by *query*. Raises: StoreError."""
    stock = Stock(titles, items, loans, holds)

    def ask(connection: Connection) -> Found:
        return find(connection, stock, full_text.engine(connection, NETWORK), query)

    return store.look(ask, writes=False)
