"""Finds titles at the station, also without a network: the centre's own engine over the station's tables."""

from sqlalchemy import Connection

from kiosk.catalogue import full_text
from kiosk.catalogue.finding import Stock, find, one_title
from kiosk.catalogue.port import Found, Hit, Query
from kiosk.store.engine import Store
from kiosk.store.tables import holds, items, loans, titles

NETWORK = ""
"""A station's tables are of one network and do not name it."""


_STOCK = Stock(titles, items, loans, holds)


def search(store: Store, query: Query) -> Found:
    """Find what was most likely meant by *query*. Raises: StoreError."""

    def ask(connection: Connection) -> Found:
        return find(connection, _STOCK, full_text.engine(connection, NETWORK), query)

    return store.look(ask, writes=False)


def title(store: Store, name: str) -> Hit | None:
    """Find one title by its id, with what is free of it and where. Raises: StoreError."""
    return store.look(lambda connection: one_title(connection, _STOCK, name), writes=False)
