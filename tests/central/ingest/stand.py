"""Stations that tell the centre things, word for word as real ones do: numbered, chained, hashed."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from kiosk.central.centre import Centre
from kiosk.central.identity import StationIdentity
from kiosk.central.ingest import take_in
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import cards, debts, holds, items, loans, metadata, patrons, titles
from kiosk.circulation.model import (
    BranchId,
    CategoryId,
    CategoryPolicy,
    ItemTypeId,
    LendingPolicy,
    LoanRule,
    OpeningHours,
)
from kiosk.wire.journal_row import GENESIS, moment_text, row_hash
from kiosk.wire.messages import Received, SentEvent, Upload

NOON = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DUE = date(2026, 12, 2)
_hours = OpeningHours(week=((datetime.min.time(), datetime.max.time()),) * 7)
_rule = LoanRule(days=30, max_loans=10, fee_per_day_late=Decimal("1.00"))
_category = CategoryPolicy(max_loans=3, max_fees=Decimal(50), max_overdue=2, rules={ItemTypeId("book"): _rule})
_policy = LendingPolicy(categories={CategoryId("adult"): _category})
POLICIES = Policies(
    branches={
        BranchId(name): BranchPolicy(BranchId(name), f"Бібліотека {name}", name, _policy, _hours)
        for name in ("a", "b", "c")
    },
    zone=ZoneInfo("Europe/Kyiv"),
)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def furnish(centre: Centre, copies: int = 3, people: int = 3) -> None:
    """Titles t1.., one copy of each at branch a (i1..), adults p1.. ."""
    network, now = centre.network, NOON - timedelta(days=400)

    def fill(work: Connection) -> None:
        for n in range(1, copies + 1):
            title = {"id": f"t{n}", "name": f"Книга {n}", "author": "", "language": "uk", "authors": [], "subjects": []}
            work.execute(insert(titles), {"network": network, **title, "isbns": [], "added_at": now})
            item = {
                "id": f"i{n}",
                "title": f"t{n}",
                "type": "book",
                "branch": "a",
                "status": "available",
                "location": "a",
            }
            work.execute(insert(items), {"network": network, **item, "added_at": now})
        for n in range(1, people + 1):
            patron = {"id": f"p{n}", "card": f"2000{n}", "given_name": "Ім’я", "family_name": "Прізвище"}
            more = {"category": "adult", "branch": "a", "card_status": "active", "fees": Decimal(0), "added_at": now}
            work.execute(insert(patrons), {"network": network, **patron, **more})
            card = {"id": f"c{n}", "number": f"2000{n}", "patron": f"p{n}", "status": "active"}
            work.execute(insert(cards), {"network": network, **card})

    centre.carry_out(fill)


def place_hold(centre: Centre, number: str, patron: str, title: str, pickup: str = "a", **more: Any) -> None:
    row = {"id": number, "patron": patron, "title": title, "placed_at": NOON - timedelta(days=1), "pickup": pickup}
    row |= {"status": "waiting", "network": centre.network, **more}
    centre.carry_out(lambda work: work.execute(insert(holds), row))


@dataclass
class Teller:
    """A station's journal, and what it sent of it."""

    centre: Centre
    branch: str = "a"
    epoch: str = ""
    rows: list[SentEvent] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.epoch = self.epoch or f"epoch-{self.branch}"
        self.identity = StationIdentity(f"{self.branch}.hall", self.branch, "hall")

    def tell(self, type_: str, minutes: float, **facts: Any) -> SentEvent:
        """Write a journal row; nothing is sent yet."""
        prev = self.rows[-1].hash if self.rows else GENESIS
        seq = len(self.rows) + 1
        said = {
            "prev_hash": prev,
            "epoch": self.epoch,
            "seq": seq,
            "id_": f"{self.epoch}-{seq}",
            "type_": type_,
            "payload": json.dumps(facts, ensure_ascii=False, sort_keys=True),
            "at": moment_text(at(minutes)),
            "monotonic": float(seq),
            "boot": "boot",
            "trusted": True,
        }
        digest = row_hash(**said)
        names = {"id_": "id", "type_": "type"}
        row = SentEvent(**{names.get(k, k): v for k, v in said.items() if k != "epoch"}, hash=digest)
        self.rows.append(row)
        return row

    def lent(self, minutes: float, item: str, patron: str, **more: Any) -> str:
        loan = f"loan-{self.epoch}-{len(self.rows) + 1}"
        facts = {"loan": loan, "item": item, "patron": patron, "due": DUE.isoformat(), "tags": [f"tag-{item}"]}
        self.tell("lent", minutes, **facts | more)
        return loan

    def returned(
        self, minutes: float, item: str, loan: str | None = None, patron: str | None = None, **more: Any
    ) -> None:
        facts = {"item": item, "tags": [f"tag-{item}"], "notes": []}
        facts |= {} if loan is None else {"loan": loan, "patron": patron, "due": DUE.isoformat()}
        self.tell("returned", minutes, **facts | more)

    def upload(self, rows: list[SentEvent] | None = None, incarnation: str = "") -> Received:
        """Send everything not sent yet, or *rows*."""
        events = self.rows[self.sent :] if rows is None else rows
        self.sent = len(self.rows)
        return take_in(
            self.centre,
            POLICIES,
            self.identity,
            Upload(epoch=self.epoch, events=tuple(events), incarnation=incarnation),
        )


def loan(centre: Centre, name: str) -> Any:
    wanted = select(loans).where(loans.c.network == centre.network, loans.c.id == name)
    return centre.look(lambda work: work.execute(wanted).one())


def item(centre: Centre, name: str) -> Any:
    wanted = select(items).where(items.c.network == centre.network, items.c.id == name)
    return centre.look(lambda work: work.execute(wanted).one())


def hold(centre: Centre, name: str) -> Any:
    wanted = select(holds).where(holds.c.network == centre.network, holds.c.id == name)
    return centre.look(lambda work: work.execute(wanted).one())


def fees(centre: Centre, patron: str) -> Decimal:
    wanted = select(patrons.c.fees).where(patrons.c.network == centre.network, patrons.c.id == patron)
    return Decimal(centre.look(lambda work: work.execute(wanted).scalar_one()))


def open_loans(centre: Centre) -> dict[str, str]:
    """Who has which copy."""
    wanted = select(loans.c.item, loans.c.patron).where(loans.c.network == centre.network, loans.c.state == "open")
    return {row.item: row.patron for row in centre.look(lambda work: work.execute(wanted).all())}


def open_debts(centre: Centre) -> list[str]:
    wanted = select(debts.c.kind).where(debts.c.network == centre.network, debts.c.closed.is_(None))
    return sorted(centre.look(lambda work: list(work.execute(wanted).scalars())))


def everything(centre: Centre) -> dict[str, list[Any]]:
    """Every row of every table, for comparing; when something was heard is left out."""

    def read(work: Connection) -> dict[str, list[Any]]:
        return {
            table.name: sorted(map(str, work.execute(select(*(c for c in table.c if c.name != "heard_at")))))
            for table in metadata.sorted_tables
        }

    return centre.look(read)
