"""Fills a database with what a network already knows: for the demo, for tests, for a first delivery.

All or nothing, in one transaction. What is known already is brought up to date; loans and holds known already are left
alone, for they have a life of their own by then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects.sqlite import Insert, insert

from kiosk.circulation.model import Hold, Item, Loan, Patron, PatronId, Title
from kiosk.store.engine import Store
from kiosk.store.items import contents_text
from kiosk.store.loans import LoanState
from kiosk.store.patrons import Card
from kiosk.store.tables import cards, holds, items, loans, patrons, pins, titles
from kiosk.store.title_words import index_all

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Stock:
    """What a network knows. A patron without a card in `cards` gets one of the number in `Patron.card`.

    `pins` are verifiers, never PINs: `kiosk.library.local.pin_verifier` makes them. Titles of items need no mention.
    """

    titles: Iterable[Title] = ()
    items: Iterable[Item] = ()
    patrons: Iterable[Patron] = ()
    cards: Iterable[Card] = ()
    pins: Mapping[PatronId, str] = field(default_factory=dict)
    loans: Iterable[Loan] = ()
    holds: Iterable[Hold] = ()


def seed(store: Store, stock: Stock) -> None:
    """Write *stock* into the database, durable when this returns. Raises: StoreError - nothing was written.

    Raises sqlalchemy.exc.IntegrityError for a loan or hold of an item, title or patron that is nowhere.
    """
    store.look(lambda connection: _write(connection, stock))


def _write(connection: Connection, stock: Stock) -> None:
    all_items, all_patrons, all_cards = tuple(stock.items), tuple(stock.patrons), tuple(stock.cards)
    known = {title.id: title for title in (*(item.title for item in all_items), *stock.titles)}
    _put(connection, _newest(titles, "id"), (_title_row(title) for title in known.values()))
    driver = connection.connection.driver_connection
    assert driver is not None, "an open connection has its driver's"
    index_all(driver, known.keys())
    _put(connection, _newest(items, "id"), (_item_row(item) for item in all_items))
    _put(connection, _newest(patrons, "id"), (_patron_row(patron) for patron in all_patrons))
    carded = {card.patron for card in all_cards}
    own = (Card(one.id, one.card, status=one.card_status) for one in all_patrons if one.id not in carded)
    _put(connection, _newest(cards, "number"), (_card_row(card) for card in (*all_cards, *own)))
    verifiers = ({"patron": patron, "verifier": pin, "failures": 0} for patron, pin in stock.pins.items())
    _put(connection, _newest(pins, "patron"), verifiers)
    open_hold = insert(holds).on_conflict_do_nothing(
        index_elements=["patron", "title"], index_where=text("closed_at IS NULL")
    )
    _put(connection, open_hold, (_hold_row(hold) for hold in stock.holds))
    _put(connection, insert(loans).on_conflict_do_nothing(index_elements=["id"]), map(_loan_row, stock.loans))


def _newest(table: Table, key: str) -> Insert:
    """Insert; a row of the same *key* that is there already takes over what the new one says."""
    statement = insert(table)
    own = table.primary_key.columns.keys()
    changed = {column.name: column for column in statement.excluded if column.name not in {key, *own}}
    return statement.on_conflict_do_update(index_elements=[key], set_=changed)


def _put(connection: Connection, statement: Insert, rows: Iterable[Mapping[str, object]]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        connection.execute(statement, batch)


def _title_row(title: Title) -> dict[str, object]:
    return {
        "id": title.id,
        "name": title.name,
        "author": title.author,
        "year": title.year,
        "language": title.language,
        "age_from": title.age_from,
    }


def _item_row(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "title": item.title.id,
        "type": item.type,
        "branch": item.branch,
        "status": item.status,
        "shelf": item.shelf,
        "parts": item.parts,
        "contents": contents_text(item.contents),
    }


def _patron_row(patron: Patron) -> dict[str, object]:
    return {
        "id": patron.id,
        "card": patron.card,
        "given_name": patron.given_name,
        "family_name": patron.family_name,
        "category": patron.category,
        "branch": patron.branch,
        "born": patron.born,
        "expires": patron.expires,
        "card_status": patron.card_status,
        "fees": patron.fees,
        "guardian": patron.guardian,
        "language": patron.language,
        "pin_needed": patron.pin_needed,
        "mail": patron.mail,
    }


def _card_row(card: Card) -> dict[str, object]:
    uid = None if card.uid is None else card.uid.upper()
    return {"number": card.number, "uid": uid, "patron": card.patron, "status": card.status}


def _hold_row(hold: Hold) -> dict[str, object]:
    return {
        "patron": hold.patron,
        "title": hold.title,
        "placed_at": hold.placed_at,
        "pickup": hold.pickup,
        "status": hold.status,
        "item": hold.item,
    }


def _loan_row(loan: Loan) -> dict[str, object]:
    return {
        "id": loan.id,
        "item": loan.item,
        "patron": loan.patron,
        "item_type": loan.item_type,
        "lent_at": loan.lent_at,
        "due": loan.due,
        "renewals": loan.renewals,
        "state": LoanState.OPEN,
    }
