"""How long the journal is kept: what the centre has goes after 35 days, longer than any backup it is restored from."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.store.clock import Moment
from kiosk.store.engine import Store
from kiosk.store.journal import Journal

log = logging.getLogger(__name__)

KEPT = timedelta(days=35)
EVERY = timedelta(days=1)


class Keeping:
    """Forgets, once a day. For one thread."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._last: datetime | None = None

    def when_due(self) -> int:
        """Forget what is old, if a day went by; says how many rows. Raises: StoreError."""
        at = self._now()
        if self._last is not None and at - self._last < EVERY:
            return 0
        self._last = at
        moment = Moment(at, 0.0)
        forgotten = self._store.look(lambda connection: Journal(connection, moment, self._store.run).forget(at - KEPT))
        if forgotten:
            log.info("%d journal rows older than %d days were forgotten: the centre has them", forgotten, KEPT.days)
        return forgotten
