"""A small city with a catalogue: the demo's titles, patrons and stories in a centre, and a real server around it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import update
from waitress import wasyncore
from waitress.server import create_server

from kiosk.central.catalogue import reindex
from kiosk.central.centre import Centre
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import titles
from kiosk.circulation.model import BranchId
from kiosk.demo_network import load_demo
from kiosk.library.local import PinRules, pin_verifier
from kiosk.settings import branches_in, load_settings, stations_of
from tests.central.circulation.stand import Network
from tests.library.desk_stand import NOON
from web_ui.catalogue.pages import catalogue_pages
from web_ui.texts import Texts

CONFIG = Path(__file__).parents[2] / "config"
TEXTS = Texts.load(domains=("catalogue",))
OLENA_CARD, OLENA_PIN = "20000017", "2580"


@cache
def city_policies() -> Policies:
    """The rules of all branches, as the shipped settings have them."""
    return Policies(
        branches={BranchId(one): _branch(one) for one in branches_in(CONFIG)},
        zone=ZoneInfo("Europe/Kyiv"),
        network_name="Житомирська міська централізована бібліотечна система",
        brand="ЛітТера",
        pin=PinRules(tries=3, lock_minutes=15),
    )


def _branch(name: str) -> BranchPolicy:
    settings = load_settings(CONFIG, name, next(iter(stations_of(CONFIG, name)), None))
    about = settings.branch
    return BranchPolicy(
        id=BranchId(name),
        name=about.name,
        short=about.short,
        policy=settings.lending_policy(),
        hours=settings.opening_hours(),
        address=about.address,
        phone=about.phone,
        kind=about.kind,
    )


def settle(centre: Centre) -> Network:
    """Fill the centre with the demo network as it stands at noon."""
    network = Network(centre, city_policies())
    demo = load_demo(CONFIG, NOON.date())
    network.know(
        copies=demo.items.values(),
        people=[one.patron for one in demo.patrons],
        out=demo.loans,
        waiting=demo.holds,
        verifiers={one.patron.id: pin_verifier(one.pin) for one in demo.patrons if one.pin},
    )
    _describe(network)
    centre.carry_out(reindex)
    return network


def _describe(network: Network) -> None:
    """Say more of some titles than the demo's lists do, as imported records would."""
    about = {"publisher": "Фоліо", "place": "Харків", "extent": "319 с.", "series": "Українська класика"}
    more = {"subjects": ["українська проза", "романи"], "isbns": ["978-966-03-9000-1"]}
    annotation = "Родинна хроніка, в якій упізнає себе кожна друга українська оселя: смішна, гірка й дуже жива."
    network.change(update(titles).where(titles.c.id == "t0009").values(**about, **more, annotation=annotation))
    network.change(
        update(titles).where(titles.c.year >= 2000, titles.c.language == "uk").values(contemporary_ukrainian=True)
    )
    network.change(update(titles).where(titles.c.name.like("%Житомир%")).values(local_history=True))
    network.change(
        update(titles).where(titles.c.year >= 2015, titles.c.author != "").values(added_at=NOON + timedelta(days=1))
    )


def app_of(network: Network) -> Flask:
    """Build an application with nothing but the catalogue, as the centre's would."""
    app = Flask("catalogue-under-test")
    app.config |= {"SECRET_KEY": "for tests alone", "SESSION_COOKIE_SAMESITE": "Lax", "TRAP_HTTP_EXCEPTIONS": False}
    app.register_blueprint(catalogue_pages(network.centre, network.policies, TEXTS))
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve *app* and give its address; everything is closed afterwards."""
    connections: dict[int, object] = {}
    server = create_server(app, map=connections, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, name="catalogue-under-test")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(connections))
        thread.join(5)
        server.task_dispatcher.shutdown(timeout=5)
