"""`kiosk central nightly`: what the law and the hold shelf ask for once a night."""

from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
def nightly(config_dir: Path, database: str | None) -> None:
    """Forget whose loans were closed long enough ago, end holds nobody fetched. May run twice, beside everything."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.privacy import nightly as run  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, policies):
        night = run(centre, policies)
    for name, times in night.as_table().items():
        click.echo(f"{name.replace('_', ' ')}: {times}")
