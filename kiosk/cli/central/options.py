"""Options the commands of the centre share."""

import click

from kiosk.cli.options import complain, config_option

__all__ = ["complain", "config_option", "database_option"]

database_option = click.option(
    "--database",
    envvar="KIOSK_DATABASE",
    help="The database, instead of the one in central.toml: postgresql+psycopg://... or sqlite:///...",
)
