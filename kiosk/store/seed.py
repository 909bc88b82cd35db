"""Fills a database with what a network already knows: for the demo, for tests, for a first delivery.

All or nothing, in one transaction. What is known already is brought up to date; loans and holds known already are left
alone, for they have a life of their own by then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, text
from sqlalchemy.dialects.sqlite import Insert, insert

from kiosk.circulation.model import Hold, Item, Loan, Patron, PatronId, Title
from kiosk.store.engine import Store
from kiosk.store.loans import LoanState
from kiosk.store.patrons import Card
from kiosk.store.rows import card_row, item_row, newest, patron_row, title_row
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
    _put(connection, newest(titles, "id"), (title_row(title) for title in known.values()))
    driver = connection.connection.driver_connection
    assert driver is not None, "an open connection has its driver's"
    index_all(driver, known.keys())
    _put(connection, newest(items, "id"), (item_row(item) for item in all_items))
    _put(connection, newest(patrons, "id"), (patron_row(patron) for patron in all_patrons))
    carded = {card.patron for card in all_cards}
    own = (Card(one.id, one.card, status=one.card_status) for one in all_patrons if one.id not in carded)
    _put(connection, newest(cards, "number"), (card_row(card) for card in (*all_cards, *own)))
    verifiers = ({"patron": patron, "verifier": pin, "failures": 0} for patron, pin in stock.pins.items())
    _put(connection, newest(pins, "patron"), verifiers)
    open_hold = insert(holds).on_conflict_do_nothing(
        index_elements=["patron", "title"], index_where=text("closed_at IS NULL")
    )
    _put(connection, open_hold, (_hold_row(hold) for hold in stock.holds))
    _put(connection, insert(loans).on_conflict_do_nothing(index_elements=["id"]), map(_loan_row, stock.loans))


def _put(connection: Connection, statement: Insert, rows: Iterable[Mapping[str, object]]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        connection.execute(statement, batch)


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
