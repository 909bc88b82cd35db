"""A real centre on a real port, with a calendar instead of a clock, and stations that speak with it when told to."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert
from waitress import wasyncore
from waitress.server import create_server

from kiosk.central.card_proofs import CardProofs
from kiosk.central.centre import Centre
from kiosk.central.http import station_api
from kiosk.central.identity import StationIdentity
from kiosk.central.incarnations import begin_if_new
from kiosk.central.metrics import Metrics
from kiosk.central.newsroom import Newsroom
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import stations
from kiosk.circulation.model import BranchId
from kiosk.store import Store
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.downloader import Downloader
from kiosk.sync.errors import SyncError
from kiosk.sync.key import new_key, public_text
from kiosk.sync.line import Line, Place
from kiosk.sync.signing import signer
from kiosk.sync.uploader import Uploader
from kiosk.sync.weather import Weather
from tests.library.desk_stand import ALWAYS_OPEN, CENTRAL, MUSIC, NOON, POLICY, RULES

POLICIES = Policies(
    branches={
        branch: BranchPolicy(BranchId(branch), branch, branch, POLICY, ALWAYS_OPEN) for branch in (CENTRAL, MUSIC)
    },
    zone=RULES.zone,
)


@dataclass
class Calendar:
    """What time it is, for everybody."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """The seconds since power-on, as they would have gone by."""
        return (self.now - NOON).total_seconds()

    def pass_time(self, span: timedelta) -> None:
        self.now += span


class ServedCentre:
    """One copy of the centre at `url`. It may be switched off, on again, or onto another database."""

    def __init__(
        self, centre: Centre, before: Callable[[], Any] | None = None, cards: CardProofs | None = None
    ) -> None:
        """*before* is called before every request; what it returns, if anything, is the answer."""
        self.before = before
        self.cards = cards
        self.port = 0
        self.switch_on(centre)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def switch_on(self, centre: Centre) -> None:
        self.centre = centre
        centre.carry_out(lambda work: begin_if_new(work, centre.network, centre.now()))
        app = Flask("centre")
        app.register_blueprint(station_api(centre, POLICIES, Newsroom(centre), Metrics(), cards=self.cards))
        app.before_request(lambda: None if self.before is None else self.before())
        logging.getLogger("waitress").setLevel(logging.ERROR)
        door = socket.create_server(("127.0.0.1", self.port))
        self._sockets: dict[int, Any] = {}
        self._server: Any = create_server(app, map=self._sockets, sockets=[door], threads=8, ident=None)
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def switch_off(self) -> None:
        self._server.task_dispatcher.shutdown(timeout=2)
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._sockets))
        self._thread.join(5)


@contextmanager
def served(
    centre: Centre, before: Callable[[], Any] | None = None, cards: CardProofs | None = None
) -> Iterator[ServedCentre]:
    one = ServedCentre(centre, before, cards)
    try:
        yield one
    finally:
        one.switch_off()


@dataclass
class SpeakingStation:
    """The sync of one station, without its threads: it speaks when a test says so."""

    store: Store
    url: str
    folder: Path
    name: str = "central.hall"
    lends: bool = True
    calendar: Calendar = field(default_factory=Calendar)
    weather: Weather = field(default_factory=Weather)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = new_key()
        self.connect(self.url)

    def connect(self, url: str) -> None:
        """Speak with the centre at *url* from now on."""
        self.url = url
        self.side = self.store.beside()
        self.clock = CentreClock(self.calendar, self.calendar.seconds)
        self.line = Line(Place(url), self.clock, signer(self.key, self.name))
        self.uploader = Uploader(self.side, self.line, self.clock, self.weather)
        self.downloader = Downloader(
            self.side, self.line, self.clock, self.weather, self.folder / f"{self.name}.snapshot"
        )

    def restart(self, store: Store) -> None:
        """Go on after a power cut, on the ledger opened anew."""
        self.hang_up()
        self.store = store
        self.connect(self.url)

    def hang_up(self) -> None:
        self.line.close()
        self.side.close()

    @property
    def identity(self) -> StationIdentity:
        branch, _, name = self.name.partition(".")
        return StationIdentity(self.name, branch, name, self.lends)

    def known_to(self, centre: Centre) -> None:
        """Be enrolled there."""
        row = {
            "network": centre.network, "id": self.name, "branch": self.identity.branch, "name": self.identity.name,
            "lends": self.lends, "public_key": public_text(self.key), "enrolled_at": centre.now(),
            "enrolled_by": "test",
        }  # fmt: skip
        centre.carry_out(lambda work: work.execute(insert(stations), row))

    def speak(self, tries: int = 1) -> bool:
        """Send everything and take everything in; True when both sides had nothing more to say."""
        for _ in range(tries):
            try:
                self.line.time()
                while self.uploader.send_next():
                    pass
                while self.downloader.take_next(wait=0):
                    pass
                if not self.uploader.send_next():
                    return True
            except SyncError as error:
                self.faults.append(repr(error))
        return False
