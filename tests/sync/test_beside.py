"""The threads of the sync beside a desk that works: what changes arrives by itself, and a line that was gone heals."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kiosk.central.centre import Centre, open_centre
from kiosk.central.changes import touch
from kiosk.central.tables import heartbeats, items, loans
from kiosk.sync.line import Place
from kiosk.sync.signing import signer
from kiosk.sync.station_health import StationHealth
from kiosk.sync.station_sync import Rhythm, StationSync
from kiosk.wire.messages import DeviceHealth, Kind
from tests.central_bench import NETWORK
from tests.library.desk_stand import OLENA, DeskStand, copy
from tests.sync.knowing import know
from tests.sync.served import ServedCentre, SpeakingStation, served

PATIENCE = 20.0
HEALTH = StationHealth(screen="WelcomeView", devices=(DeviceHealth(kind="pad", driver="feig", ok=True),), visits=7)


def until(wanted: Callable[[], bool]) -> None:
    """Wait until something is so."""
    over = time.monotonic() + PATIENCE
    while not wanted():
        assert time.monotonic() < over, "it never came to be so"
        time.sleep(0.01)


@pytest.fixture
def centre(empty_central_file: Path, tmp_path: Path) -> Iterator[Centre]:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    know(opened)
    yield opened
    opened.close()


@pytest.fixture
def at(centre: Centre) -> Iterator[ServedCentre]:
    with served(centre) as one:
        yield one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


@pytest.fixture
def sync(desk: DeskStand, centre: Centre, at: ServedCentre, tmp_path: Path) -> Iterator[StationSync]:
    paper = SpeakingStation(desk.store, at.url, tmp_path)
    paper.known_to(centre)
    paper.hang_up()
    rhythm = Rhythm(heartbeat=0.5, long_poll=1.0)
    deaths: list[str] = []
    one = StationSync(desk.store, Place(at.url), signer(paper.key, paper.name), rhythm, lambda: HEALTH)
    one.start(deaths.append)
    yield one
    one.stop(patience=5.0)
    assert deaths == []


def out(centre: Centre) -> list[str]:
    wanted = select(loans.c.item).where(loans.c.network == NETWORK, loans.c.state == "open").order_by(loans.c.item)
    return list(centre.look(lambda work: work.execute(wanted).scalars().all()))


def withdraw(centre: Centre, name: str) -> None:
    def change(work):
        work.execute(update(items).where(items.c.network == NETWORK, items.c.id == name).values(status="withdrawn"))
        touch(work, NETWORK, Kind.ITEM, [name])

    centre.carry_out(change)


def test_what_is_lent_goes_up_by_itself_and_what_changes_comes_down(
    centre: Centre, desk: DeskStand, sync: StationSync
) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    withdraw(centre, "kobzar")

    until(lambda: out(centre) == ["eneida"])
    until(lambda: desk.item("kobzar").status == "withdrawn")


def test_a_station_goes_on_while_the_centre_is_gone_and_tells_it_all_when_it_is_back(
    centre: Centre, at: ServedCentre, desk: DeskStand, sync: StationSync
) -> None:
    until(lambda: sync.weather.now().online)
    at.switch_off()
    until(lambda: not sync.weather.now().online)
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.lend(OLENA, copy("k2", "zapovit"))

    at.switch_on(centre)

    until(lambda: out(centre) == ["eneida", "zapovit"])


def test_the_centre_hears_how_the_station_is(centre: Centre, desk: DeskStand, sync: StationSync) -> None:
    def body() -> dict[str, object]:
        rows = centre.look(lambda work: work.execute(select(heartbeats.c.body)).scalars().all())
        return dict(rows[0]) if rows else {}

    until(lambda: bool(body()))

    said = body()
    assert (said["screen"], said["visits"], said["epoch"]) == ("WelcomeView", 7, desk.store.run.epoch)
    assert said["devices"] == [{"kind": "pad", "driver": "feig", "ok": True, "says": ""}]


def test_every_thread_beats(sync: StationSync) -> None:
    until(lambda: sync.weather.now().online)

    assert sync.silent() == ()
