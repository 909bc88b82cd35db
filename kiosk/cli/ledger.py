"""`kiosk ledger`: look after the station's database. For a technician, with the station stopped."""

import json
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option

_branch = click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="The branch the station stands in.")
_station = click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")


@click.group()
def ledger() -> None:
    """Check the station's database, or begin a new one after a damage."""


@ledger.command()
@config_option
@_branch
@_station
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
@click.pass_context
def check(ctx: click.Context, config_dir: Path, branch: str, station: str | None, as_json: bool) -> None:
    """Read every page and every journal row; say what is open. Exit code 1 when the journal was tampered with."""
    from kiosk.bootstrap.ledger_care import check_ledger  # noqa: PLC0415 - the store, only when it is asked for

    with complain():
        state = check_ledger(config_dir, branch, station)
    if as_json:
        click.echo(json.dumps(state.as_table()))
    else:
        for name, value in state.as_table().items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    ctx.exit(0 if state.first_break is None else 1)


@ledger.command("begin-anew")
@config_option
@_branch
@_station
@click.confirmation_option(prompt="Is the damaged file in safe keeping, and shall the station begin a new ledger?")
def begin_anew(config_dir: Path, branch: str, station: str | None) -> None:
    """Begin a new database where a damaged one was set aside. The damaged file stays where it is."""
    from kiosk.bootstrap.ledger_care import begin_new_ledger  # noqa: PLC0415 - likewise

    with complain():
        click.echo(f"a new ledger was begun at {begin_new_ledger(config_dir, branch, station)}")
