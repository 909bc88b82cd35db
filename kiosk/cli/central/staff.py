"""`kiosk central staff`: who works in the office."""

import getpass
from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.group()
def staff() -> None:
    """Let staff into the office, and out."""


_password = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for where it is not given."
)


@staff.command()
@config_option
@database_option
@click.argument("login")
@click.option("--name", required=True, help="The person's name, for the log.")
@click.option("--role", type=click.Choice(["librarian", "technician", "director"]), required=True)
@click.option("--branch", default="", help="The branch the person works for; all, where it is left out.")
@_password
def add(config_dir: Path, database: str | None, login: str, name: str, role: str, branch: str, password: str) -> None:
    """Take LOGIN in."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.staff import Member  # noqa: PLC0415 - likewise
    from kiosk.central.staff import add as take_in  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        take_in(centre, Member(login, name, role, branch), password, getpass.getuser())
    click.echo(f"{login} may sign in at /office/")


@staff.command()
@config_option
@database_option
@click.argument("login")
@_password
def password(config_dir: Path, database: str | None, login: str, password: str) -> None:
    """Give LOGIN another password; it takes a lock away."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.staff import set_password  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        set_password(centre, login, password, getpass.getuser())


@staff.command()
@config_option
@database_option
@click.argument("login")
def disable(config_dir: Path, database: str | None, login: str) -> None:
    """Let LOGIN in no more; what the person did stays in the log."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.staff import disable as let_out  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        let_out(centre, login, getpass.getuser())


@staff.command("list")
@config_option
@database_option
def list_(config_dir: Path, database: str | None) -> None:
    """List who works in the office."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.staff import members  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        found = centre.look(lambda work: members(work, centre.network))
    for one in found:
        click.echo(f"{one.login:<20} {one.role:<11} {one.branch or 'all':<16} {'out' if one.disabled else one.name}")
