"""Cards that proved themselves at this station: known, so that a copy that cannot is not taken for the same card."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.circulation.model import CardNumber, CardStatus
from kiosk.store.tables import card_proofs, cards


@dataclass(frozen=True, slots=True)
class CardCount:
    """Active cards the ledger knows, and how many of them have never proved themselves here."""

    known: int
    to_replace: int


class Proofs:
    """What is remembered of proofs, as one unit of work sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def knows(self, uid: str, number: CardNumber | None) -> bool:
        """Whether a card with this UID or this number proved itself before."""
        same = [card_proofs.c.uid == uid] if uid else []
        if number is not None:
            same.append(card_proofs.c.number == number)
        if not same:
            return False
        return self._connection.execute(select(exists().where(or_(*same)))).scalar_one()

    def counter(self, uid: str) -> int | None:
        """The highest SUN counter that was accepted of this card."""
        return self._connection.execute(select(card_proofs.c.counter).where(card_proofs.c.uid == uid)).scalar()

    def number(self, uid: str) -> CardNumber | None:
        """The number this card proved together with its UID, if it ever did here."""
        found = self._connection.execute(select(card_proofs.c.number).where(card_proofs.c.uid == uid)).scalar()
        return None if found is None else CardNumber(found)

    def remember(self, uid: str, number: CardNumber | None, counter: int | None, at: datetime) -> None:
        """Keep that a card proved itself; a *counter* is kept as the last that counts."""
        row = insert(card_proofs).values(uid=uid, number=number, counter=counter, first_at=at)
        newer = {
            "number": func.coalesce(row.excluded.number, card_proofs.c.number),
            "counter": func.coalesce(row.excluded.counter, card_proofs.c.counter),
        }
        self._connection.execute(row.on_conflict_do_update(index_elements=[card_proofs.c.uid], set_=newer))


def count_cards(connection: Connection) -> CardCount:
    """Count the cards of the ledger, for staff who replace them."""
    active = cards.c.status == CardStatus.ACTIVE.value
    proved = or_(cards.c.number.in_(select(card_proofs.c.number)), cards.c.uid.in_(select(card_proofs.c.uid)))
    known = connection.execute(select(func.count()).select_from(cards).where(active)).scalar_one()
    proven = connection.execute(select(func.count()).select_from(cards).where(active, proved)).scalar_one()
    return CardCount(known, known - proven)
