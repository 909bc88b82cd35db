"""Which version of the tables a central database has, and how it gets to ours."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from kiosk.central.errors import SchemaTooNew

HEAD = "0007"
"""The version of the tables this program works with: the newest file in `migrations/versions`."""
_LOCK = 7_310_045_872_001
"""Advisory lock held while tables are made or changed: of several copies that start at once, one does it."""


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or bring them to HEAD, in one transaction. Raises: SchemaTooNew - nothing was changed."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = version_of(connection)
        if version is not None and version > HEAD:
            raise SchemaTooNew(f"the database is of version {version}, this program knows up to {HEAD}: update it")
        if version != HEAD:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)


def version_of(connection: Connection) -> str | None:
    """Say which version the tables are of; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()
