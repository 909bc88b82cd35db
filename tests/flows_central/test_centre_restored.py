"""A centre restored from an older backup: the stations give back everything it lost, and nothing comes twice."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from kiosk.central.centre import Centre, open_centre
from kiosk.central.incarnations import begin
from kiosk.central.tables import incarnations
from tests.central_bench import NETWORK
from tests.flows_central.network import Network, holds_everywhere, network
from tests.postgres import Cluster


class Backups:
    """Keeps a database as it is now, and puts it back: the file of SQLite, a copy of a PostgreSQL database."""

    def __init__(self, url: str, folder: Path, cluster: Callable[[], Cluster]) -> None:
        self.url = url
        self._folder = folder
        self._cluster = cluster
        self._made: list[str] = []

    def keep(self, centre: Centre) -> str:
        """Back up; nothing of it changes any more. Says the address of the copy."""
        return self._copy(centre, self.url)

    def put_back(self, centre: Centre, kept: str) -> Centre:
        """Open the centre on what was kept."""
        restored = open_centre(self._copy(centre, kept), NETWORK)
        restored.now = centre.now
        return restored

    def _copy(self, centre: Centre, url: str) -> str:
        if url.startswith("sqlite"):
            target = self._folder / f"copy-{len(self._made)}.db"
            with (
                closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as live,
                closing(sqlite3.connect(target)) as to,
            ):
                live.backup(to)
            self._made.append(f"sqlite:///{target}")
        else:
            centre.engine.dispose()
            self._made.append(self._cluster().copy_of(url))
        return self._made[-1]

    def forget(self) -> None:
        for url in self._made:
            if url.startswith("postgresql"):
                self._cluster().drop(url)
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture
def backups(central_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Backups]:
    one = Backups(central_url, tmp_path, lambda: request.getfixturevalue("postgres"))
    yield one
    one.forget()


@pytest.fixture
def centre(central_url: str, backups: Backups) -> Iterator[Centre]:
    opened = open_centre(central_url, NETWORK)
    yield opened
    opened.close()


def restore(net: Network, backups: Backups, kept: str, *, said: bool) -> None:
    """Lose the database and go on from the backup; an administrator may say so, or forget to."""
    net.at.switch_off()
    old, net.centre = net.centre, backups.put_back(net.centre, kept)
    old.close()
    if said:
        net.centre.carry_out(lambda work: begin(work, NETWORK, "restored", net.centre.now()))
    net.at.switch_on(net.centre)


def lives(net: Network) -> int:
    return len(net.ask(select(incarnations.c.id).where(incarnations.c.network == NETWORK)))


@pytest.mark.parametrize("said", [True, False], ids=["and somebody says so", "and nobody says so"])
def test_a_centre_restored_from_a_backup_loses_nothing_and_doubles_nothing(
    centre: Centre, backups: Backups, tmp_path: Path, said: bool
) -> None:
    with network(centre, tmp_path, seed=2) as net:
        net.live(acts=60)
        for branch in net.branches:
            branch.station.speak(tries=8)
        kept = backups.keep(net.centre)
        net.live(acts=60)
        for branch in net.branches:
            branch.station.speak(tries=8)

        restore(net, backups, kept, said=said)
        net.live(acts=30)
        net.heal()

        holds_everywhere(net)
        assert lives(net) == 2
        net.centre.close()


def test_a_centre_restored_while_the_stations_rest_is_told_all_the_same(
    centre: Centre, backups: Backups, tmp_path: Path
) -> None:
    with network(centre, tmp_path, seed=5) as net:
        net.live(acts=30)
        kept = backups.keep(net.centre)
        net.live(acts=60)
        net.heal()

        restore(net, backups, kept, said=False)
        net.heal()

        holds_everywhere(net)
        net.centre.close()
