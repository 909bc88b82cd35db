"""The demo's library network as one stock, and a new centre filled with it."""

from pathlib import Path

from kiosk.central.centre import Centre
from kiosk.central.seeding import seed_network
from kiosk.demo_network import DemoNetwork, load_demo
from kiosk.library.local import pin_verifier
from kiosk.store.patrons import Card
from kiosk.store.seed import Stock


def demo_stock(network: DemoNetwork) -> Stock:
    return Stock(
        titles=network.titles.values(),
        items=network.items.values(),
        patrons=tuple(person.patron for person in network.patrons),
        cards=tuple(
            Card(person.patron.id, person.patron.card, person.card_uid, person.patron.card_status)
            for person in network.patrons
        ),
        pins={person.patron.id: pin_verifier(person.pin) for person in network.patrons if person.pin is not None},
        loans=network.loans,
        holds=network.holds,
    )


def seed_centre(centre: Centre, config_dir: Path) -> None:
    """Write the demo's network into an empty centre. Raises: DemoError; CentreUnavailable."""
    seed_network(centre, demo_stock(load_demo(config_dir, centre.now().date())))
