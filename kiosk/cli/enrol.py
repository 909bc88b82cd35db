"""`kiosk enrol`: make this station known to the centre, once."""

from pathlib import Path

import click

from kiosk.cli.options import complain, config_option


@click.command()
@click.argument("code")
@click.argument("url")
@config_option
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="The branch the station stands in.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option("--anew", is_flag=True, help="Enrol a station that is enrolled already: its old key is thrown away.")
def enrol(code: str, url: str, config_dir: Path, branch: str, station: str | None, anew: bool) -> None:
    """Enrol this station at the centre at URL with the one-time CODE that was made there.

    The station makes its own key; the centre never sees the secret half of it. Run it as the station's account, and
    start the station anew afterwards.
    """
    from kiosk.bootstrap.enrolment import enrol_station  # noqa: PLC0415 - the whole house, only when it is asked for

    with complain():
        done = enrol_station(config_dir, branch, station, code=code, url=url, anew=anew)
    click.echo(f"enrolled as {done.identity.station} of {done.identity.network} at {done.identity.url}")
    if done.clock_is_off:
        click.echo(f"note: this computer's clock is {abs(done.clock_offset):.0f} s off the centre's", err=True)
    if done.in_the_clear:
        click.echo("note: this address is not encrypted, and patrons' names will pass over it: use https://", err=True)
    click.echo("start the station anew: systemctl restart littera-station")
