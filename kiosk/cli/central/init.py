"""`kiosk central init`: make the centre's database."""

from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
@click.option("--demo", is_flag=True, help="Fill it with the demo's library network.")
def init(config_dir: Path, database: str | None, demo: bool) -> None:
    """Make the tables, or bring them up to date. Does nothing where all is well."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.bootstrap.seeding import seed_centre  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        if demo:
            seed_centre(centre, config_dir)
        click.echo(f"the centre of {centre.network} is ready")
