"""The central tables are what the program works with, also in a database of an earlier release."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text

from kiosk.central import schema
from kiosk.central.centre import Centre, open_centre
from kiosk.central.tables import items, loans, metadata, patrons, titles
from tests.central_bench import NETWORK
from tests.postgres import Cluster

GOLDEN = Path(__file__).parents[1] / "golden"
VERSIONS = sorted(path.stem for path in GOLDEN.glob("central-*.db"))


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, version: str, tmp_path: Path, postgres: Cluster) -> Iterator[str]:
    """A database as a released version left it."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(GOLDEN / f'{version}.db', tmp_path / 'central.db')}"
        return
    url = postgres.fresh()
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute((GOLDEN / f"{version}.sql").read_text(encoding="utf-8"))  # type: ignore[call-overload]
    yield url
    postgres.drop(url)


def differences(connection: Connection) -> list[object]:
    def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        """Leave out what the search engines of either database keep beside the tables."""
        table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
        return table in metadata.tables and not (kind == "index" and reflected and other is None)

    options = {"compare_type": True, "include_object": ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_a_new_database_has_the_tables_the_program_works_with(centre: Centre) -> None:
    assert centre.look(differences) == []


def test_a_database_of_an_earlier_release_is_upgraded_with_all_it_holds(old_url: str) -> None:
    centre = open_centre(old_url, NETWORK)

    schema.bring_up_to_date(centre.engine)

    assert centre.look(schema.version_of) == schema.HEAD
    assert centre.look(differences) == []
    assert centre.look(
        lambda work: [
            work.execute(select(func.count()).select_from(t)).scalar() for t in (titles, items, patrons, loans)
        ]
    ) == [2, 2, 2, 1]
    centre.close()


def test_bringing_up_to_date_twice_changes_nothing(centre: Centre) -> None:
    schema.bring_up_to_date(centre.engine)

    assert centre.look(schema.version_of) == schema.HEAD


def test_a_database_of_a_newer_program_is_left_alone(centre: Centre) -> None:
    centre.carry_out(lambda work: work.execute(text("UPDATE alembic_version SET version_num = '0999'")))

    with pytest.raises(schema.SchemaTooNew, match="is of version 0999"):
        schema.bring_up_to_date(centre.engine)


def test_the_version_the_program_works_with_is_the_newest_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD
