"""`kiosk simulate`: devices that are not there, on real ports with real bytes."""

from kiosk.cli.lazy_group import LazyGroup

simulate = LazyGroup(
    "simulate",
    table={"pad": "kiosk.cli.simulate_pad:pad", "card": "kiosk.cli.simulate_card:card"},
    help="Stand in for a device: for trying a driver, for tests, for teaching.",
)
