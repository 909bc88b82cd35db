"""Rows of the central tables in the words of the feed: a question per kind, however many things are asked for.

A thing that is no more, or that stations have no business with, is None. `references_of` says what a row points at.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from kiosk.central.debts import GATE
from kiosk.central.scope import Scope
from kiosk.central.tables import (
    cards,
    debts,
    holds,
    items,
    loans,
    notices,
    patrons,
    pins,
    settings_documents,
    station_keys,
    titles,
)
from kiosk.wire.messages import COLUMNS, Kind, Row

Rows = dict[str, Row | None]


def rows_of(connection: Connection, network: str, scope: Scope, kind: Kind, keys: Collection[str]) -> Rows:
    """Find the things of *kind* called *keys* as a station of *scope* may see them."""
    found = _FIND[kind](connection, network, scope, list(keys)) if keys else {}
    return {key: found.get(key) for key in keys}


def references_of(kind: Kind, row: Row) -> Iterable[tuple[Kind, str]]:
    """Say what must be known before *row*: its copy, its patron, its title."""
    for column, pointed in _POINTS.get(kind, ()):
        if (key := row[COLUMNS[kind].index(column)]) is not None:
            yield pointed, key


_POINTS: dict[Kind, tuple[tuple[str, Kind], ...]] = {
    Kind.ITEM: (("title", Kind.TITLE),),
    Kind.LOAN: (("item", Kind.ITEM), ("patron", Kind.PATRON)),
    Kind.HOLD: (("title", Kind.TITLE), ("patron", Kind.PATRON)),
}


def _titles(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    wanted = select(titles).where(titles.c.network == network, titles.c.id.in_(keys))
    return _as_rows(Kind.TITLE, connection.execute(wanted).mappings())


def _items(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    wanted = select(items).where(items.c.network == network, items.c.id.in_(keys))
    return _as_rows(Kind.ITEM, connection.execute(wanted).mappings())


def _patrons(connection: Connection, network: str, scope: Scope, keys: list[str]) -> Rows:
    alive = (patrons.c.network == network) & patrons.c.id.in_(keys) & patrons.c.erased_at.is_(None)
    found = connection.execute(select(patrons).where(alive)).mappings().all()
    if not scope.names:
        return {row["id"]: _nameless(row) for row in found}
    shown: dict[str, list[Any]] = {row["id"]: [] for row in found}
    theirs = select(cards).where(cards.c.network == network, cards.c.patron.in_(keys)).order_by(cards.c.id)
    for card in connection.execute(theirs):
        if card.patron in shown:
            shown[card.patron].append([card.number, card.uid, card.status])
    verifiers = select(pins.c.patron, pins.c.verifier).where(pins.c.network == network, pins.c.patron.in_(keys))
    proofs = {row.patron: row.verifier for row in connection.execute(verifiers)}
    return {
        row["id"]: [
            *(_plain(row[name]) for name in _OF_PATRON),
            shown[row["id"]],
            proofs.get(row["id"]),
            row["merged_into"],
            row["email"] != "",
        ]
        for row in found
    }


_OF_PATRON = COLUMNS[Kind.PATRON][: COLUMNS[Kind.PATRON].index("cards")]


def _nameless(row: RowMapping) -> Row:
    """A patron as a returns-only station knows one: a category for what being late costs, and nobody's name."""
    told = {"id", "category", "branch", "card_status"}
    kept = {**dict.fromkeys(_OF_PATRON, ""), **{name: row[name] for name in told}}
    kept |= {"born": None, "expires": None, "fees": "0", "guardian": None, "language": None, "pin_needed": False}
    return [*(kept[name] for name in _OF_PATRON), [], None, row["merged_into"], False]


def _loans(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    """Open loans of copies and patrons that are in the lists; the others wait for a person at the centre."""
    item, patron = items.c.id == loans.c.item, patrons.c.id == loans.c.patron
    wanted = (
        select(loans)
        .join(items, item & (items.c.network == network))
        .join(patrons, patron & (patrons.c.network == network) & patrons.c.erased_at.is_(None))
        .where(loans.c.network == network, loans.c.id.in_(keys), loans.c.state == "open")
    )
    return _as_rows(Kind.LOAN, connection.execute(wanted).mappings())


def _holds(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    wanted = (
        select(holds)
        .join(
            patrons, (patrons.c.id == holds.c.patron) & (patrons.c.network == network) & patrons.c.erased_at.is_(None)
        )
        .where(holds.c.network == network, holds.c.id.in_(keys), holds.c.closed_at.is_(None))
    )
    return _as_rows(Kind.HOLD, connection.execute(wanted).mappings())


def _debts(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    travelling = debts.c.kind.in_(sorted(kind.value for kind in GATE)) & debts.c.closed.is_(None)
    wanted = select(debts).where(debts.c.network == network, debts.c.id.in_(keys), travelling)
    return _as_rows(Kind.DEBT, connection.execute(wanted).mappings())


def _settings(connection: Connection, network: str, scope: Scope, keys: list[str]) -> Rows:
    """The newest version of each document that is meant for this station."""
    mine = [key for key in keys if key in scope.targets]
    of = settings_documents
    wanted = select(of).where(of.c.network == network, of.c.target.in_(mine)).order_by(of.c.version)
    rows = connection.execute(wanted).mappings()
    return {row["target"]: [_plain(row[name]) for name in COLUMNS[Kind.SETTINGS]] for row in rows}


def _notices(connection: Connection, network: str, scope: Scope, keys: list[str]) -> Rows:
    here = notices.c.branch.in_(("", scope.branch))
    wanted = select(notices).where(notices.c.network == network, notices.c.id.in_(keys), here)
    return _as_rows(Kind.NOTICE, connection.execute(wanted).mappings())


def _station_keys(connection: Connection, network: str, _scope: Scope, keys: list[str]) -> Rows:
    wanted = select(station_keys).where(station_keys.c.network == network, station_keys.c.id.in_(keys))
    return _as_rows(Kind.STATION_KEY, connection.execute(wanted).mappings())


_FIND: dict[Kind, Callable[[Connection, str, Scope, list[str]], Rows]] = {
    Kind.TITLE: _titles,
    Kind.ITEM: _items,
    Kind.PATRON: _patrons,
    Kind.LOAN: _loans,
    Kind.HOLD: _holds,
    Kind.DEBT: _debts,
    Kind.SETTINGS: _settings,
    Kind.NOTICE: _notices,
    Kind.STATION_KEY: _station_keys,
}


def _as_rows(kind: Kind, found: Iterable[RowMapping]) -> Rows:
    columns = COLUMNS[kind]
    return {row["id"]: [_plain(row[name]) for name in columns] for row in found}


def _plain(value: Any) -> Any:
    """Write a value of a table as JSON has it: moments, days and amounts are text."""
    match value:
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case None | str() | bool() | int() | list() | dict():
            return value
        case _:
            return str(value)
