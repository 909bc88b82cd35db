"""A network to test against: real tables, a clock that stands still until told, and the people of the station tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from kiosk.central.centre import Centre
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import cards, changes, holds, items, loans, patrons, pins, tallies, titles
from kiosk.circulation.model import BranchId, Hold, Item, Loan, Patron, PatronId
from kiosk.library.local import PinRules
from kiosk.wire.messages import Kind
from tests.library.desk_stand import ALWAYS_OPEN, CENTRAL, MUSIC, NOON, POLICY

PEPPER = b"kept outside the database"


def branch(name: BranchId, short: str) -> BranchPolicy:
    return BranchPolicy(name, f"{short} бібліотека", short, POLICY, ALWAYS_OPEN, address="вул. Київська, 1")


POLICIES = Policies(
    branches={CENTRAL: branch(CENTRAL, "Центральна"), MUSIC: branch(MUSIC, "Музична")},
    zone=ZoneInfo("Europe/Kyiv"),
    network_name="Бібліотеки Житомира",
    brand="ЛітТера",
    pin=PinRules(tries=3, lock_minutes=15, pepper=PEPPER),
)


@dataclass
class Network:
    """A centre and what it knows. `know` adds to it as an import would; `pass_time` moves its clock."""

    centre: Centre
    policies: Policies = POLICIES
    wall: datetime = NOON

    def __post_init__(self) -> None:
        self.centre.now = lambda: self.wall

    def pass_time(self, time: timedelta) -> None:
        self.wall += time

    def know(
        self,
        *,
        copies: Iterable[Item] = (),
        people: Iterable[Patron] = (),
        out: Iterable[Loan] = (),
        waiting: Iterable[Hold] = (),
        verifiers: Mapping[PatronId, str] = {},
    ) -> None:
        stock = tuple(copies)
        of_titles = {one.title.id: one.title for one in stock}
        rows = {
            titles: [self._title(one) for one in of_titles.values()],
            items: [self._item(one) for one in stock],
            patrons: [self._patron(one) for one in people],
            cards: [{"id": one.card, "number": one.card, "patron": one.id, "status": "active"} for one in people],
            pins: [{"patron": who, "verifier": verifier} for who, verifier in verifiers.items()],
            loans: [self._loan(one) for one in out],
            holds: [self._hold(one) for one in waiting],
        }
        for table, given in rows.items():
            self._add(table, given)

    def rows(self, table: Table, **where: Any) -> list[dict[str, Any]]:
        wanted = select(table).filter_by(**where)
        return [dict(row) for row in self.centre.look(lambda work: work.execute(wanted).mappings().all())]

    def row(self, table: Table, **where: Any) -> dict[str, Any]:
        (found,) = self.rows(table, **where)
        return found

    def told(self, kind: Kind) -> set[str]:
        """Say what of this kind the stations will hear of."""
        return {row["key"] for row in self.rows(changes, kind=kind.value)}

    def counted(self) -> dict[tuple[str, str, str], int]:
        """Say what the figures count: how often what was done at which branch through which door."""
        return {(row["what"], row["branch"], row["channel"]): row["count"] for row in self.rows(tallies)}

    def change(self, statement: Any) -> None:
        self.centre.carry_out(lambda work: work.execute(statement) and None)

    def _add(self, table: Table, rows: list[dict[str, Any]]) -> None:
        keyed = [{"network": self.centre.network, **row} for row in rows]
        if keyed:
            self.centre.carry_out(lambda work: work.execute(insert(table), keyed) and None)

    def _title(self, title: Any) -> dict[str, Any]:
        said = {"id": title.id, "name": title.name, "author": title.author, "year": title.year}
        return {**said, "language": title.language, "age_from": title.age_from, "added_at": NOON}

    def _item(self, item: Item) -> dict[str, Any]:
        said = {"id": item.id, "title": item.title.id, "type": item.type, "branch": item.branch, "shelf": item.shelf}
        return {**said, "status": item.status.value, "location": item.branch, "parts": item.parts, "added_at": NOON}

    def _patron(self, one: Patron) -> dict[str, Any]:
        who = {"id": one.id, "card": one.card, "given_name": one.given_name, "family_name": one.family_name}
        standing = {"category": one.category, "branch": one.branch, "born": one.born, "expires": one.expires}
        return {**who, **standing, "card_status": one.card_status.value, "fees": one.fees, "added_at": NOON}

    def _loan(self, one: Loan) -> dict[str, Any]:
        said = {"id": one.id, "item": one.item, "patron": one.patron, "item_type": one.item_type, "due": one.due}
        where = {"state": "open", "channel": "station", "branch": CENTRAL}
        return {**said, **where, "lent_at": one.lent_at, "renewals": one.renewals}

    def _hold(self, one: Hold) -> dict[str, Any]:
        said = {"id": f"h-{one.patron}-{one.title}", "patron": one.patron, "title": one.title, "pickup": one.pickup}
        ready_at = None if one.item is None else NOON - timedelta(hours=1)
        return {**said, "placed_at": one.placed_at, "status": one.status.value, "item": one.item, "ready_at": ready_at}
