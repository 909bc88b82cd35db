import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.central.centre import open_centre
from tests.central.circulation.stand import Network
from tests.central_bench import NETWORK
from tests.web_ui_catalogue.city import app_of, city_policies, settle


@pytest.fixture(scope="session")
def settled_file(empty_central_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the whole city in it, to be copied."""
    path = tmp_path_factory.mktemp("city") / "city.db"
    shutil.copy(empty_central_file, path)
    centre = open_centre(f"sqlite:///{path}", NETWORK)
    settle(centre)
    centre.close()
    return path


@pytest.fixture
def city(settled_file: Path, tmp_path: Path) -> Iterator[Network]:
    shutil.copy(settled_file, tmp_path / "city.db")
    centre = open_centre(f"sqlite:///{tmp_path}/city.db", NETWORK)
    yield Network(centre, city_policies())
    centre.close()


@pytest.fixture
def app(city: Network) -> Flask:
    return app_of(city)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """The browser of somebody who is not signed in."""
    return app.test_client()
