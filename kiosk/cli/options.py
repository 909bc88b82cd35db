"""Options and manners the commands share: where the settings are, and how a mistake is told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from drivers.tag_pads.names import driver_named
from drivers.tag_pads.protocols import PAD_PROTOCOLS

CONFIG_DIR = Path(__file__).parents[2] / "config"

config_option = click.option(
    "--config",
    "config_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=CONFIG_DIR,
    envvar="KIOSK_CONFIG",
    show_default="the config/ folder beside the program",
    help="The folder with network.toml and branches/.",
)


@contextmanager
def complain() -> Iterator[None]:
    """Turn what a person can mend into one message and exit code 1; anything else is a bug and keeps its trace."""
    from kiosk.bootstrap.mishaps import MISHAPS  # noqa: PLC0415 - needs the whole house

    try:
        yield
    except MISHAPS as mishap:
        raise click.ClickException(str(mishap)) from mishap


class PadDriver(click.Choice[str]):
    """The name of a pad's driver, or what people call it: `3M` is `threem`."""

    def __init__(self) -> None:
        super().__init__(list(PAD_PROTOCOLS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(driver_named(value), param, ctx)
