"""Keeps the index in step with the titles: whoever changes titles calls it in the same transaction."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from kiosk.catalogue import full_text
from kiosk.catalogue.indexing import Indexed, indexed
from kiosk.central.catalogue import word_vectors
from kiosk.central.tables import titles

_BATCH = 1000


def index_titles(connection: Connection, network: str, ids: Collection[str]) -> None:
    """Index the titles called *ids* as they are now."""
    remaining = sorted(ids)
    for start in range(0, len(remaining), _BATCH):
        some = remaining[start : start + _BATCH]
        wanted = select(titles).where(titles.c.network == network, titles.c.id.in_(some)).order_by(titles.c.id)
        _put(connection, network, _words(connection.execute(wanted).all()))


def reindex(connection: Connection) -> None:
    """Index every title there is, of every network: for a database that had no index yet."""
    for network in connection.execute(select(titles.c.network).distinct()).scalars().all():
        ids = connection.execute(select(titles.c.id).where(titles.c.network == network)).scalars().all()
        index_titles(connection, network, ids)


def _words(rows: Collection[Row[Any]]) -> Iterator[tuple[str, Indexed]]:
    for row in rows:
        yield (
            row.id,
            indexed(
                row.name,
                row.author,
                authors=row.authors,
                series=row.series,
                subjects=row.subjects,
                isbns=row.isbns,
                issn_=row.issn,
                publisher=row.publisher,
            ),
        )


def _put(connection: Connection, network: str, words: Iterator[tuple[str, Indexed]]) -> None:
    if connection.dialect.name == "postgresql":
        word_vectors.index(connection, network, words)
        return
    driver = connection.connection.driver_connection
    assert driver is not None, "an open connection has its driver's"
    full_text.index(driver, network, words)
