"""`kiosk central restored`: say that the database came from a backup."""

from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
@click.confirmation_option(prompt="Was the database restored from a backup, and is every copy of the centre stopped?")
def restored(config_dir: Path, database: str | None) -> None:
    """Begin a new life of the centre: every station sends again what this database does not have."""
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.incarnations import begin  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, _):
        name = centre.carry_out(
            lambda work: begin(work, centre.network, "restored, says an administrator", centre.now())
        )
        click.echo(f"the centre lives on as {name}: stations will send again what it lacks, and fetch a snapshot")
