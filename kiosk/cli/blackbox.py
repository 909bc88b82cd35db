"""`kiosk blackbox`: one file for support, also of a station that does not start any more."""

from pathlib import Path

import click

from kiosk.cli.options import config_option


@click.command("blackbox")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--branch", required=True, metavar="ID", help="The station's branch.")
@click.option("--station", metavar="NAME", help="The station; needed where the branch has several.")
def blackbox(config_dir: Path, file: Path, branch: str, station: str | None) -> None:
    """Write FILE (a zip) with how the station is. Names, card numbers, PINs and keys are not in it."""
    from kiosk.bootstrap.console_records import black_box  # noqa: PLC0415 - only when it is asked for
    from kiosk.bootstrap.station import open_ledger  # noqa: PLC0415 - likewise
    from kiosk.settings import SettingsError, load_settings  # noqa: PLC0415 - likewise
    from kiosk.store import StoreError  # noqa: PLC0415 - likewise

    try:
        settings = load_settings(config_dir, branch, station)
        store = open_ledger(settings)
    except (SettingsError, StoreError) as err:
        raise click.ClickException(str(err)) from err
    try:
        file.write_bytes(black_box(settings, store, None, None))
    finally:
        store.close()
    click.echo(file)
