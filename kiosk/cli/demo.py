"""`kiosk demo`: a small network on a table of simulated devices, for a newcomer with nothing but a browser."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path

import click

from kiosk.cli.options import complain, config_option

LIBRARIES = ("alma", "evergreen", "folio", "fsip2", "koha", "polaris", "sierra", "symphony")
"""`kiosk.bootstrap.demo_system.systems()`, which would import the whole house to say so."""


@click.command()
@config_option
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port of the screens.")
@click.option(
    "--library",
    type=click.Choice(["own", *LIBRARIES]),
    default="own",
    show_default=True,
    help="Whose library system decides: the network's own, or one like these, over SIP2.",
)
@click.option("--browser/--no-browser", default=True, help="Open the page in this computer's browser.")
def demo(config_dir: Path, port: int, library: str, browser: bool) -> None:
    """Run the centre and two stations with virtual cards and books, and print the address of their bench.

    The pads, the card readers, the PC/SC services and the printers are simulated or private to the demo; the
    drivers, the bytes, the sync and the databases are the real ones. Stop it with Ctrl-C; it leaves nothing behind.

    With `--library koha` a simulated Koha decides who borrows what, and its cable can be pulled out, too.
    """
    from kiosk.bootstrap.demo import run_demo  # noqa: PLC0415 - the whole house, only when it is run

    def opened(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()
        if browser and _has_screen():
            webbrowser.open(address)

    with complain(), tempfile.TemporaryDirectory(prefix="littera-demo-") as folder:
        code = run_demo(config_dir, Path(folder), port, opened, "" if library == "own" else library)
    sys.exit(code)


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
