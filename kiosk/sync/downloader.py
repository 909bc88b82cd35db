"""Changes come down: a long poll, page by page, each taken in whole with the place it leads to.

Where the centre does not know that place any more (restored, or we were away too long) a snapshot is taken, then the
changes since it. The station works all the while.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from kiosk.store.engine import Store
from kiosk.store.replica.centres import begin_anew, meet
from kiosk.store.replica.pages import take_page
from kiosk.store.replica.position import Position, position_of
from kiosk.store.replica.rows import Malformed
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.errors import CursorGone
from kiosk.sync.line import LONG_POLL, Line
from kiosk.sync.snapshot import SnapshotFetch
from kiosk.sync.weather import Weather
from kiosk.wire.messages import Page

log = logging.getLogger(__name__)

PAGE = 500
"""Changes in one page: one short transaction, so that the desk never waits for it."""


class Downloader:
    """Takes in what is new. For one thread."""

    def __init__(self, store: Store, line: Line, clock: CentreClock, weather: Weather, folder: Path) -> None:
        """*folder* keeps the parts of a snapshot while it is fetched."""
        self._store = store
        self._line = line
        self._clock = clock
        self._weather = weather
        self.beat: Callable[[], None] = lambda: None
        self._snapshot = SnapshotFetch(store, line, clock, folder, lambda: self.beat())  # noqa: PLW0108 - set later

    def take_next(self, wait: float = LONG_POLL) -> bool:
        """Take in the next page, or a snapshot first; say whether there is more at once.

        Raises: SyncError, StoreError, Malformed - the station stands where it stood.
        """
        place = position_of(self._store)
        if not place.cursor:
            self._snapshot.take_in(self._weather)
            return True
        try:
            page = self._line.changes(place.cursor, PAGE, wait)
        except CursorGone:
            log.warning("the centre does not know where we stand: a snapshot is taken")
            begin_anew(self._store)
            self._weather.doubt()
            return True
        if meet(self._store, page.incarnation):
            self._weather.clear_up()  # it has to be told what it lacks
            return True
        self._take(place, page)
        return page.more

    def _take(self, place: Position, page: Page) -> None:
        try:
            take_page(self._store, page, place, self._clock.now())
        except Malformed as bad:
            self._weather.note(download=str(bad))
            raise
        self._weather.note(download="")
