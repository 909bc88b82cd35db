"""Loans, open and lately closed. That a copy is never lent twice is the table's own law, not only the rules'."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from kiosk.circulation.model import ItemId, Loan, LoanId, PatronId
from kiosk.store.tables import loans


class LoanState(StrEnum):
    OPEN = "open"
    RETURNED = "returned"
    VOIDED = "voided"  # the copy never left: its gate bit could not be cleared


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """A loan, what became of it, and the row of the hold it ended."""

    loan: Loan
    state: LoanState
    fulfils: int | None = None


_IS_OPEN = text("loans.state = 'open'")  # literal, so that SQLite sees the condition of the partial indexes
_OPEN = select(loans).where(_IS_OPEN)
_OF_PATRON = _OPEN.where(loans.c.patron == bindparam("of")).order_by(loans.c.due, text("loans.rowid"))
_OF_ITEMS = _OPEN.where(loans.c.item.in_(bindparam("items", expanding=True)))
_BY_ID = select(loans).where(loans.c.id == bindparam("loan"))
_LEND = insert(loans)


class Loans:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_of_patron(self, patron: PatronId) -> tuple[Loan, ...]:
        """Find what the patron has on loan, in the order it falls due, then as it was lent."""
        return tuple(_loan(row) for row in self._connection.execute(_OF_PATRON, {"of": patron}))

    def open_of_items(self, items: Collection[ItemId]) -> dict[ItemId, Loan]:
        rows = self._connection.execute(_OF_ITEMS, {"items": list(items)})
        return {row.item: _loan(row) for row in rows}

    def record(self, loan: LoanId) -> LoanRecord | None:
        row = self._connection.execute(_BY_ID, {"loan": loan}).one_or_none()
        return None if row is None else LoanRecord(_loan(row), LoanState(row.state), row.fulfils)

    def was_lent_here(self, loan: LoanId) -> bool:
        """Whether this station made the loan; the others are known from the centre."""
        found = self._connection.execute(_BY_ID, {"loan": loan}).one_or_none()
        return found is not None and found.request_key is not None

    def lend(self, loan: Loan, request_key: str | None = None, fulfils: int | None = None) -> None:
        """Open *loan*. Raises sqlalchemy.exc.IntegrityError for a copy that is on loan: the rules must ask before."""
        row = {
            "id": loan.id,
            "request_key": request_key,
            "item": loan.item,
            "patron": loan.patron,
            "item_type": loan.item_type,
            "lent_at": loan.lent_at,
            "due": loan.due,
            "renewals": loan.renewals,
            "state": LoanState.OPEN,
            "fulfils": fulfils,
        }
        self._connection.execute(_LEND, row)

    def extend(self, loan: LoanId, due: date) -> None:
        """Renew: a new due date, and one renewal more."""
        changed = {"due": due, "renewals": loans.c.renewals + 1}
        self._connection.execute(update(loans).where(loans.c.id == loan).values(changed))

    def fall_due(self, loan: LoanId, due: date) -> None:
        """Put right the day a loan is due; no renewal."""
        self._connection.execute(update(loans).where(loans.c.id == loan).values(due=due))

    def close(self, loan: LoanId, state: LoanState, at: datetime) -> None:
        self._connection.execute(update(loans).where(loans.c.id == loan).values(state=state, closed_at=at))


def _loan(row: Row[Any]) -> Loan:
    return Loan(row.id, row.item, row.patron, row.item_type, row.lent_at, row.due, row.renewals)
