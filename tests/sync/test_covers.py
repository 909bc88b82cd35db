"""Covers on their way from the centre's import to a station's screens."""

import io
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Response
from PIL import Image
from sqlalchemy import select

from kiosk.central.catalogue.covers import Cover, keep_cover
from kiosk.central.catalogue.small_covers import HIGH, MOST_BYTES, WIDE
from kiosk.central.centre import Centre, open_centre
from kiosk.central.enrolment import make_code
from kiosk.central.tables import covers
from kiosk.store import open_store
from kiosk.sync.covers import fetching
from kiosk.sync.enrolling import Applicant, enrol
from kiosk.sync.line import Place
from tests.central_bench import NETWORK
from tests.flows.station_program import station_program
from tests.library.desk_stand import DeskStand
from tests.sync.knowing import know
from tests.sync.served import POLICIES, Calendar, SpeakingStation, served

GREY = 128
PATIENCE = 10.0


def photograph() -> bytes:
    """A large picture that packs badly: noise, as a scanned cover is to a codec."""
    png = io.BytesIO()
    Image.effect_noise((900, 1200), GREY).save(png, "PNG")
    return png.getvalue()


@pytest.fixture
def centre(empty_central_file: Path, tmp_path: Path) -> Iterator[Centre]:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    know(opened)
    yield opened
    opened.close()


@pytest.fixture
def station(centre: Centre, tmp_path: Path) -> Iterator[SpeakingStation]:
    centre.now = Calendar()
    desk = DeskStand(tmp_path / "station.db")
    with served(centre) as at:
        one = SpeakingStation(desk.store, at.url, tmp_path)
        one.known_to(centre)
        yield one
        one.hang_up()
    desk.store.close()


def hang(centre: Centre, content: bytes) -> str:
    """Give a picture to a book; say under which name."""
    assert keep_cover(centre, Cover("t-kobzar", "image/png", content)) == 1
    return centre.look(lambda work: str(work.execute(select(covers.c.id)).scalar_one()))


def test_a_heavy_cover_comes_small(centre: Centre, station: SpeakingStation) -> None:
    small = station.line.cover(hang(centre, photograph()))

    assert small is not None
    assert len(small) <= MOST_BYTES
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.format == "WEBP"
        assert picture.width <= WIDE
        assert picture.height <= HIGH


def test_a_cover_nobody_has_and_a_damaged_one_are_none(centre: Centre, station: SpeakingStation) -> None:
    assert station.line.cover("0" * 64) is None
    assert station.line.cover(hang(centre, photograph()[:400])) is None


def test_a_cover_is_for_stations_only(centre: Centre, station: SpeakingStation) -> None:
    name = hang(centre, photograph())
    with pytest.raises(OSError, match="401"):
        urlopen(f"{station.url}/v1/covers/{name}", timeout=5)


def fetched(station: SpeakingStation, *names: str, until: Callable[[dict[str, bytes]], bool]) -> dict[str, bytes]:
    """Let the station fetch *names* until the test has seen enough."""
    asked, kept, enough = [names], dict[str, bytes](), threading.Event()

    def keep(name: str, picture: bytes) -> None:
        kept[name] = picture
        if until(kept):
            enough.set()

    thread = fetching(station.line, lambda: asked.pop() if asked else (), keep, station.weather)
    running = threading.Thread(target=thread.run)
    running.start()
    came = enough.wait(PATIENCE)
    station.weather.end()
    running.join(PATIENCE)
    assert came
    return kept


def test_what_is_missing_or_no_picture_stops_no_other(empty_central_file: Path, tmp_path: Path) -> None:
    """A portal between a station and its centre answers everything with pages of its own."""
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    opened.now = Calendar()
    know(opened)
    name = hang(opened, photograph())
    answers = [Response("<html>log in</html>", 200, mimetype="text/html")]
    desk = DeskStand(tmp_path / "station.db")
    with served(opened, lambda: answers.pop() if answers else None) as at:
        one = SpeakingStation(desk.store, at.url, tmp_path)
        one.known_to(opened)
        kept = fetched(one, "portal", "0" * 64, name, until=lambda kept: name in kept)
        one.hang_up()
    desk.store.close()
    opened.close()

    assert list(kept) == [name]


def test_a_station_shows_the_cover_of_what_is_new(centre: Centre, tmp_path: Path) -> None:
    name = hang(centre, photograph())
    open_store(tmp_path / "station.db").close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with served(centre) as at:
        applicant = Applicant("central", lends=True, key_path=tmp_path / "station.db.key")
        enrol(applicant, make_code(centre, POLICIES, "central", "hall", "oksana"), Place(at.url))
        with station_program(tmp_path, sync={"heartbeat_s": 1.0}, web={"port": port}) as program:
            program.is_up()
            program.comes_to("SELECT count(*) FROM items", 9)
            with urlopen(f"http://127.0.0.1:{port}/find?q=kobzar", timeout=5) as page:
                assert page.status == 200
            program.comes_to(f"SELECT count(*) FROM covers WHERE id = '{name}'", 1)
            with urlopen(f"http://127.0.0.1:{port}/cover/{name}", timeout=5) as picture:
                assert picture.read(4) == b"RIFF"
