"""Finds titles by words and conditions in any database that has the four tables; an engine says what matches words.

The same questions at a station and at the centre, where every table also names its network.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.sql import Subquery

from kiosk.catalogue.port import Found, Hit, Place, Query
from kiosk.catalogue.query import Attempt, Correct, attempts

COUNTED = 1000
"""Facets are counted over that many of the best hits: enough to choose by, and never slow."""
_MOST = 5000
_AGES = (0, 6, 12, 16, 18)


@dataclass(frozen=True, slots=True)
class Stock:
    """Where the catalogue stands. `network` is None at a station, whose tables name none."""

    titles: Table
    items: Table
    loans: Table
    holds: Table
    network: str | None = None

    def ours(self, table: Any) -> ColumnElement[bool]:
        return true() if self.network is None else table.c.network == self.network


Matching = Callable[[Attempt], Subquery]
"""Says which titles match, as a subquery with `title` and `score`; the least score is best."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How one database finds words."""

    matching: Matching
    correct: Correct


def find(connection: Connection, stock: Stock, engine: Engine, query: Query) -> Found:
    """Find what was most likely meant: the first attempt that finds anything."""
    if not query.text.strip():
        return _answer(connection, stock, query, _best(connection, stock, query, None), None)
    for attempt in attempts(query.text, engine.correct):
        best = _best(connection, stock, query, engine.matching(attempt))
        if best:
            return _answer(connection, stock, query, best, attempt.says)
    return Found((), 0)


def one_title(connection: Connection, stock: Stock, name: str) -> Hit | None:
    """Find one title by its id, with the places its copies are at."""
    titles = stock.titles
    row = connection.execute(select(titles).where(stock.ours(titles), titles.c.id == name)).mappings().one_or_none()
    return None if row is None else _hit(row, _places(connection, stock, [name]))


def _hit(row: Mapping[Any, Any], places: Mapping[str, tuple[Place, ...]]) -> Hit:
    return Hit(
        row["id"], row["name"], row["author"], row["year"], row["language"], row["cover"], row["age_from"],
        places.get(row["id"], ()),
    )  # fmt: skip


def _best(connection: Connection, stock: Stock, query: Query, matched: Subquery | None) -> list[str]:
    """List the best titles that match and meet the conditions; among equals the newest come first."""
    titles = stock.titles
    newest_first = titles.c.year.desc().nulls_last(), titles.c.name, titles.c.id
    wanted = select(titles.c.id).where(stock.ours(titles), *_conditions(stock, query))
    if matched is None:
        return list(connection.execute(wanted.order_by(*newest_first).limit(_MOST)).scalars())
    hits = select(matched.c.title, matched.c.score).order_by(matched.c.score).limit(_MOST).cte("hits")
    if any(True for _ in _conditions(stock, query)):
        hits = select(matched.c.title, matched.c.score).cte("hits")
    hits = hits.prefix_with("MATERIALIZED")  # worked out once, not again for every title
    found = wanted.join(hits, hits.c.title == titles.c.id).order_by(hits.c.score, *newest_first).limit(_MOST)
    return list(connection.execute(found).scalars())


def _conditions(stock: Stock, query: Query) -> Iterator[ColumnElement[bool]]:
    titles, items = stock.titles, stock.items
    of_title = and_(stock.ours(items), items.c.title == titles.c.id)
    if query.branch is not None and not query.available:
        yield exists().where(of_title, items.c.branch == query.branch)
    if query.available:
        here = true() if query.branch is None else items.c.branch == query.branch
        yield exists().where(of_title, here, _is_free(stock))
    if query.language is not None:
        yield titles.c.language == query.language
    if query.age is not None:
        yield _age(stock) == query.age
    if query.material is not None:
        yield titles.c.material == query.material
    if query.local_history is not None:
        yield titles.c.local_history == query.local_history
    if query.contemporary_ukrainian is not None:
        yield titles.c.contemporary_ukrainian == query.contemporary_ukrainian


def _is_free(stock: Stock) -> ColumnElement[bool]:
    """Say whether a copy could be taken from its shelf now."""
    items, loans, holds = stock.items, stock.loans, stock.holds
    lent = exists().where(stock.ours(loans), loans.c.item == items.c.id, loans.c.state == "open")
    kept = exists().where(stock.ours(holds), holds.c.item == items.c.id, holds.c.closed_at.is_(None))
    return and_(items.c.status == "available", ~lent, ~kept)


def _age(stock: Stock) -> ColumnElement[str]:
    """Name the age limit of a title the way its facet does."""
    limit = stock.titles.c.age_from
    steps = [(limit >= age, literal(f"{age}+")) for age in reversed(_AGES[1:])]
    return case(*steps, else_=literal(f"{_AGES[0]}+"))


def _answer(connection: Connection, stock: Stock, query: Query, best: list[str], says: str | None) -> Found:
    titles, shown = stock.titles, best[query.offset : query.offset + query.limit]
    rows = connection.execute(select(titles).where(stock.ours(titles), titles.c.id.in_(shown))).mappings()
    known = {row["id"]: row for row in rows}
    places = _places(connection, stock, shown)
    found = tuple(_hit(known[name], places) for name in shown if name in known)
    return Found(found, len(best), _facets(connection, stock, best[:COUNTED]), says)


def _places(connection: Connection, stock: Stock, ids: list[str]) -> Mapping[str, tuple[Place, ...]]:
    items = stock.items
    free = func.sum(case((_is_free(stock), 1), else_=0))
    kept = items.c.status.not_in(("withdrawn", "lost"))
    wanted = select(items.c.title, items.c.branch, func.count(), free, func.min(items.c.shelf))
    wanted = wanted.where(stock.ours(items), items.c.title.in_(ids), kept).group_by(items.c.title, items.c.branch)
    found: dict[str, tuple[Place, ...]] = {}
    for title, branch, copies, free_now, shelf in connection.execute(wanted.order_by(items.c.title, items.c.branch)):
        found[title] = (*found.get(title, ()), Place(branch, copies, int(free_now), shelf))
    return found


def _facets(connection: Connection, stock: Stock, best: list[str]) -> Mapping[str, Mapping[str, int]]:
    titles, items = stock.titles, stock.items
    ours = select(titles.c.id).where(stock.ours(titles), titles.c.id.in_(best))

    def of_titles(name: str, value: ColumnElement[Any]) -> Select[Any]:
        return ours.with_only_columns(literal(name), value, func.count()).group_by(value)

    branch = (
        select(literal("branch"), items.c.branch, func.count(items.c.title.distinct()))
        .where(stock.ours(items), items.c.title.in_(best), items.c.status.not_in(("withdrawn", "lost")))
        .group_by(items.c.branch)
    )
    language, material = of_titles("language", titles.c.language), of_titles("material", titles.c.material)
    counted = union_all(language, of_titles("age", _age(stock)), material, branch)
    found: dict[str, dict[str, int]] = {}
    for facet, value, times in connection.execute(counted):
        found.setdefault(facet, {})[value] = times
    return found
