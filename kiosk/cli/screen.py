"""`kiosk screen`: the touchscreen of this computer, as littera-screen.service runs it."""

import os
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option


@click.command()
@config_option
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="Which branch this station stands in.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
def screen(config_dir: Path, branch: str, station: str | None) -> None:
    """Show the station on the whole screen, and nothing else. Ends when the compositor does, to be started again."""
    from kiosk.bootstrap.screen import address_of, is_shown, screen_command, show  # noqa: PLC0415 - when it is run
    from kiosk.settings import load_settings  # noqa: PLC0415 - likewise

    folder = Path(os.environ.get("RUNTIME_DIRECTORY", os.environ.get("XDG_RUNTIME_DIR", "/tmp")))  # noqa: S108 - last
    with complain():
        address = address_of(load_settings(config_dir, branch, station))
        try:
            code = show(screen_command(address, folder / "browser"), folder, lambda: is_shown(address))
        except OSError as error:
            raise click.ClickException(f"{error.filename} cannot be started: apt-get install cage chromium") from error
    raise click.exceptions.Exit(code)
