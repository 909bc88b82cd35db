"""The centre of the demo: the real one on SQLite, served by a thread, filled with the demo's network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.bootstrap.central import open_network, policies_of
from kiosk.bootstrap.central_server import central_app
from kiosk.bootstrap.demo_covers import draw_covers
from kiosk.bootstrap.demo_showcase import show_house
from kiosk.bootstrap.demo_wire import LOOPBACK
from kiosk.bootstrap.seeding import demo_stock
from kiosk.bootstrap.web_server import WebServer
from kiosk.central import staff
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.enrolment import make_code
from kiosk.central.policies import Policies
from kiosk.central.seeding import seed_network
from kiosk.demo_network import DemoNetwork
from kiosk.settings.central import load_central
from kiosk.wire.messages import Kind
from web_ui.bench.port import CentrePages

WHO = "demo"
PASSWORD = "demo-littera"  # noqa: S105 - shown on the bench; the centre it opens lives as long as the demo
PATRONS_WITH_PIN = 2
"""How many patrons the bench names for the catalogue's door."""


@dataclass(frozen=True, slots=True)
class DemoCentre:
    """The centre, running. `database` is its file."""

    centre: Centre
    policies: Policies
    network: str
    database: Path
    port: int
    pages: CentrePages

    def code_for(self, branch: str, station: str) -> str:
        """Make a one-time code, as somebody in the office would."""
        return make_code(self.centre, self.policies, branch, station, WHO)


@contextmanager
def demo_centre(config_dir: Path, folder: Path, network: DemoNetwork) -> Iterator[DemoCentre]:
    """Open, fill and serve it; everything is closed at the end. Raises: one of `mishaps.MISHAPS`."""
    told = load_central(config_dir)
    central = told.model_copy(update={"serve": told.serve.model_copy(update={"https": False})})
    policies, database = policies_of(config_dir), folder / "centre.db"
    centre = open_network(central, f"sqlite:///{database}")
    try:
        seed_network(centre, demo_stock(network))
        show_house(centre, policies, network, WHO)
        draw_covers(centre, network)
        staff.add(centre, staff.Member(WHO, "Демо", "director"), PASSWORD, WHO)
        app = central_app(centre, policies, central, config_dir)
        web = WebServer(app, LOOPBACK, 0)
        office = (
            f"{web.url}office/" if any(str(rule).startswith("/office") for rule in app.url_map.iter_rules()) else ""
        )
        pages = CentrePages(web.url, office, _patrons(network), f"{WHO} · {PASSWORD}" if office else "")
        web.start()
        try:
            yield DemoCentre(centre, policies, central.network, database, web.port, pages)
        finally:
            _send_home(centre, network)
            web.stop()
    finally:
        centre.close()


def _send_home(centre: Centre, network: DemoNetwork) -> None:
    """Give whoever waits for news some, so that nobody waits for a centre that closes."""
    some = next(iter(network.titles))
    centre.carry_out(lambda work: touch(work, centre.network, Kind.TITLE, [some]))


def _patrons(network: DemoNetwork) -> tuple[str, ...]:
    """Name cards that open the catalogue's door, with their PINs."""
    with_pin = [person for person in network.patrons if person.pin and person.patron.card]
    return tuple(f"{one.patron.given_name}: {one.patron.card} · PIN {one.pin}" for one in with_pin[:PATRONS_WITH_PIN])
