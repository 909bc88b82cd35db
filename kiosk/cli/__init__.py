"""The `kiosk` command. Each subcommand lives in a module of its own and is imported only when it is asked for."""

import click

from kiosk.cli.lazy_group import LazyGroup

COMMANDS = {
    "run": "kiosk.cli.run:run",
    "screen": "kiosk.cli.screen:screen",
    "demo": "kiosk.cli.demo:demo",
    "simulate": "kiosk.cli.simulate:simulate",
    "tag": "kiosk.cli.tag:tag",
    "card": "kiosk.cli.card:card",
    "receipt": "kiosk.cli.receipt:receipt",
    "config": "kiosk.cli.config:config",
    "devices": "kiosk.cli.devices:devices",
    "doctor": "kiosk.cli.doctor:doctor",
    "library": "kiosk.cli.library:library",
    "central": "kiosk.cli.central:central",
    "enrol": "kiosk.cli.enrol:enrol",
    "console": "kiosk.cli.console:console",
    "ledger": "kiosk.cli.ledger:ledger",
    "blackbox": "kiosk.cli.blackbox:blackbox",
    "release": "kiosk.cli.release:release",
    "bench": "kiosk.cli.bench:bench",
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="littera-kiosk", prog_name="kiosk")
def main() -> None:
    """Self-service library stations «ЛітТера»: borrow and return whole stacks of books."""


def command_names() -> tuple[str, ...]:
    """Every subcommand there is, for tests and docs."""
    return tuple(main.list_commands(click.Context(main)))
