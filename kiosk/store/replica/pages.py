"""One page of the feed, taken in whole or not at all, together with the place it leads to."""

import sqlite3
from datetime import datetime

from kiosk.store.engine import Store
from kiosk.store.replica.apply import lay_down
from kiosk.store.replica.ground import Ground
from kiosk.store.replica.overlay import Overlay
from kiosk.store.replica.position import Position, driver_of, position, stand_at
from kiosk.store.replica.rows import moment
from kiosk.wire.messages import Page


def take_page(store: Store, page: Page, asked: Position, at: datetime) -> bool:
    """Take in what the centre answered to *asked*; False, and nothing changed, when the station stands elsewhere.

    Raises: Malformed, StoreError - nothing was taken in.
    """
    return store.look(lambda connection: _take(driver_of(connection), page, asked, at))


def _take(connection: sqlite3.Connection, page: Page, asked: Position, at: datetime) -> bool:
    if position(connection) != asked or page.incarnation != asked.incarnation:
        return False
    overlay = Overlay(page.heard)
    overlay.follow(connection)
    lay_down(Ground(connection, overlay, moment(at.isoformat())), page.changes)
    stand_at(connection, Position(page.incarnation, page.cursor))
    return True
