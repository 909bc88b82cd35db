"""A centre for tests: the same tests run on SQLite and on PostgreSQL. Loaded as a plugin by tests/conftest.py."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.central.centre import Centre, open_centre
from kiosk.central.incarnations import check_fingerprint
from kiosk.central.schema import bring_up_to_date
from tests.postgres import Cluster, cluster_running

NETWORK = "zhytomyr"


def _make_tables(url: str) -> None:
    centre = open_centre(url, NETWORK)
    bring_up_to_date(centre.engine)
    check_fingerprint(centre)
    centre.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process."""
    with cluster_running() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def empty_central_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the central tables, to be copied."""
    path = tmp_path_factory.mktemp("central") / "empty.db"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """A PostgreSQL database with the central tables, empty."""
    url = postgres.fresh("central", _make_tables)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def central_url(request: pytest.FixtureRequest, empty_central_file: Path, tmp_path: Path) -> str:
    """An empty central database of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    shutil.copy(empty_central_file, tmp_path / "central.db")
    return f"sqlite:///{tmp_path}/central.db"


@pytest.fixture
def centre(central_url: str) -> Iterator[Centre]:
    """An empty centre on each kind of database."""
    opened = open_centre(central_url, NETWORK)
    yield opened
    opened.close()
