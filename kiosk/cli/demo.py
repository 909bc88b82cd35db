"""`kiosk demo`: a whole station on a table of simulated devices, for a newcomer with nothing but a browser."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option


@click.command()
@config_option
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port of the screens.")
@click.option("--browser/--no-browser", default=True, help="Open the page in this computer's browser.")
def demo(config_dir: Path, port: int, browser: bool) -> None:
    """Run a station with virtual cards and books, and print its address.

    The pad, the card readers, the PC/SC service and the printer are simulated or private to the demo; the
    drivers, the bytes and the database are the real ones. Stop it with Ctrl-C; it leaves nothing behind.
    """
    from kiosk.bootstrap.program import run_demo  # noqa: PLC0415 - the whole house, only when it is run

    def opened(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()
        if browser and _has_screen():
            webbrowser.open(address)

    with complain(), tempfile.TemporaryDirectory(prefix="littera-demo-") as folder:
        code = run_demo(config_dir, Path(folder), port, opened)
    sys.exit(code)


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
