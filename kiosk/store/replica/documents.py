"""Settings pushed to stations, notices for patrons and keys of stations, kept word for word until they are wanted."""

from collections.abc import Collection

from kiosk.store.replica.ground import Ground, Told, upsert
from kiosk.wire.messages import COLUMNS, Kind

_PUT_SETTINGS = upsert("settings_documents", COLUMNS[Kind.SETTINGS])
_PUT_NOTICE = upsert("notices", COLUMNS[Kind.NOTICE])

_PUT_KEY = upsert("station_keys", COLUMNS[Kind.STATION_KEY])


def put_keys(ground: Ground, told: Told) -> None:
    ground.connection.executemany(_PUT_KEY, told.values())


def drop_keys(ground: Ground, keys: Collection[str]) -> None:
    ground.connection.executemany("DELETE FROM station_keys WHERE id = ?", [(key,) for key in keys])


def put_settings(ground: Ground, told: Told) -> None:
    ground.connection.executemany(_PUT_SETTINGS, told.values())


def put_notices(ground: Ground, told: Told) -> None:
    ground.connection.executemany(_PUT_NOTICE, told.values())


def drop_settings(ground: Ground, keys: Collection[str]) -> None:
    ground.connection.executemany("DELETE FROM settings_documents WHERE target = ?", [(key,) for key in keys])


def drop_notices(ground: Ground, keys: Collection[str]) -> None:
    ground.connection.executemany("DELETE FROM notices WHERE id = ?", [(key,) for key in keys])
