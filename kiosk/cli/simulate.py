"""`kiosk simulate`: devices and a library system that are not there, on real ports with real bytes."""

from kiosk.cli.lazy_group import LazyGroup

simulate = LazyGroup(
    "simulate",
    table={
        "pad": "kiosk.cli.simulate_pad:pad",
        "card": "kiosk.cli.simulate_card:card",
        "library": "kiosk.cli.simulate_library:library",
        "scanner": "kiosk.cli.simulate_scanner:scanner",
        "printer": "kiosk.cli.simulate_printer:printer",
    },
    help="Stand in for a device: for trying a driver, for tests, for teaching.",
)
