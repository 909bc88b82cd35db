"""`kiosk run`: the station itself, until it is told to stop."""

import os
import sys
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option


@click.command()
@config_option
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="Which branch this station stands in.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option(
    "--overrides",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that goes on top of all settings.",
)
def run(config_dir: Path, branch: str, station: str | None, overrides: Path | None) -> None:
    """Run a station: devices, ledger and screens.

    Ends with 0 when it was told to stop, with 70 or 71 when a part of it died: systemd starts it again.
    """
    from kiosk.bootstrap.program import run_station  # noqa: PLC0415 - the whole house, only when it is run

    with complain():
        code = run_station(config_dir, branch, station, overrides)
    sys.stdout.flush()
    os._exit(code)  # a device call that hangs must not keep the process
