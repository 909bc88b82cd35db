"""`kiosk enrol`: a code, a key of the station's own, and clear words when it cannot be."""

import re
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.central.centre import Centre, open_centre
from kiosk.central.enrolment import make_code
from kiosk.cli import main
from kiosk.sync.enrolling import is_in_the_clear
from kiosk.sync.key import enrolled
from tests.central_bench import NETWORK
from tests.sync.served import POLICIES, ServedCentre, served

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    network = folder / "network.toml"
    ledger = tmp_path / "station.db"
    network.write_text(network.read_text().replace("/var/lib/littera/station.db", str(ledger)))
    return folder


@pytest.fixture
def centre(empty_central_file: Path, tmp_path: Path) -> Iterator[Centre]:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    yield opened
    opened.close()


@pytest.fixture
def at(centre: Centre) -> Iterator[ServedCentre]:
    with served(centre) as one:
        yield one


def enrol(config: Path, code: str, url: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["enrol", code, url, "--config", str(config), "--branch", "music", *more])


def test_a_station_makes_its_own_key_and_is_known_from_then_on(
    config: Path, centre: Centre, at: ServedCentre, tmp_path: Path
) -> None:
    code = make_code(centre, POLICIES, "music", "hall", "oksana")

    said = enrol(config, code, at.url)

    assert said.exit_code == 0, said.output
    assert "enrolled as music.hall of zhytomyr" in said.output
    found = enrolled(tmp_path / "station.db.key")
    assert found is not None
    assert found[1].station == "music.hall"
    assert stat.S_IMODE((tmp_path / "station.db.key").stat().st_mode) == 0o600


def test_a_code_works_once(config: Path, centre: Centre, at: ServedCentre) -> None:
    code = make_code(centre, POLICIES, "music", "hall", "oksana")
    enrol(config, code, at.url)

    said = enrol(config, code, at.url, "--anew")

    assert said.exit_code == 1
    assert "the code was used" in said.output


def test_a_code_that_is_too_old_or_mistyped_says_so(config: Path, centre: Centre, at: ServedCentre) -> None:
    code = make_code(centre, POLICIES, "music", "hall", "oksana")
    began = centre.now()
    centre.now = lambda: began + timedelta(minutes=16)

    late, mistyped = enrol(config, code, at.url), enrol(config, "AAAA-BBBB-CCCC", at.url)

    assert re.search("quarter of an hour", late.output)
    assert re.search("no such code", mistyped.output)


def test_a_code_for_another_branch_enrols_nobody(
    config: Path, centre: Centre, at: ServedCentre, tmp_path: Path
) -> None:
    code = make_code(centre, POLICIES, "central", "hall", "oksana")

    said = enrol(config, code, at.url)

    assert "made for branch central" in said.output
    assert enrolled(tmp_path / "station.db.key") is None


def test_an_enrolled_station_is_not_enrolled_again_by_mistake(config: Path, centre: Centre, at: ServedCentre) -> None:
    enrol(config, make_code(centre, POLICIES, "music", "hall", "oksana"), at.url)

    said = enrol(config, make_code(centre, POLICIES, "music", "hall", "oksana"), at.url)

    assert said.exit_code == 1
    assert "--anew" in said.output


def test_a_centre_that_is_not_there_is_told_plainly(config: Path) -> None:
    said = enrol(config, "AAAA-BBBB-CCCC", "http://127.0.0.1:9")

    assert said.exit_code == 1
    assert "cannot be reached" in said.output


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("https://centre.example.org", False),
        ("http://127.0.0.1:8090", False),
        ("http://[::1]:8090", False),
        ("http://centre.example.org", True),
        ("http://192.168.1.4:8090", True),
    ],
)
def test_an_address_anybody_on_the_network_can_read_along_is_told(url: str, *, readable: bool) -> None:
    assert is_in_the_clear(url) is readable
