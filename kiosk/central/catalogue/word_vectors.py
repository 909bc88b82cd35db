"""Full-text search in PostgreSQL: word vectors over folded text, and a vocabulary to mend words by (pg_trgm).

The text is folded and split before it comes here, so vectors are built from words as they are: no dictionary of the
server has a say. Source: PostgreSQL documentation, 8.11 (tsvector, tsquery), 12.3.3 (ranking), F.35 (pg_trgm).
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, Float, String, bindparam, text
from sqlalchemy.sql import Subquery

from kiosk.catalogue.finding import Engine
from kiosk.catalogue.indexing import Indexed
from kiosk.catalogue.query import Attempt, Term
from kiosk.catalogue.spelling import allowed_errors, nearest

SCHEMA = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE TABLE title_search (
        network VARCHAR NOT NULL,
        title VARCHAR NOT NULL,
        vector TSVECTOR NOT NULL,
        latin TSVECTOR NOT NULL,
        CONSTRAINT pk_title_search PRIMARY KEY (network, title)
    )
    """,
    "CREATE INDEX ix_title_search_vector ON title_search USING gin (vector)",
    "CREATE INDEX ix_title_search_latin ON title_search USING gin (latin)",
    """
    CREATE TABLE search_words (
        network VARCHAR NOT NULL,
        word VARCHAR NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_search_words PRIMARY KEY (network, word)
    )
    """,
    "CREATE INDEX ix_search_words_prefix ON search_words (network, word varchar_pattern_ops)",
    "CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops)",
)
_MOST_POSITION = 16_383
_CANDIDATES = 60

_PUT = text(
    "INSERT INTO title_search (network, title, vector, latin)"
    " VALUES (:network, :title, CAST(:vector AS tsvector), CAST(:latin AS tsvector))"
    " ON CONFLICT (network, title) DO UPDATE SET vector = excluded.vector, latin = excluded.latin"
)
_LEARN = text(
    "INSERT INTO search_words (network, word, times) VALUES (:network, :word, :times)"
    " ON CONFLICT (network, word) DO UPDATE SET times = search_words.times + excluded.times"
)


def index(connection: Connection, network: str, titles: Iterable[tuple[str, Indexed]]) -> None:
    """Index titles, or index them anew."""
    rows, counted = [], Counter[str]()
    for title, words in titles:
        vector = " ".join((*_weighed(words.main, "A"), *_weighed(words.rest, "B")))
        rows.append(
            {"network": network, "title": title, "vector": vector, "latin": " ".join(_weighed(words.latin, "A"))}
        )
        counted.update(f"{words.main} {words.rest}".split())
    if rows:
        connection.execute(_PUT, rows)
        learned = [{"network": network, "word": word, "times": times} for word, times in sorted(counted.items())]
        connection.execute(_LEARN, learned)


def _weighed(words: str, weight: str) -> Iterable[str]:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words.split(), start=1):
        places.setdefault(word, []).append(f"{min(place, _MOST_POSITION)}{weight}")
    return (f"'{word}':{','.join(where)}" for word, where in places.items())


def engine(connection: Connection, network: str) -> Engine:
    """Find words in the PostgreSQL database behind *connection*."""
    return Engine(lambda attempt: _matching(network, attempt), lambda word: _correct(connection, network, word))


def _matching(network: str, attempt: Attempt) -> Subquery:
    column = "latin" if attempt.latin else "vector"
    question = text(
        f"SELECT title, -ts_rank({column}, CAST(:expression AS tsquery)) AS score FROM title_search"  # noqa: S608 - one of two names of ours
        f" WHERE title_search.network = :of_network AND {column} @@ CAST(:expression AS tsquery)"
    )
    expression = (" | " if attempt.any_of else " & ").join(map(_term, attempt.terms))
    bound = question.bindparams(bindparam("expression", expression), bindparam("of_network", network))
    return bound.columns(title=String, score=Float).subquery("matched")


def _term(term: Term) -> str:
    quoted = "'" + term.word.replace("'", "").replace("\\", "") + "'"
    return f"{quoted}:*" if term.prefix else quoted


_KNOWN = text("SELECT 1 FROM search_words WHERE network = :network AND word LIKE :pattern LIMIT 1")
_LIKE = text(
    "SELECT word, times FROM search_words WHERE network = :network AND word % :word"
    " AND length(word) BETWEEN :shortest AND :longest ORDER BY similarity(word, :word) DESC LIMIT :most"
)
_ALIKE = text(
    "SELECT word, times FROM search_words WHERE network = :network AND word LIKE :pattern"
    " AND length(word) BETWEEN :shortest AND :longest"
)


def _correct(connection: Connection, network: str, word: str) -> str | None:
    most = allowed_errors(word)
    if most == 0 or connection.execute(_KNOWN, {"network": network, "pattern": f"{word}%"}).first() is not None:
        return None  # known, or the beginning of a word that is still being typed
    size = {"network": network, "shortest": len(word) - most, "longest": len(word) + most}
    found = [*connection.execute(_LIKE, {**size, "word": word, "most": _CANDIDATES})]
    found += connection.execute(_ALIKE, {**size, "pattern": f"{word[:2]}%"})
    return nearest(word, ((str(row.word), int(row.times)) for row in found))
