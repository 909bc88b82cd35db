"""Patrons, their cards and PIN verifiers, as the database holds them."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from kiosk.circulation.model import CardNumber, CardStatus, Patron, PatronId
from kiosk.store.tables import cards, patrons, pins


@dataclass(frozen=True, slots=True)
class Card:
    """A card that stands for a patron: by the number it says, by the UID it shows, or both."""

    patron: PatronId
    number: CardNumber | None = None
    uid: str | None = None
    status: CardStatus = CardStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN verifier, the wrong tries since the last right one, and until when no try is taken."""

    verifier: str
    failures: int = 0
    locked_until: datetime | None = None


_PATRON_FIELDS = tuple(field.name for field in fields(Patron))
_BY_ID = select(patrons).where(patrons.c.id == bindparam("patron"))
_CARD = select(cards.c.patron, cards.c.number, cards.c.uid, cards.c.status)
_PIN = select(pins.c.verifier, pins.c.failures, pins.c.locked_until).where(pins.c.patron == bindparam("of"))


class Patrons:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, patron: PatronId) -> Patron | None:
        row = self._connection.execute(_BY_ID, {"patron": patron}).one_or_none()
        return None if row is None else _patron(row)

    def card(self, number: CardNumber | None, uid: str) -> Card | None:
        """Find the card by its number; by its UID where the number is none of ours or it has none."""
        found = None
        if number is not None:
            found = self._connection.execute(_CARD.where(cards.c.number == number)).one_or_none()
        if found is None:
            found = self._connection.execute(_CARD.where(cards.c.uid == uid.upper())).one_or_none()
        return None if found is None else Card(found.patron, found.number, found.uid, CardStatus(found.status))

    def charge(self, patron: PatronId, fee: Decimal) -> None:
        """Add *fee* to what the patron owes."""
        owed = self._connection.execute(select(patrons.c.fees).where(patrons.c.id == patron)).scalar_one()
        self._connection.execute(update(patrons).where(patrons.c.id == patron).values(fees=owed + fee))

    def pin(self, patron: PatronId) -> Pin | None:
        row = self._connection.execute(_PIN, {"of": patron}).one_or_none()
        return None if row is None else Pin(row.verifier, row.failures, row.locked_until)

    def keep_pin(self, patron: PatronId, pin: Pin) -> None:
        """Store a PIN's verifier and its tries; the patron must have one already."""
        changed = {"verifier": pin.verifier, "failures": pin.failures, "locked_until": pin.locked_until}
        self._connection.execute(update(pins).where(pins.c.patron == patron).values(changed))


def _patron(row: Row[Any]) -> Patron:
    said = row._asdict()
    return Patron(**{**{name: said[name] for name in _PATRON_FIELDS}, "card_status": CardStatus(said["card_status"])})
