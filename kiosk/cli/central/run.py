"""`kiosk central run`: the centre itself, until it is told to stop."""

from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, instead of the one in central.toml.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes, likewise.")
@click.option("--threads", type=click.IntRange(4, 2000), help="Threads of each process, likewise.")
@click.option("--http", is_flag=True, help="Let cookies travel without https: on one computer, to try it.")
def run(
    config_dir: Path, database: str | None, port: int | None, workers: int | None, threads: int | None, http: bool
) -> None:
    """Run one copy of the centre; as many as wanted may run against one database."""
    from kiosk.bootstrap.central_server import run_centre  # noqa: PLC0415 - the whole house, only when it is run

    asked = {"port": port, "workers": workers, "threads": threads, "https": False if http else None}
    with complain():
        run_centre(config_dir, database, {name: value for name, value in asked.items() if value is not None})
