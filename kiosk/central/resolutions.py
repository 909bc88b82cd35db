"""How a person settles a debt: one touch does what is to be done, closes the debt and writes down who did it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.debts import FOR_TECHNICIANS, CentralDebt, close_debt
from kiosk.central.tables import debts, holds, items, loans, patrons, titles
from kiosk.wire.messages import Kind


class Resolution(StrEnum):
    """Everything a touch may mean. Each has words in the office; a test says so."""

    SEEN = "seen"  # looked at; nothing is to be done
    FOUND_HERE = "found-here"  # the copy is on the shelf: the loan it is said to be on is over
    LOST = "lost"  # nobody has it
    SEND_HOME = "send-home"  # it goes back to the branch it belongs to
    STAYS_HERE = "stays-here"  # this branch keeps it
    WAIVE_FEES = "waive-fees"  # what the patron owes is forgiven
    MENDED = "mended"  # a technician saw the tag, the journal, the disk


KINDS: Mapping[CentralDebt, tuple[Resolution, ...]] = {
    CentralDebt.GATE_NOT_CLEARED: (Resolution.MENDED,),
    CentralDebt.GATE_NOT_ARMED: (Resolution.MENDED, Resolution.LOST),
    CentralDebt.RETURN_UNFINISHED: (Resolution.FOUND_HERE, Resolution.SEEN),
    CentralDebt.UNKNOWN_ITEM: (Resolution.SEEN,),
    CentralDebt.SET_INCOMPLETE: (Resolution.SEEN, Resolution.LOST),
    CentralDebt.SYSTEM_REFUSED: (Resolution.SEEN,),
    CentralDebt.RETURNED_UNSEEN: (Resolution.SEEN, Resolution.WAIVE_FEES),
    CentralDebt.PATRON_BLOCKED: (Resolution.SEEN,),
    CentralDebt.OVER_LIMIT: (Resolution.SEEN,),
    CentralDebt.ITEM_NOT_LENDABLE: (Resolution.SEEN,),
    CentralDebt.HELD_FOR_ANOTHER: (Resolution.SEEN,),
    CentralDebt.UNKNOWN_PATRON: (Resolution.SEEN, Resolution.FOUND_HERE),
    CentralDebt.ITEM_ELSEWHERE: (Resolution.SEND_HOME, Resolution.STAYS_HERE),
    CentralDebt.HOLD_MOVED: (Resolution.SEEN,),
    CentralDebt.RENEWED_DESPITE_HOLD: (Resolution.SEEN,),
    CentralDebt.HOLD_NOT_KEPT: (Resolution.SEEN,),
    CentralDebt.UNREADABLE_EVENT: (Resolution.MENDED,),
    CentralDebt.JOURNAL_BROKEN: (Resolution.MENDED,),
}
"""What may be done about each kind, likeliest first."""


@dataclass(frozen=True, slots=True)
class Person:
    """A patron as a librarian looks one up."""

    card: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownDebt:
    """A debt with what a person must know to settle it. `people` are those it concerns, by what they are in it."""

    id: str
    kind: CentralDebt
    item: str
    title: str
    branch: str
    station: str
    opened: datetime
    evidence: dict[str, Any]
    people: dict[str, Person]

    @property
    def for_technicians(self) -> bool:
        return self.kind in FOR_TECHNICIANS

    @property
    def resolutions(self) -> tuple[Resolution, ...]:
        return KINDS[self.kind]


_PEOPLE = ("patron", "later_patron", "held_for", "slip_named")


def open_debts(connection: Connection, network: str, branch: str = "", limit: int = 200) -> tuple[ShownDebt, ...]:
    """List what is to be settled, oldest first; of one branch, or of all."""
    copy = (items.c.network == debts.c.network) & (items.c.id == debts.c.item)
    record = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
    wanted = select(debts, titles.c.name.label("title")).outerjoin(items, copy).outerjoin(titles, record)
    wanted = wanted.where(debts.c.network == network, debts.c.closed.is_(None))
    if branch:
        wanted = wanted.where(debts.c.branch == branch)
    rows = connection.execute(wanted.order_by(debts.c.opened, debts.c.id).limit(limit)).all()
    named = {who for row in rows for who in _named(row).values()}
    of = select(patrons.c.id, patrons.c.card, patrons.c.given_name, patrons.c.family_name)
    people = {
        row.id: Person(row.card, f"{row.given_name} {row.family_name}".strip())
        for row in connection.execute(of.where(patrons.c.network == network, patrons.c.id.in_(named)))
    }
    return tuple(_shown(row, people) for row in rows)


def _named(row: Row[Any]) -> dict[str, str]:
    said = {"patron": row.patron, **{name: row.evidence.get(name) for name in _PEOPLE[1:]}}
    return {name: who for name, who in said.items() if isinstance(who, str) and who}


def _shown(row: Row[Any], people: Mapping[str, Person]) -> ShownDebt:
    return ShownDebt(
        id=row.id,
        kind=CentralDebt(row.kind),
        item=row.item,
        title=row.title or row.item,
        branch=row.branch,
        station=row.station,
        opened=row.opened,
        evidence=row.evidence,
        people={name: people[who] for name, who in _named(row).items() if who in people},
    )


def resolve(centre: Centre, debt: str, resolution: Resolution, by: str) -> bool:
    """Settle a debt; False when it was settled before, or that is no way to settle it. Raises: CentreUnavailable."""

    def settle(work: Connection) -> bool:
        ours = (debts.c.network == centre.network) & (debts.c.id == debt) & debts.c.closed.is_(None)
        row = work.execute(select(debts).where(ours).with_for_update()).one_or_none()
        if row is None or resolution not in KINDS[CentralDebt(row.kind)]:
            return False
        now = centre.now()
        _ACTS[resolution](_Case(work, centre.network, row, now))
        close_debt(work, centre.network, debt, by, resolution.value, now)
        details = {"kind": row.kind, "item": row.item, "resolution": resolution.value}
        audit.record(work, centre.network, who=by, action="settle-debt", subject=debt, details=details, now=now)
        return True

    return centre.carry_out(settle)


@dataclass(frozen=True, slots=True)
class _Case:
    work: Connection
    network: str
    debt: Row[Any]
    now: datetime

    def change_item(self, **values: object) -> None:
        ours = (items.c.network == self.network) & (items.c.id == self.debt.item)
        self.work.execute(update(items).where(ours).values(values))
        touch(self.work, self.network, Kind.ITEM, [self.debt.item])

    def end_loan(self, state: str) -> None:
        """End what the copy is on loan for; the hold of a copy nobody has waits for the next one."""
        ours = (loans.c.network == self.network) & (loans.c.item == self.debt.item) & (loans.c.state == "open")
        ended = list(self.work.execute(select(loans.c.id).where(ours)).scalars())
        self.work.execute(update(loans).where(ours).values(state=state, closed_at=self.now))
        touch(self.work, self.network, Kind.LOAN, ended)

    def free_holds(self) -> None:
        ours = (holds.c.network == self.network) & (holds.c.item == self.debt.item) & holds.c.closed_at.is_(None)
        waiting = list(self.work.execute(select(holds.c.id).where(ours)).scalars())
        self.work.execute(update(holds).where(ours).values(status="waiting", item=None, ready_at=None))
        touch(self.work, self.network, Kind.HOLD, waiting)


def _nothing(_case: _Case) -> None:
    """Nothing is to be done: it was looked at."""


def _found_here(case: _Case) -> None:
    case.end_loan("returned")
    case.change_item(status="available", location=case.debt.branch)


def _lost(case: _Case) -> None:
    case.free_holds()
    case.change_item(status="lost")


def _send_home(case: _Case) -> None:
    case.change_item(status="in-transit", location=case.debt.branch)


def _stays_here(case: _Case) -> None:
    case.change_item(status="available", branch=case.debt.branch, location=case.debt.branch)


def _waive_fees(case: _Case) -> None:
    if case.debt.patron is not None:
        ours = (patrons.c.network == case.network) & (patrons.c.id == case.debt.patron)
        case.work.execute(update(patrons).where(ours).values(fees=Decimal(0)))
        touch(case.work, case.network, Kind.PATRON, [case.debt.patron])


_ACTS: Mapping[Resolution, Callable[[_Case], None]] = {
    Resolution.SEEN: _nothing,
    Resolution.MENDED: _nothing,
    Resolution.FOUND_HERE: _found_here,
    Resolution.LOST: _lost,
    Resolution.SEND_HOME: _send_home,
    Resolution.STAYS_HERE: _stays_here,
    Resolution.WAIVE_FEES: _waive_fees,
}
