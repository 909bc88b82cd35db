"""The `kiosk` command. Each subcommand lives in a module of its own and is imported only when it is asked for."""

import importlib

import click

COMMANDS = {
    "run": "kiosk.cli.run:run",
    "demo": "kiosk.cli.demo:demo",
    "simulate": "kiosk.cli.simulate:simulate",
    "tag": "kiosk.cli.tag:tag",
    "config": "kiosk.cli.config:config",
    "devices": "kiosk.cli.devices:devices",
    "doctor": "kiosk.cli.doctor:doctor",
    "bench": "kiosk.cli.bench:bench",
}
"""Where each subcommand is: importing all of them would cost every one of them a second."""


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported at first use."""

    def __init__(self, *args: object, table: dict[str, str] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # click's own signature, passed through
        self._table = table or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="littera-kiosk", prog_name="kiosk")
def main() -> None:
    """Self-service library stations «ЛітТера»: borrow and return whole stacks of books."""
