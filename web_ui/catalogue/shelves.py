"""The shelves of the front page, asked for once a minute: each is a look over all titles."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from kiosk.central.centre import Centre
from kiosk.central.circulation.records import Listed, Shelf, newest_on

FRESH = timedelta(minutes=1)
ON_A_SHELF = 12

Shelves = tuple[tuple[Shelf, tuple[Listed, ...]], ...]


class FrontShelves:
    """Used by many threads: one asks while the others wait for what it hears."""

    def __init__(self, centre: Centre, children_at: Sequence[str]) -> None:
        self._centre = centre
        self._children_at = children_at
        self._asking = Lock()
        self._kept: tuple[datetime, Shelves] | None = None

    def now(self) -> Shelves:
        """Say what stands on the shelves that are not empty. Raises: CentreUnavailable."""
        with self._asking:
            at = self._centre.now()
            if self._kept is None or not timedelta(0) <= at - self._kept[0] < FRESH:
                self._kept = at, self._ask()
            return self._kept[1]

    def _ask(self) -> Shelves:
        shelves = ((shelf, newest_on(self._centre, shelf, ON_A_SHELF, self._children_at)) for shelf in Shelf)
        return tuple((shelf, shown) for shelf, shown in shelves if shown)
