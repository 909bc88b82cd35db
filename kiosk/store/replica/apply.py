"""Lays changes of the centre down, in an order that holds together: what is pointed at comes first and goes last."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from functools import partial

from kiosk.store.replica import catalogue, circulation, documents, gate_debts, people
from kiosk.store.replica.ground import Ground, Told
from kiosk.store.replica.rows import Malformed, Row, values_of
from kiosk.wire.messages import Kind

Change = tuple[str, str, Row | None]

_PUT: dict[Kind, Callable[[Ground, Told], None]] = {
    Kind.TITLE: catalogue.put_titles,
    Kind.ITEM: catalogue.put_items,
    Kind.PATRON: people.put_patrons,
    Kind.LOAN: circulation.put_loans,
    Kind.HOLD: circulation.put_holds,
    Kind.DEBT: gate_debts.put_debts,
    Kind.SETTINGS: documents.put_settings,
    Kind.NOTICE: documents.put_notices,
    Kind.STATION_KEY: documents.put_keys,
}
END: dict[Kind, Callable[[Ground, Collection[str]], None]] = {
    Kind.STATION_KEY: documents.drop_keys,
    Kind.NOTICE: documents.drop_notices,
    Kind.SETTINGS: documents.drop_settings,
    Kind.DEBT: gate_debts.end_debts,
    Kind.HOLD: circulation.end_holds,
    Kind.LOAN: circulation.end_loans,
    Kind.PATRON: people.drop_patrons,
    Kind.ITEM: catalogue.drop_items,
    Kind.TITLE: catalogue.drop_titles,
}


def lay_down(ground: Ground, changes: Iterable[Change]) -> dict[Kind, set[str]]:
    """Make the rows as *changes* say; of a thing named twice the last word counts. Says what was named.

    Kinds nobody here knows are left alone: a newer centre speaks of them. Raises: Malformed.
    """
    told: dict[Kind, Told] = {kind: {} for kind in Kind}
    gone: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for word, key, row in changes:
        kind = _KINDS.get(word)
        if kind is None:
            continue
        if row is None:
            told[kind].pop(key, None)
            gone[kind].add(key)
        else:
            gone[kind].discard(key)
            told[kind][key] = values_of(kind, key, row)
    for kind, put in _PUT.items():
        if told[kind]:
            _guarded(kind, told[kind], partial(put, ground, told[kind]))
    for kind, end in END.items():
        if gone[kind]:
            _guarded(kind, gone[kind], partial(end, ground, sorted(gone[kind])))
    return {kind: gone[kind] | told[kind].keys() for kind in Kind}


_KINDS = {kind.value: kind for kind in Kind}


def _guarded(kind: Kind, keys: Collection[str], write: Callable[[], None]) -> None:
    """Call what the table refuses malformed: it is a fault of the row, not of the disk."""
    try:
        write()
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, OverflowError) as error:
        sample = ", ".join(sorted(keys)[:3])
        raise Malformed(kind, f"{sample} (one of {len(keys)})", str(error)) from error
