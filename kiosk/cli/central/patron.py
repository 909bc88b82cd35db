"""`kiosk central patron`: what is kept of a person, at the person's wish."""

import getpass
import json
from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.group()
def patron() -> None:
    """Hand out, take away or make one what is kept of a person. Every call is written in the audit log."""


@patron.command()
@config_option
@database_option
@click.argument("card")
def export(config_dir: Path, database: str | None, card: str) -> None:
    """Print everything that is kept of the person with CARD, as JSON."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.privacy import export as read  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        told = read(centre, card, getpass.getuser())
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@patron.command()
@config_option
@database_option
@click.argument("card")
@click.confirmation_option(prompt="Erase everything about this person for ever?")
def erase(config_dir: Path, database: str | None, card: str) -> None:
    """Take everything away that is kept of the person with CARD."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.privacy import erase as take_away  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        take_away(centre, card, getpass.getuser())
    click.echo("erased; stations hear of it with their next sync")


@patron.command()
@config_option
@database_option
@click.argument("card")
@click.argument("into")
def merge(config_dir: Path, database: str | None, card: str, into: str) -> None:
    """Make the person with CARD and the one with INTO one; INTO stays."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.privacy import merge as unite  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        unite(centre, card, into, getpass.getuser())
