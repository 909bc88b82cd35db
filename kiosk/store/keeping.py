"""How long the station remembers: closed loans and what belonged to them go; what is open or owed stays.

The journal keeps the facts for the centre and is forgotten by its own rule (`Journal.forget`).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from kiosk.store.dispatches import forget_dispatches
from kiosk.store.tables import answers, debts, holds, intents, loans, returns


def forget_closed(connection: Connection, before: datetime) -> None:
    """Delete what was closed earlier than *before*, so that no reading history gathers at a station."""
    old_loan = (loans.c.state != "open") & (loans.c.closed_at < before)
    connection.execute(delete(intents).where(_settled(before), _of_no_loan_but(old_loan)))
    unreferenced = ~select(intents.c.id).where(intents.c.loan == loans.c.id).exists()
    connection.execute(delete(loans).where(old_loan, unreferenced))
    connection.execute(delete(returns).where(returns.c.closed < before))
    connection.execute(delete(answers).where(answers.c.given < before))
    connection.execute(delete(debts).where(debts.c.closed < before))
    forget_dispatches(connection, before)
    ended = ~select(loans.c.id).where(loans.c.fulfils == holds.c.id).exists()
    connection.execute(delete(holds).where(holds.c.closed_at < before, ended))


def _settled(before: datetime) -> ColumnElement[bool]:
    return intents.c.state.in_(("done", "voided")) & (intents.c.settled < before)


def _of_no_loan_but(old_loan: ColumnElement[bool]) -> ColumnElement[bool]:
    """An open loan keeps its intents: they say which tags went out with it."""
    return intents.c.loan.is_(None) | intents.c.loan.in_(select(loans.c.id).where(old_loan))
