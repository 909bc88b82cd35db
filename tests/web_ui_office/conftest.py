import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.central import staff
from kiosk.central.centre import Centre, open_centre
from kiosk.central.fleet import note
from kiosk.wire.messages import DeviceHealth, Heartbeat
from tests.central.ingest.stand import Teller, furnish
from tests.central_bench import NETWORK
from tests.web_ui_office.stand import CONFIG, PASSWORD, office_policies
from web_ui.central import Serving, create_central_app
from web_ui.texts import Texts


@pytest.fixture(scope="session")
def furnished_file(empty_central_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with three kinds of staff, two stations of which one is in trouble, debts, and figures."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    shutil.copy(empty_central_file, path)
    centre = open_centre(f"sqlite:///{path}", NETWORK)
    furnish(centre)
    for role in staff.ROLES:
        staff.add(centre, staff.Member(role, f"Ім’я {role}", role), PASSWORD, "test")
    _stations(centre)
    central, music = Teller(centre, "central"), Teller(centre, "music")
    lent = central.lent(0, "i1", "p1")
    music.lent(10, "i1", "p2")
    music.returned(20, "i2", notes=["not-on-loan"])
    central.returned(30, "i3", lent, "p1")
    counts = {"reads": 9, "retries": 2, "weak": 0, "unread": 3, "gate_retries": 0, "gate_failed": 0}
    music.tell("tags-read", 35, readings=[{"tag": "E0040100AABBCC01", "item": "i1", **counts}])
    for one, kind in ((central, "borrow"), (music, "return")):
        one.tell("visit-ended", 40, kind=kind, age_group="child", refusals={"fees": 3, "loan-limit": 1})
        one.upload()
    centre.close()
    return path


def _stations(centre: Centre) -> None:
    from sqlalchemy import insert

    from kiosk.central.tables import stations

    for branch, name in (("central", "hall"), ("music", "hall"), ("children-1", "hall")):
        row = {"id": f"{branch}.{name}", "branch": branch, "name": name, "public_key": "x", "enrolled_by": "test"}
        values = {"network": NETWORK, **row, "lends": True, "enrolled_at": centre.now()}
        centre.carry_out(lambda work, values=values: work.execute(insert(stations), values))
    well = Heartbeat(version="0.2.0", visits=31, devices=(DeviceHealth(kind="pad", driver="feig", ok=True),))
    ill = well.model_copy(
        update={"queue": 214, "paper": "out", "devices": (DeviceHealth(kind="pad", driver="feig", ok=False),)}
    )
    for station, said in (("central.hall", well), ("music.hall", ill)):
        centre.carry_out(lambda work, s=station, h=said: note(work, NETWORK, s, h, centre.now()))


@pytest.fixture
def office(furnished_file: Path, tmp_path: Path) -> Iterator[Centre]:
    shutil.copy(furnished_file, tmp_path / "office.db")
    centre = open_centre(f"sqlite:///{tmp_path}/office.db", NETWORK)
    yield centre
    centre.close()


@pytest.fixture
def app(office: Centre) -> Flask:
    texts = {domain: Texts.load(domains=(domain,)) for domain in ("catalogue", "office")}
    return create_central_app(office, office_policies(), texts, Serving(config_dir=CONFIG))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()
