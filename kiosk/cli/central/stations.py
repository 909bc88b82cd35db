"""`kiosk central enrol`, `stations`, `revoke`: who may speak to the centre."""

import getpass
from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
@click.option("--branch", required=True, help="The branch the station stands in.")
@click.option("--station", required=True, help="The station's name within its branch: hall.")
def enrol(config_dir: Path, database: str | None, branch: str, station: str) -> None:
    """Print a one-time code for a station; good for fifteen minutes, once."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.enrolment import make_code  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, policies):
        code = make_code(centre, policies, branch, station, getpass.getuser())
    click.echo(code)
    click.echo(
        f"On the station, within 15 minutes: kiosk enrol {code} https://<this centre> --branch {branch}", err=True
    )


@click.command()
@config_option
@database_option
def stations(config_dir: Path, database: str | None) -> None:
    """List the stations, and when each was last heard."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.fleet import overview  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        states = centre.look(lambda work: overview(work, centre.network))
    for one in states:
        heard = "never heard" if one.heard_at is None else f"heard {one.heard_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{one.id:<30} {'shut out' if one.revoked_at else heard}")
    if not states:
        click.echo("no station was enrolled yet: kiosk central enrol")


@click.command()
@config_option
@database_option
@click.argument("station")
def revoke(config_dir: Path, database: str | None, station: str) -> None:
    """Shut STATION out, from its next request on."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - likewise
    from kiosk.central.enrolment import revoke as shut_out  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        if not shut_out(centre, station, getpass.getuser()):
            raise click.ClickException(f"there is no station {station} to shut out: see `kiosk central stations`")
    click.echo(f"{station} is shut out")
