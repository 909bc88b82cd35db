"""How many cards of the network are left to replace: active ones that never proved themselves at any station."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central.tables import card_proofs, cards
from kiosk.circulation.model import CardStatus


class Proof(Protocol):
    """A card that proved itself, as a station told of it."""

    @property
    def uid(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class CardCount:
    """Active cards, how many of them proved themselves, and how many are left to replace."""

    known: int
    proven: int

    @property
    def to_replace(self) -> int:
        return self.known - self.proven


def keep(connection: Connection, network: str, station: str, proofs: Iterable[Proof]) -> None:
    """Keep who told of a card first; a number that is learnt later is kept, too."""
    first: dict[str, Proof] = {}
    for one in proofs:
        if one.uid not in first or one.number:
            first[one.uid] = one
    if not first:
        return
    rows = [
        {"network": network, "uid": one.uid, "number": one.number, "station": station, "first_at": one.at}
        for _, one in sorted(first.items())
    ]
    statement = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(card_proofs)
    number = func.coalesce(func.nullif(statement.excluded.number, ""), card_proofs.c.number)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["network", "uid"], set_={"number": number}), rows
    )


def count_cards(connection: Connection, network: str) -> CardCount:
    """Count the network's cards."""
    active = (cards.c.network == network) & (cards.c.status == CardStatus.ACTIVE.value)
    # sets of their own, made once: looked for card by card, with an "or", every card would read every proof
    ours = card_proofs.c.network == network
    numbers, uids = (select(column).where(ours) for column in (card_proofs.c.number, card_proofs.c.uid))
    proved = or_(cards.c.number.in_(numbers), cards.c.uid.in_(uids))
    known = connection.execute(select(func.count()).select_from(cards).where(active)).scalar_one()
    proven = connection.execute(select(func.count()).select_from(cards).where(active, proved)).scalar_one()
    return CardCount(known, proven)
