"""Opening a database: a new one, an old one, a newer one, a damaged one; and never one in place of another unasked."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kiosk.circulation.model import Title, TitleId
from kiosk.store import Moment, StoreError, StoreSetAside, StoreTooNew, open_store
from kiosk.store import schema as store_schema
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from kiosk.store.schema import HEAD
from kiosk.store.seed import Stock, seed
from kiosk.store.set_aside import find_set_aside
from kiosk.store.tables import metadata

GOLDEN = Path(__file__).parents[1] / "golden"
NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)


def pragma(path: Path, name: str) -> object:
    with closing(open_store(path)) as store:
        return store.look(lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar())


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 2000)]
)
def test_what_is_durable_is_durable(tmp_path: Path, name: str, value: object) -> None:
    assert pragma(tmp_path / "station.db", name) == value


SEARCH = ("title_search", "title_fts", "search_words", "word_fts")
"""What the search engine keeps beside the tables: it lays that down itself."""


def of_our_own(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or not str(name).startswith(SEARCH)


def test_a_new_database_has_exactly_the_tables_the_program_works_with(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "station.db")) as store:

        def differences(connection: object) -> list[object]:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": of_our_own})  # type: ignore[arg-type]
            return list(compare_metadata(context, metadata))

        assert store.look(differences) == []


def test_the_tables_are_laid_down_word_for_word_as_the_program_says(tmp_path: Path) -> None:
    """Checks and partial indexes too, which a comparison of columns does not see."""
    by_program, by_migration = tmp_path / "a.db", tmp_path / "b.db"
    open_store(by_migration).close()
    with closing(sqlite3.connect(by_program)) as connection:
        for statement in made_by_program():
            connection.execute(statement)

    assert laid_down(by_program) == laid_down(by_migration)


def made_by_program() -> list[str]:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    tables = [CreateTable(table) for table in metadata.sorted_tables]
    indexes = [CreateIndex(index) for table in metadata.sorted_tables for index in table.indexes]
    return [str(made.compile(dialect=sqlite.dialect())) for made in (*tables, *indexes)]


def laid_down(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE sql IS NOT NULL AND name NOT IN ('alembic_version', 'sqlite_sequence')"
        )
        return {frozenset(definitions(sql)) for name, sql in rows if not name.startswith(SEARCH)}


def definitions(sql: str) -> list[str]:
    """What a statement lays down, in pieces: a column added later stands behind the constraints, and means the same."""
    text = "".join(sql.replace('"', "").split())
    return re.split(r",(?![^(]*\))", text.removesuffix("WITHOUTROWID").removesuffix(")").replace("(", ",(", 1))


def test_the_version_the_program_works_with_is_the_newest_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store_schema.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    versions = [script.revision for script in scripts.walk_revisions()]

    assert versions == [store_schema.HEAD, *reversed(store_schema.OLDER)]


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("store-*.db")), ids=lambda path: path.stem)
def test_a_database_of_every_released_version_opens_with_all_it_holds(tmp_path: Path, golden: Path) -> None:
    path = shutil.copy(golden, tmp_path / "station.db")

    with closing(open_store(path)) as store, store.reading(NOON) as work:
        assert work.journal.first_break() is None
        assert [entry.type for entry in work.journal.entries()] == [
            EventType.LENT,
            EventType.GATE_SET,
            EventType.LENT,
            EventType.RETURNED,
        ]
        assert set(work.loans.open_of_items(["eneida", "opera", "zapovit", "kobzar"])) == {
            "eneida",
            "opera",
            "zapovit",
        }
        assert [debt.kind for debt in work.debts.all_open()] == [DebtKind.GATE_NOT_ARMED]
        assert len(work.intents.left_by_earlier_runs()) == 3


def test_opening_a_database_that_is_up_to_date_imports_no_migrations(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    open_store(path).close()
    question = (
        "import sys; from pathlib import Path; from kiosk.store import open_store;"
        "open_store(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)"
    )

    asked = subprocess.run([sys.executable, "-c", question, str(path)], check=False)

    assert asked.returncode == 0


def test_a_database_of_a_newer_program_is_left_alone_and_named(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")

    with pytest.raises(StoreTooNew, match=f"is of version 0999, this program knows up to {HEAD}"):
        open_store(path)

    assert [kept.name for kept in tmp_path.glob("*.broken-*")] == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "file" / "station.db")


def test_a_path_that_is_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)


# --- damage ---------------------------------------------------------------------------------------------


def with_work(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.carry_out(lambda work: work.journal.record(EventType.LENT, {}), NOON)


def damage(path: Path) -> None:
    """Write nonsense over every page but the first, so that it is a database still and cannot be read."""
    raw = bytearray(path.read_bytes())
    raw[4096:] = os.urandom(len(raw) - 4096)
    path.write_bytes(raw)


@pytest.mark.parametrize("content", [b"this is no database " * 300, None], ids=["no database", "torn pages"])
def test_a_damaged_database_is_kept_and_nothing_is_begun_in_its_place(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "station.db"
    with_work(path)
    path.write_bytes(content) if content else damage(path)
    damaged = path.read_bytes()

    with pytest.raises(StoreSetAside, match="It may hold loans") as told:
        open_store(path)

    assert told.value.kept_at.read_bytes() == damaged
    assert not path.exists()


def test_however_often_the_station_starts_it_never_forgets_that_it_had_a_database(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with_work(path)
    damage(path)
    with pytest.raises(StoreSetAside) as first:
        open_store(path)

    with pytest.raises(StoreSetAside) as second:
        open_store(path)

    assert second.value.kept_at == first.value.kept_at


def test_a_technician_may_begin_anew_and_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with_work(path)
    damage(path)
    with pytest.raises(StoreSetAside) as told:
        open_store(path)

    open_store(path, begin_anew=True).close()

    open_store(path).close()
    assert told.value.kept_at.exists()


def test_a_damaged_database_that_held_nothing_to_lose_is_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with closing(open_store(path)) as store:
        seed(store, Stock(titles=[Title(TitleId(f"t{n}"), f"Title {n} " * 20) for n in range(300)]))
    raw = bytearray(path.read_bytes())
    last = len(raw) - 4096
    raw[last:] = os.urandom(4096)
    path.write_bytes(raw)

    with closing(open_store(path)) as store, store.reading(NOON) as work:
        assert work.items.titles([TitleId("t1")]) == {}

    kept = find_set_aside(path)
    assert kept is not None
    assert kept.read_bytes() == raw
