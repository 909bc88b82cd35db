"""What the centre knows about everything a batch names: rows as they are, changed here, written at the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kiosk.central.debts import CentralDebt
from kiosk.central.identity import StationIdentity
from kiosk.central.policies import Policies
from kiosk.circulation.model import ItemStatus
from kiosk.tags.health import TagCounts
from kiosk.wire.messages import Kind


@dataclass(slots=True)
class ItemRow:
    id: str
    title: str
    title_name: str
    language: str
    title_added: datetime
    type: str
    branch: str
    status: ItemStatus
    location: str
    custody_at: datetime | None
    changed: bool = False


@dataclass(slots=True)
class LoanRow:
    id: str
    item: str
    patron: str | None
    item_type: str
    lent_at: datetime
    due: date
    branch: str
    station: str
    renewals: int = 0
    state: str = "open"
    fulfils: str | None = None
    gate_cleared_at: datetime | None = None
    closed_at: datetime | None = None
    closed_branch: str | None = None
    closed_station: str | None = None
    new: bool = False
    changed: bool = False

    def close(self, state: str, at: datetime, station: StationIdentity | None = None) -> None:
        self.state, self.closed_at, self.changed = state, at, True
        self.closed_branch = None if station is None else station.branch
        self.closed_station = None if station is None else station.id


@dataclass(slots=True)
class PatronRow:
    id: str
    category: str
    card_status: str
    fees: Decimal
    merged_into: str | None
    open_loans: int
    changed: bool = False


@dataclass(slots=True)
class HoldRow:
    id: str
    patron: str
    title: str
    placed_at: datetime
    pickup: str
    status: str
    item: str | None
    ready_at: datetime | None
    closed_at: datetime | None
    closed_why: str | None
    new: bool = False
    changed: bool = False


@dataclass(slots=True)
class DebtRow:
    """A debt that is open, or was opened in this batch (`new`)."""

    id: str
    kind: CentralDebt
    item: str
    tag: str
    loan: str | None
    opened: datetime
    patron: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    closed: datetime | None = None
    closed_by: str | None = None
    new: bool = False


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail to be queued; `id` is the event's."""

    id: str
    patron: str
    language: str
    body: dict[str, Any]
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A card that proved itself at a station for the first time; `number` is "" where only its UID is known."""

    uid: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TagRow:
    """What the station counted of one tag so far."""

    tag: str
    item: str
    counts: TagCounts
    heard_at: datetime


@dataclass(slots=True)
class Picture:
    """Everything one batch rests on. `returns_after` are returns of a copy heard before events older than them.

    `titles` are the languages of the titles that holds are about.
    """

    station: StationIdentity
    policies: Policies
    titles: dict[str, str] = field(default_factory=dict)
    items: dict[str, ItemRow] = field(default_factory=dict)
    loans: dict[str, LoanRow] = field(default_factory=dict)
    patrons: dict[str, PatronRow] = field(default_factory=dict)
    holds: dict[str, HoldRow] = field(default_factory=dict)
    debts: dict[str, DebtRow] = field(default_factory=dict)
    mails: list[MailRow] = field(default_factory=list)
    tags: list[TagRow] = field(default_factory=list)
    proofs: list[ProofRow] = field(default_factory=list)
    known_debts: set[str] = field(default_factory=set)
    returns_after: dict[str, list[datetime]] = field(default_factory=dict)
    touched: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    counted: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _open: dict[str, str] = field(default_factory=dict)
    _of_item: dict[str, list[str]] = field(default_factory=dict)

    def add_loan(self, loan: LoanRow) -> None:
        self.loans[loan.id] = loan
        self._of_item.setdefault(loan.item, []).append(loan.id)
        if loan.state == "open":
            self._open[loan.item] = loan.id

    def open_loan(self, item: str) -> LoanRow | None:
        """Find who has the copy now."""
        found = self._open.get(item)
        return self.loans[found] if found is not None and self.loans[found].state == "open" else None

    def loans_of_item(self, item: str) -> Iterable[LoanRow]:
        return (self.loans[loan] for loan in self._of_item.get(item, ()))

    def survivor(self, patron: str) -> str:
        """Name whoever took over everything of *patron*: themselves, where nobody did."""
        seen = {patron}
        while (row := self.patrons.get(patron)) is not None and row.merged_into and row.merged_into not in seen:
            patron = row.merged_into
            seen.add(patron)
        return patron

    def queue(self, title: str) -> list[HoldRow]:
        """List the open holds on a title, first come first."""
        waiting = [hold for hold in self.holds.values() if hold.title == title and hold.closed_at is None]
        return sorted(waiting, key=lambda hold: (hold.placed_at, hold.patron))

    def open_debts(self) -> Iterable[DebtRow]:
        return (debt for debt in self.debts.values() if debt.closed is None)

    def close_debt(self, debt: DebtRow, at: datetime, by: str) -> None:
        if debt.closed is None:
            debt.closed, debt.closed_by = at, by
            self.touched[Kind.DEBT].add(debt.id)

    def count(
        self, what: str, at: datetime, *, group: str = "", language: str = "", detail: str = "", n: int = 1
    ) -> None:
        """Count *n* times *what* at this station's branch, for the figures."""
        local = at.astimezone(self.policies.zone)
        key = (local.date(), local.hour, self.station.branch, "station", what, group, language, detail)
        self.counted[key] += n
