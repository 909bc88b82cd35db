"""The door to the ledger: one question or decision at a time, booked at one moment, whole or not at all."""

import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.library.local.desk import Desk
from kiosk.library.port import LibraryUnreachable
from kiosk.store.clock import Moment, TrustedClock, time_server_agrees
from kiosk.store.engine import Store
from kiosk.store.errors import StoreError
from kiosk.store.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class AtTheDesk:
    """Decides and looks at *store* with a desk of *make_desk*. Raises LibraryUnreachable when the ledger refuses.

    Without a *clock*, one is made that is not trusted behind the latest journal row.
    """

    def __init__(
        self, store: Store, make_desk: Callable[[UnitOfWork], Desk], clock: TrustedClock | None = None
    ) -> None:
        self._store = store
        self._make_desk = make_desk
        self._clock = clock or TrustedClock(last_durable=store.last_durable(), synchronised=time_server_agrees)

    def decide(self, decision: Callable[[Desk], Answer]) -> Answer:
        """Carry *decision* out in one transaction; durable when this returns."""
        answer = self.with_store(
            lambda store, moment: store.carry_out(lambda work: decision(self._make_desk(work)), moment)
        )
        self._store.reserve_room()
        return answer

    def look(self, question: Callable[[Desk], Answer]) -> Answer:
        """Answer *question* from the ledger as it is; nothing is written."""

        def ask(store: Store, moment: Moment) -> Answer:
            with store.reading(moment) as work:
                return question(self._make_desk(work))

        return self.with_store(ask)

    def with_store(self, ask: Callable[[Store, Moment], Answer]) -> Answer:
        """Do something of several transactions that belong to one moment."""
        moment = self._clock.now()
        try:
            return ask(self._store, moment)
        except StoreError as error:
            logger.exception("the ledger refused")
            raise LibraryUnreachable(f"the station's ledger cannot be used: {error}") from error
