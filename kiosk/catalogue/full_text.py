"""Full-text search in SQLite: an FTS5 index over folded text, and a vocabulary to mend words by.

Three tables: `title_search` holds the folded text (the index points into it), `title_fts` is the index, `search_words`
with `word_fts` the vocabulary. The centre uses it too; a station's network is "".
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, Float, String, bindparam, text
from sqlalchemy.sql import Subquery

from kiosk.catalogue.finding import Engine
from kiosk.catalogue.indexing import Indexed
from kiosk.catalogue.query import Attempt, Term
from kiosk.catalogue.spelling import allowed_errors, nearest

SCHEMA = (
    """
    CREATE TABLE title_search (
        id INTEGER NOT NULL PRIMARY KEY,
        network VARCHAR NOT NULL,
        title VARCHAR NOT NULL,
        main VARCHAR NOT NULL,
        rest VARCHAR NOT NULL,
        latin VARCHAR NOT NULL,
        CONSTRAINT uq_title_search UNIQUE (network, title)
    )
    """,
    """
    CREATE VIRTUAL TABLE title_fts USING fts5(
        main, rest, latin, content='title_search', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0"
    )
    """,
    "INSERT INTO title_fts(title_fts, rank) VALUES ('rank', 'bm25(10.0, 3.0, 5.0)')",
    """
    CREATE TABLE search_words (
        id INTEGER NOT NULL PRIMARY KEY,
        network VARCHAR NOT NULL,
        word VARCHAR NOT NULL,
        times INTEGER NOT NULL,
        CONSTRAINT uq_search_words UNIQUE (network, word)
    )
    """,
    "CREATE VIRTUAL TABLE word_fts USING fts5(word, content='search_words', content_rowid='id', tokenize='trigram')",
)
"""What a migration lays down. Source: sqlite.org/fts5.html, sections 4.2 (prefix), 4.3.4 (trigram), 4.4.3 (content)."""

_RANKED_FROM = 3
"""Letters from which a prefix is ranked: shorter ones match a tenth of the catalogue."""
_CANDIDATES = 60


def index(connection: sqlite3.Connection, network: str, titles: Iterable[tuple[str, Indexed]]) -> None:
    """Index titles, or index them anew."""
    rows = list(titles)
    _unindex(connection, network, [title for title, _ in rows])
    last = connection.execute("SELECT coalesce(max(id), 0) FROM title_search").fetchone()[0]
    numbered = [
        (number, network, title, words.main, words.rest, words.latin)
        for number, (title, words) in enumerate(rows, start=last + 1)
    ]
    connection.executemany("INSERT INTO title_search VALUES (?, ?, ?, ?, ?, ?)", numbered)
    connection.executemany(
        "INSERT INTO title_fts(rowid, main, rest, latin) VALUES (?, ?, ?, ?)",
        ((row[0], *row[3:]) for row in numbered),
    )
    _learn(connection, network, Counter(word for _, words in rows for word in f"{words.main} {words.rest}".split()))


def unindex(connection: sqlite3.Connection, network: str, titles: Iterable[str]) -> None:
    """Take titles out of the index; their words stay known."""
    _unindex(connection, network, list(titles))


def _unindex(connection: sqlite3.Connection, network: str, titles: list[str]) -> None:
    for title in titles:
        found = connection.execute(
            "SELECT id, main, rest, latin FROM title_search WHERE network = ? AND title = ?", (network, title)
        ).fetchone()
        if found is not None:
            connection.execute(
                "INSERT INTO title_fts(title_fts, rowid, main, rest, latin) VALUES ('delete', ?, ?, ?, ?)", found
            )
            connection.execute("DELETE FROM title_search WHERE id = ?", found[:1])


def _learn(connection: sqlite3.Connection, network: str, counted: Counter[str]) -> None:
    last = connection.execute("SELECT coalesce(max(id), 0) FROM search_words").fetchone()[0]
    connection.executemany(
        "INSERT INTO search_words (network, word, times) VALUES (?, ?, ?)"
        " ON CONFLICT (network, word) DO UPDATE SET times = times + excluded.times",
        ((network, word, times) for word, times in counted.items()),
    )
    connection.execute("INSERT INTO word_fts(rowid, word) SELECT id, word FROM search_words WHERE id > ?", (last,))


def engine(connection: Connection, network: str) -> Engine:
    """Find words in the SQLite database behind *connection*."""
    return Engine(lambda attempt: _matching(network, attempt), lambda word: _correct(connection, network, word))


_MATCH = """
    SELECT title_search.title AS title, {score} AS score FROM title_fts
    CROSS JOIN title_search ON title_search.id = title_fts.rowid
    WHERE title_fts MATCH :expression AND +title_search.network = :of_network
"""
"""CROSS and the plus keep SQLite from asking the index once for every title (sqlite.org/optoverview.html, 8.2, 12)."""


def _matching(network: str, attempt: Attempt) -> Subquery:
    ranked = min(len(term.word) for term in attempt.terms) >= _RANKED_FROM
    question = text(_MATCH.format(score="title_fts.rank" if ranked else "0"))
    bound = question.bindparams(bindparam("expression", _expression(attempt)), bindparam("of_network", network))
    return bound.columns(title=String, score=Float).subquery("matched")


def _expression(attempt: Attempt) -> str:
    columns = "latin" if attempt.latin else "{main rest}"
    return f"{columns} : ({(' OR ' if attempt.any_of else ' AND ').join(map(_term, attempt.terms))})"


def _term(term: Term) -> str:
    quoted = '"' + term.word.replace('"', "") + '"'
    return f"{quoted} *" if term.prefix else quoted


_KNOWN = text("SELECT 1 FROM search_words WHERE network = :network AND word = :word")
_BEGINS = text("SELECT 1 FROM search_words WHERE network = :network AND word >= :word AND word < :after LIMIT 1")
_LIKE = text(
    "SELECT search_words.word, search_words.times FROM word_fts JOIN search_words ON search_words.id = word_fts.rowid"
    " WHERE word_fts MATCH :grams AND search_words.network = :network"
    " AND length(search_words.word) BETWEEN :shortest AND :longest ORDER BY word_fts.rank LIMIT :most"
)
_ALIKE = text(
    "SELECT word, times FROM search_words WHERE network = :network AND word >= :start AND word < :after"
    " AND length(word) BETWEEN :shortest AND :longest"
)


def _correct(connection: Connection, network: str, word: str) -> str | None:
    most = allowed_errors(word)
    if most == 0 or connection.execute(_KNOWN, {"network": network, "word": word}).first() is not None:
        return None
    if (
        connection.execute(_BEGINS, {"network": network, "word": word, "after": word + "\U0010ffff"}).first()
        is not None
    ):
        return None  # the beginning of a word, still being typed
    size = {"network": network, "shortest": len(word) - most, "longest": len(word) + most}
    grams = " OR ".join(f'"{word[n : n + 3]}"' for n in range(len(word) - 2))
    found = [tuple(row) for row in connection.execute(_LIKE, {**size, "grams": grams, "most": _CANDIDATES})]
    alike = {**size, "start": word[:2], "after": word[:2] + "\U0010ffff"}
    found += [tuple(row) for row in connection.execute(_ALIKE, alike)]
    return nearest(word, ((str(known), int(times)) for known, times in found))
