"""Which version of the tables a file has, and how it gets to ours. Alembic is slow to import: only when needed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy import text as sql

from kiosk.store.errors import StoreTooNew, is_refusal, store_error
from kiosk.store.tables import journal, loans, returns

HEAD = "0009"
"""The version of the tables this program works with: the newest file in `migrations/versions`."""
OLDER: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Versions that can be brought to HEAD."""


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Bring the database to HEAD in one transaction. Raises: StoreTooNew; StoreError - it is as it was."""
    try:
        version = _version(engine)
        if version in (None, *OLDER):
            with engine.begin() as connection:
                _migrate(connection)
            version = HEAD
    except Exception as error:
        if is_refusal(error):
            raise store_error(error) from error
        raise
    if version != HEAD:
        raise StoreTooNew(f"{path} is of version {version}, this program knows up to {HEAD}: install the newer program")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second; a start has no time for it
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def holds_work(path: Path) -> bool:
    """Say whether a damaged file may hold loans, returns or journal rows; True when it cannot be told."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = [
                connection.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone()  # noqa: S608 - our own names
                for table in (loans, returns, journal)
            ]
    except sqlite3.Error:
        return True
    return any(found)
