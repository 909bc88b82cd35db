"""`kiosk central`: the network's centre. Each subcommand lives in a module of its own."""

import click

from kiosk.cli.lazy_group import LazyGroup

COMMANDS = {
    "run": "kiosk.cli.central.run:run",
    "init": "kiosk.cli.central.init:init",
    "restored": "kiosk.cli.central.restored:restored",
    "enrol": "kiosk.cli.central.stations:enrol",
    "stations": "kiosk.cli.central.stations:stations",
    "revoke": "kiosk.cli.central.stations:revoke",
    "import": "kiosk.cli.central.importing:import_",
    "staff": "kiosk.cli.central.staff:staff",
    "mail": "kiosk.cli.central.mail:mail",
    "nightly": "kiosk.cli.central.nightly:nightly",
    "patron": "kiosk.cli.central.patron:patron",
}


@click.group(cls=LazyGroup, table=COMMANDS)
def central() -> None:
    """The centre all stations of the network share: catalogue, patrons, loans, holds, the fleet."""
