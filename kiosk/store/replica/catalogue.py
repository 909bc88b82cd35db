"""Titles and copies as the centre knows them. What is gone and still spoken of here stays, withdrawn."""

from collections.abc import Collection

from kiosk.store.replica.ground import Ground, Told, upsert
from kiosk.store.replica.rows import Values
from kiosk.store.title_words import COLUMNS as WORDS
from kiosk.store.title_words import forget, index_rows
from kiosk.wire.messages import COLUMNS, Kind

NOBODYS = ""
"""The title of copies whose title no list knows."""
_WORDS = tuple(COLUMNS[Kind.TITLE].index(name) for name in WORDS)
_PUT_TITLE = upsert("titles", COLUMNS[Kind.TITLE])
_PUT_ITEM = upsert("items", COLUMNS[Kind.ITEM])
_PUT_TOUCHED_ITEM = upsert("items", COLUMNS[Kind.ITEM], kept=("status", "location"))
_NAME_TITLE = "INSERT OR IGNORE INTO titles (id, name, author, language, age_from) VALUES (?, '', '', '', 0)"
_NAME_ITEM = (
    "INSERT OR IGNORE INTO items (id, title, type, branch, status, shelf, parts)"
    " VALUES (?, '', ?, '', 'withdrawn', '', 1)"
)
_DROP_ITEM = "DELETE FROM items WHERE id = ? AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id)"
_WITHDRAW = "UPDATE items SET status = 'withdrawn' WHERE id = ?"
_DROP_TITLE = (
    "DELETE FROM titles WHERE id = ? AND NOT EXISTS (SELECT 1 FROM items WHERE items.title = titles.id)"
    " AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.title = titles.id)"
)


def put_titles(ground: Ground, told: Told) -> None:
    words = {key: tuple(values[place] for place in _WORDS) for key, values in told.items()}
    known = _words_of(ground, tuple(words))
    ground.connection.executemany(_PUT_TITLE, told.values())
    index_rows(ground.connection, [row for key, row in words.items() if known.get(key) != row])


def _words_of(ground: Ground, keys: tuple[str, ...]) -> dict[str, Values]:
    """Look what titles are found by now: most that are told of again are found by the same."""
    marks = ", ".join("?" * len(keys))
    rows = ground.connection.execute(f"SELECT {', '.join(WORDS)} FROM titles WHERE id IN ({marks})", keys)  # noqa: S608
    return {row[0]: row for row in rows}


def put_items(ground: Ground, told: Told) -> None:
    """Where a copy is and whether it may be lent stays as own unheard events left it."""
    name_titles(ground, {values[1] for values in told.values()})
    touched = told.keys() & ground.overlay.items
    ground.connection.executemany(_PUT_ITEM, [told[key] for key in told if key not in touched])
    ground.connection.executemany(_PUT_TOUCHED_ITEM, [told[key] for key in touched])


def name_titles(ground: Ground, titles: Collection[str]) -> None:
    """Make room for titles that are told of later."""
    ground.connection.executemany(_NAME_TITLE, [(title,) for title in titles])


def name_items(ground: Ground, items: Collection[tuple[str, str]]) -> None:
    """Make room for copies (with their type) that are told of later, or that no list knows."""
    name_titles(ground, [NOBODYS])
    ground.connection.executemany(_NAME_ITEM, items)


def drop_items(ground: Ground, keys: Collection[str]) -> None:
    for key in keys:
        if ground.connection.execute(_DROP_ITEM, (key,)).rowcount == 0:
            ground.connection.execute(_WITHDRAW, (key,))


def drop_titles(ground: Ground, keys: Collection[str]) -> None:
    ground.connection.executemany(_DROP_TITLE, [(key,) for key in keys])
    forget(ground.connection, keys)
