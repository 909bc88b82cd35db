"""Keeps the station's index of titles in step with its table: by rows as the centre tells them, or all anew."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from kiosk.catalogue import full_text
from kiosk.catalogue.indexing import Indexed, indexed

NETWORK = ""
COLUMNS = ("id", "name", "author", "authors", "series", "subjects", "isbns", "issn", "publisher")
"""What a title is found by, in the order `index_rows` takes it; lists are JSON text."""


def index_rows(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Index titles given as values of COLUMNS."""
    full_text.index(connection, NETWORK, ((row[0], _words(row)) for row in rows))


def forget(connection: sqlite3.Connection, titles: Collection[str]) -> None:
    full_text.unindex(connection, NETWORK, titles)


def index_all(connection: sqlite3.Connection, ids: Collection[str] | None = None) -> None:
    """Index every title of the table, or those called *ids*."""
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM titles").fetchall()  # noqa: S608 - our own names
    wanted = None if ids is None else frozenset(ids)
    index_rows(connection, [row for row in rows if wanted is None or row[0] in wanted])


def _words(row: tuple[Any, ...]) -> Indexed:
    _, name, author, authors, series, subjects, isbns, issn, publisher = row
    return indexed(
        name,
        author,
        authors=json.loads(authors),
        series=series,
        subjects=json.loads(subjects),
        isbns=json.loads(isbns),
        issn_=issn,
        publisher=publisher,
    )
