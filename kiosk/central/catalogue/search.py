"""Finds titles at the centre, on either database."""

from sqlalchemy import Connection

from kiosk.catalogue import full_text
from kiosk.catalogue.finding import Stock, find
from kiosk.catalogue.port import Found, Query
from kiosk.central.catalogue import word_vectors
from kiosk.central.centre import Centre
from kiosk.central.tables import holds, items, loans, titles


def search(centre: Centre, query: Query) -> Found:
    """Find what was most likely meant by *query*. Raises: CentreUnavailable."""
    stock = Stock(titles, items, loans, holds, centre.network)

    def ask(work: Connection) -> Found:
        engine = (word_vectors if centre.on_postgresql else full_text).engine(work, centre.network)
        return find(work, stock, engine, query)

    return centre.look(ask)
