"""How fast titles are found among 150 000, at a station and at the centre, and how many of those that are misspelt.

What is found is measured against the plain tokenizer of SQLite over the same titles in the same run: the words as they
are typed, lower case, nothing folded, nothing mended.
"""

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from kiosk.bench.postgres import NoServer, cluster_running
from kiosk.bench.synthetic_network import SyntheticNetwork
from kiosk.catalogue.folding import latin_words
from kiosk.catalogue.port import Found, Query
from kiosk.central.catalogue import reindex
from kiosk.central.catalogue import search as search_centre
from kiosk.central.centre import open_centre
from kiosk.central.schema import bring_up_to_date
from kiosk.central.tables import items as central_items
from kiosk.central.tables import titles as central_titles
from kiosk.store import open_store
from kiosk.store.search import search as search_station
from kiosk.store.tables import items, titles
from kiosk.store.title_words import index_all

_BATCH = 2000
_LAYOUT = str.maketrans("йцукенгшщзхїфівапролджєячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")
Search = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """By engine and class of query: [median, 99th percentile] in ms; by class of misspelling: [ours, plain] found."""

    titles: int
    queries: int
    speed_ms: dict[str, dict[str, list[float]]]
    recall: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Sought:
    """A title somebody looks for, and how they type it."""

    id: str
    words: list[str]
    author: str
    isbn: str


def measure_search(count: int, queries: int, step: Callable[[int], None]) -> SearchResult:
    """Look for *queries* titles of each class among *count*."""
    network = SyntheticNetwork(titles=count, items=count * 2, patrons=0)
    rows = list(network.title_rows())
    chance = random.Random(3)  # noqa: S311 - the same at every run
    sought = [_sought(row) for row in chance.sample(rows, min(queries, len(rows)))]
    speed: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder, _station(Path(folder), network, rows) as station:
        step(1)
        speed["station"] = _times(station, sought, chance)
        recall = _recall(station, _plain(Path(folder), rows), sought, chance)
    step(2)
    try:
        with _centre(network, rows) as centre:
            speed["centre"] = _times(centre, sought, chance)
    except NoServer:
        speed["centre"] = {}
    step(3)
    return SearchResult(count, len(sought), speed, recall)


def _sought(row: dict[str, Any]) -> Sought:
    words = str(row["name"]).lower().split()
    return Sought(row["id"], words, str(row["author"]).partition(",")[0].lower(), row["isbns"][0])


def _typed(kind: str, one: Sought, chance: random.Random) -> str:
    """Type what is looked for the way of one class of people."""
    rarest = max(one.words, key=len)
    match kind:
        case "prefix":
            return rarest[: max(3, len(rarest) - 2)]
        case "two words":
            return " ".join(one.words[:2])
        case "author and title":
            return f"{one.author} {rarest}"
        case "isbn":
            return one.isbn
        case "typing error":
            return f"{one.author} {_slip(rarest, chance)}"
        case "other keyboard":
            return f"{one.author} {rarest}".translate(_LAYOUT)
        case "transliteration":
            return " ".join(latin_words(f"{one.author} {rarest}"))
        case _:  # і for ї, г for ґ, е for є
            return f"{one.author} {rarest}".translate(str.maketrans("їґє", "іге"))


SPEED = ("prefix", "two words", "author and title", "isbn", "typing error", "other keyboard", "transliteration")
MISSPELT = ("author and title", "plain letters", "typing error", "other keyboard", "transliteration")


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(2, len(word) - 1))
    return word[:place] + word[place + 1 :] if len(word) > 4 else word


def _times(search: Search, sought: Sequence[Sought], chance: random.Random) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for kind in SPEED:
        times = []
        for one in sought:
            typed = _typed(kind, one, chance)
            began = time.perf_counter()
            search(typed)
            times.append(1000 * (time.perf_counter() - began))
        times.sort()
        found[kind] = [round(times[len(times) // 2], 2), round(times[int(len(times) * 0.99)], 2)]
    return found


def _recall(
    ours: Search, plain: Callable[[str], set[str]], sought: Sequence[Sought], chance: random.Random
) -> dict[str, list[float]]:
    """Say which part of the sought titles is among the first twenty."""
    found: dict[str, list[float]] = {}
    for kind in MISSPELT:
        hits = [0, 0]
        for one in sought:
            typed = _typed(kind, one, chance)
            hits[0] += one.id in {hit.id for hit in ours(typed).titles}
            hits[1] += one.id in plain(typed)
        found[kind] = [round(count / len(sought), 3) for count in hits]
    return found


@contextmanager
def _station(folder: Path, network: SyntheticNetwork, rows: list[dict[str, Any]]) -> Iterator[Search]:
    store = open_store(folder / "station.db")

    def fill(work: Connection) -> None:
        told = [{**r, **{name: json.dumps(r[name]) for name in ("authors", "subjects", "isbns")}} for r in rows]
        _in_batches(work, titles, told)
        _in_batches(work, items, list(network.item_rows()))
        driver = work.connection.driver_connection
        assert driver is not None, "an open connection has its driver's"
        index_all(driver)

    store.look(fill)
    yield lambda typed: search_station(store, Query(typed))
    store.close()


@contextmanager
def _centre(network: SyntheticNetwork, rows: list[dict[str, Any]]) -> Iterator[Search]:
    with cluster_running() as cluster:
        centre = open_centre(cluster.url("postgres"), "measured")
        centre.prepare(bring_up_to_date)
        now = datetime.now(UTC)

        def fill(work: Connection) -> None:
            _in_batches(work, central_titles, [{"network": "measured", "added_at": now, **row} for row in rows])
            known = {"network": "measured", "added_at": now}
            copies = [{**known, **row, "location": row["branch"]} for row in network.item_rows()]
            _in_batches(work, central_items, copies)
            reindex(work)

        centre.carry_out(fill)
        centre.carry_out(lambda work: work.execute(text("ANALYZE")) and None)
        yield lambda typed: search_centre(centre, Query(typed))
        centre.close()


def _in_batches(work: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        work.execute(insert(table), rows[start : start + _BATCH])


def _plain(folder: Path, rows: list[dict[str, Any]]) -> Callable[[str], set[str]]:
    """SQLite's own tokenizer over the titles as they are."""
    connection = sqlite3.connect(folder / "plain.db")
    connection.execute("CREATE VIRTUAL TABLE plain USING fts5(title UNINDEXED, name, author)")
    connection.executemany("INSERT INTO plain VALUES (?, ?, ?)", ((r["id"], r["name"], r["author"]) for r in rows))

    def search(typed: str) -> set[str]:
        words = " ".join('"' + word.replace('"', "") + '"' for word in typed.split())
        question = "SELECT title FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 20"
        return {row[0] for row in connection.execute(question, (words,))}

    return search
