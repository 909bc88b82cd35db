"""One decision: what it reads and writes is kept whole or not at all. Knows no rule and no table by itself."""

from contextlib import ExitStack, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from kiosk.store.clock import Moment
from kiosk.store.debts import Answers, Debts
from kiosk.store.dispatches import Dispatches
from kiosk.store.errors import is_refusal, store_error
from kiosk.store.guests import Guests
from kiosk.store.intents import Intents, Returns
from kiosk.store.items import Holds, Items
from kiosk.store.journal import Journal, Run
from kiosk.store.keeping import forget_closed
from kiosk.store.loans import Loans
from kiosk.store.patrons import Patrons
from kiosk.store.proofs import Proofs
from kiosk.store.tags import Tags
from kiosk.store.turns import Turns

PATIENCE = 2.0
"""Seconds a decision waits for another thread of this program to finish writing; a step of the sync takes 20 ms."""


class UnitOfWork:
    """A transaction in the words of the trade. Leaving it rolls back, unless `commit()` was said before.

    `BEGIN IMMEDIATE` for one that writes: it waits for other writers at the door, never half way. What SQLite
    refuses leaves as a StoreError. `moment` is the one time everything in it is booked at.
    """

    patrons: Patrons
    proofs: Proofs
    items: Items
    holds: Holds
    loans: Loans
    intents: Intents
    returns: Returns
    debts: Debts
    answers: Answers
    dispatches: Dispatches
    guests: Guests
    tags: Tags
    journal: Journal

    def __init__(self, engine: Engine, moment: Moment, run: Run, turns: Turns | None) -> None:
        """With *turns* it writes, when it is its turn; without, it only looks."""
        self.moment = moment
        self.run = run
        self._engine = engine
        self._begin = "BEGIN" if turns is None else "BEGIN IMMEDIATE"
        self._turn = nullcontext() if turns is None else turns.mine(PATIENCE)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._turn)
            try:
                self._connection = stack.enter_context(self._engine.connect().execution_options(begin=self._begin))
                self._connection.begin()
            except Exception as error:
                raise self._refused(error) from error
            self._lay_out()
            self._open = stack.pop_all()
        return self

    def _lay_out(self) -> None:
        connection, at = self._connection, self.moment.at
        self.patrons = Patrons(connection)
        self.proofs = Proofs(connection)
        self.items = Items(connection)
        self.holds = Holds(connection)
        self.loans = Loans(connection)
        self.intents = Intents(connection, self.run.epoch, at)
        self.returns = Returns(connection, at)
        self.debts = Debts(connection, at)
        self.answers = Answers(connection, at)
        self.dispatches = Dispatches(connection, at)
        self.guests = Guests(connection)
        self.tags = Tags(connection, at)
        self.journal = Journal(connection, self.moment, self.run)

    def forget_closed(self, before: datetime) -> None:
        """Delete what was closed earlier than *before*: closed loans, settled intents, old answers."""
        forget_closed(self._connection, before)

    def commit(self) -> None:
        """Make it durable: on the disk when this returns. Raises: StoreError - nothing was kept."""
        try:
            self._connection.commit()
        except Exception as error:
            raise self._refused(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()  # rolls back what was not committed, and lets the next one write
        if is_refusal(error):
            assert error is not None
            raise store_error(error) from error

    @staticmethod
    def _refused(error: Exception) -> Exception:
        return store_error(error) if is_refusal(error) else error
