"""Copies and patrons of another library system, as far as the ledger needs them: to name a loan, to count PIN tries.

The system has the catalogue and the people; here is what it said of those that came by, and it is forgotten again.
"""

from sqlalchemy import Connection, delete, exists, insert, select

from kiosk.circulation.model import CategoryId, Item, ItemTypeId, Patron, PatronId
from kiosk.store.patrons import Card, Pin
from kiosk.store.rows import card_row, item_row, newest, patron_row, title_row
from kiosk.store.tables import cards, dispatches, items, loans, patrons, pins, titles

GUEST = CategoryId("guest")
"""The category of patrons another system knows: no rule of ours is about them."""
COPY = ItemTypeId("copy")
"""The type of copies another system knows."""
TITLE_OF = "copy:"
"""How titles are called that are known by one of their copies only."""


class Guests:
    """What another system told of its copies and patrons, as one unit of work sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def meet_copy(self, item: Item) -> None:
        """Know *item* with its title from now on, or know it better."""
        self._connection.execute(newest(titles, "id"), title_row(item.title))
        self._connection.execute(newest(items, "id"), item_row(item))

    def meet_patron(self, patron: Patron, card: Card) -> None:
        """Know *patron* and one more *card* of theirs."""
        self._connection.execute(newest(patrons, "id"), patron_row(patron))
        self._connection.execute(newest(cards, "number"), card_row(card))

    def start_pin(self, patron: PatronId, pin: Pin) -> None:
        """Keep tries and verifier of a PIN, for a patron who has had none here."""
        row = {"patron": patron, "verifier": pin.verifier, "failures": pin.failures, "locked_until": pin.locked_until}
        self._connection.execute(insert(pins), row)

    def forget(self) -> None:
        """Forget every patron and copy no loan and nothing unsaid stands for. PIN tries that lock somebody stay."""
        waiting = dispatches.c.closed.is_(None)
        gone = (
            patrons.c.category == GUEST,
            ~exists(select(loans.c.id).where(loans.c.patron == patrons.c.id)),
            ~exists(select(dispatches.c.position).where(dispatches.c.patron == patrons.c.id, waiting)),
            ~exists(select(pins.c.patron).where(pins.c.patron == patrons.c.id, pins.c.failures > 0)),
        )
        leaving = select(patrons.c.id).where(*gone)
        self._connection.execute(delete(pins).where(pins.c.patron.in_(leaving)))
        self._connection.execute(delete(cards).where(cards.c.patron.in_(leaving)))
        self._connection.execute(delete(patrons).where(*gone))
        unlent = ~exists(select(loans.c.id).where(loans.c.item == items.c.id))
        self._connection.execute(delete(items).where(items.c.type == COPY, unlent))
        untold = ~exists(select(items.c.id).where(items.c.title == titles.c.id))
        self._connection.execute(delete(titles).where(titles.c.id.startswith(TITLE_OF), untold))
