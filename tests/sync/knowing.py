"""Tells a centre everything the desk of the tests knows."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import cards, items, patrons, titles
from kiosk.circulation.model import Item, Patron
from kiosk.store.seed import Stock
from kiosk.wire.messages import Kind
from tests.library.desk_stand import STOCK


def know(centre: Centre, stock: Stock = STOCK) -> None:
    """Write the stock into the centre and tell every station of it."""
    centre.carry_out(lambda work: _write(work, centre, tuple(stock.items), tuple(stock.patrons)))


def _write(work: Connection, centre: Centre, all_items: Iterable[Item], people: Iterable[Patron]) -> None:
    network, now = centre.network, centre.now()
    own = {item.title.id: item.title for item in all_items}.values()
    work.execute(
        insert(titles),
        [
            {
                "network": network,
                "id": one.id,
                "name": one.name,
                "author": one.author,
                "language": "uk",
                "added_at": now,
            }
            for one in own
        ],
    )
    work.execute(
        insert(items),
        [
            {
                "network": network, "id": one.id, "title": one.title.id, "type": one.type, "branch": one.branch,
                "status": one.status.value, "shelf": one.shelf, "parts": one.parts, "location": one.branch,
                "added_at": now,
            }
            for one in all_items
        ],
    )  # fmt: skip
    work.execute(
        insert(patrons),
        [
            {
                "network": network, "id": one.id, "card": one.card, "given_name": one.given_name,
                "family_name": one.family_name, "category": one.category, "branch": one.branch, "born": one.born,
                "card_status": one.card_status.value, "fees": one.fees, "added_at": now,
            }
            for one in people
        ],
    )  # fmt: skip
    work.execute(
        insert(cards),
        [
            {"network": network, "id": f"c-{one.id}", "number": one.card, "patron": one.id, "status": "active"}
            for one in people
        ],
    )
    touch(work, network, Kind.TITLE, [one.id for one in own])
    touch(work, network, Kind.ITEM, [one.id for one in all_items])
    touch(work, network, Kind.PATRON, [one.id for one in people])
