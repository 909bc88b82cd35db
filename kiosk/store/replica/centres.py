"""Which centre the station speaks with. Another incarnation has to be told everything, and tells everything anew."""

import json
import sqlite3

from sqlalchemy import Connection

from kiosk.store.engine import Store
from kiosk.store.outbox import acknowledge, acknowledge_nothing
from kiosk.store.replica.overlay import MOST_EPOCHS
from kiosk.store.replica.position import Position, driver_of, position, position_of, said, say, stand_at

_GIVEN = "sync-acknowledged"
"""What the present centre acknowledged, by epoch, the latest last."""


def meet(store: Store, incarnation: str) -> bool:
    """Note who answered; True when it is another centre than before, and everything begins anew.

    Raises: StoreError - nothing was changed.
    """
    if position_of(store).incarnation == incarnation:
        return False
    return store.look(lambda connection: _meet(connection, incarnation))


def heard(store: Store, incarnation: str, epoch: str, have: int) -> bool:
    """Note that *incarnation* has everything of *epoch* up to *have*; False when another one answers meanwhile."""

    def note(connection: Connection) -> bool:
        if position(driver_of(connection)).incarnation != incarnation:
            return False
        acknowledge(connection, epoch, have)
        driver = driver_of(connection)
        given = {name: had for name, had in _acknowledged(driver).items() if name != epoch} | {epoch: have}
        say(driver, _GIVEN, json.dumps(dict(list(given.items())[-MOST_EPOCHS:])))
        return True

    return store.look(note)


def vouched(store: Store, epoch: str, before: int) -> str:
    """Say which centre acknowledged everything of *epoch* before that number itself; "" when none did."""

    def look(connection: Connection) -> str:
        driver = driver_of(connection)
        given = _acknowledged(driver).get(epoch, -1)
        return position(driver).incarnation if before > 1 and given >= before - 1 else ""

    return store.look(look, writes=False)


def begin_anew(store: Store) -> None:
    """Forget the cursor: the centre no longer knows it, and a snapshot is due."""
    store.look(_forget_cursor)


def _meet(connection: Connection, incarnation: str) -> bool:
    driver = driver_of(connection)
    before = position(driver).incarnation
    if before == incarnation:
        return False
    acknowledge_nothing(connection)
    say(driver, _GIVEN, "")
    stand_at(driver, Position(incarnation))
    return before != ""


def _forget_cursor(connection: Connection) -> None:
    driver = driver_of(connection)
    stand_at(driver, Position(position(driver).incarnation))


def _acknowledged(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(json.loads(said(connection, _GIVEN) or "{}"))
