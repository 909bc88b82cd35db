"""`kiosk console`: the technician's console of a station. Its password is made here, never in a file of settings."""

import sys
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option


@click.group()
def console() -> None:
    """Look after the technician's console of a station."""


@console.command()
@config_option
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="The branch the station stands in.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, its first line.")
def password(config_dir: Path, branch: str, station: str | None, *, from_stdin: bool) -> None:
    """Set the password technicians enter the console with. Digits alone can be typed on the touchscreen.

    Run it as the station's account; it holds at once, and whoever is signed in has to sign in anew.
    """
    from kiosk.bootstrap.console_door import door_of  # noqa: PLC0415 - the settings, only when they are asked for
    from kiosk.console.door import PasswordRefused  # noqa: PLC0415 - likewise
    from kiosk.settings import load_settings  # noqa: PLC0415 - likewise

    with complain():
        door = door_of(load_settings(config_dir, branch, station))
    if from_stdin:
        wanted = sys.stdin.readline().rstrip("\r\n")
    else:
        wanted = click.prompt("New password of the console", hide_input=True, confirmation_prompt=True)
    try:
        door.set_password(wanted)
    except PasswordRefused as refused:
        raise click.ClickException(str(refused)) from refused
    except OSError as error:
        raise click.ClickException(
            f"cannot write {door.path} ({error.strerror}): run it as the station's account"
        ) from error
    click.echo(f"the console has a new password; it is kept, hashed, in {door.path}")
