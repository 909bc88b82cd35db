"""Fills a new centre with what a network knows: for the demo, for tests, for a first delivery. All or nothing.

What is known already is left as it is: nothing is overwritten, so it may run twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central.catalogue import index_titles
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import cards, holds, items, loans, patrons, pins, titles
from kiosk.circulation.model import Item, Patron, Title
from kiosk.store.identifiers import new_id
from kiosk.store.seed import Stock
from kiosk.wire.messages import Kind

_BATCH = 1000


def seed_network(centre: Centre, stock: Stock) -> None:
    """Write *stock* and tell every station of it; durable when this returns. Raises: CentreUnavailable."""
    centre.carry_out(lambda work: _Seeding(work, centre.network, centre.now()).write(stock))


def is_empty(centre: Centre) -> bool:
    """Say whether the network has no title yet."""
    wanted = select(func.count()).select_from(titles).where(titles.c.network == centre.network)
    return centre.look(lambda work: work.execute(wanted).scalar_one()) == 0


class _Seeding:
    def __init__(self, work: Connection, network: str, now: datetime) -> None:
        self._work, self._network, self._now = work, network, now

    def write(self, stock: Stock) -> None:
        copies, people = tuple(stock.items), tuple(stock.patrons)
        known = {title.id: title for title in (*(item.title for item in copies), *stock.titles)}
        self._put(titles, Kind.TITLE, (self._title(title) for title in known.values()))
        index_titles(self._work, self._network, list(known))
        self._put(items, Kind.ITEM, (self._item(item) for item in copies))
        self._put(patrons, Kind.PATRON, (self._patron(patron) for patron in people))
        carded = {card.patron for card in stock.cards}
        shown = [(c.number, c.uid, c.patron, c.status) for c in stock.cards]
        shown += [(one.card, None, one.id, one.card_status) for one in people if one.id not in carded]
        self._put(cards, None, (self._card(*card) for card in shown))
        self._put(pins, None, ({"patron": who, "verifier": proof} for who, proof in stock.pins.items()))
        self._put(holds, Kind.HOLD, (self._hold(asdict(hold)) for hold in stock.holds))
        places = {item.id: item.branch for item in copies}
        self._put(loans, Kind.LOAN, (self._loan(asdict(loan), places[loan.item]) for loan in stock.loans))

    def _put(self, table: Table, kind: Kind | None, rows: Iterable[Mapping[str, Any]]) -> None:
        dialect = postgresql if self._work.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table).on_conflict_do_nothing()
        whole = [{"network": self._network, **row} for row in rows]
        for start in range(0, len(whole), _BATCH):
            self._work.execute(statement, whole[start : start + _BATCH])
        if kind is not None:
            touch(self._work, self._network, kind, [row["id"] for row in whole])

    def _title(self, title: Title) -> dict[str, Any]:
        authors = [title.author] if title.author else []
        return {**asdict(title), "authors": authors, "subjects": [], "isbns": [], "added_at": self._now}

    def _item(self, item: Item) -> dict[str, Any]:
        contents = [[part.name, part.kind.value] for part in item.contents]
        row = {**asdict(item), "title": item.title.id, "status": item.status.value, "contents": contents}
        return {**row, "location": item.branch, "added_at": self._now}

    def _patron(self, patron: Patron) -> dict[str, Any]:
        return {**asdict(patron), "card_status": patron.card_status.value, "added_at": self._now}

    def _card(self, number: str | None, uid: str | None, patron: str, status: str) -> dict[str, Any]:
        shown = None if uid is None else uid.upper()
        return {"id": number or shown, "number": number, "uid": shown, "patron": patron, "status": str(status)}

    def _hold(self, hold: dict[str, Any]) -> dict[str, Any]:
        ready_at = self._now if hold["status"] == "ready" else None
        return {**hold, "id": new_id(hold["placed_at"]), "status": str(hold["status"]), "ready_at": ready_at}

    def _loan(self, loan: dict[str, Any], branch: str) -> dict[str, Any]:
        return {**loan, "state": "open", "channel": "import", "branch": branch, "station": ""}
