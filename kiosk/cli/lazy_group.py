"""A command group that imports a command only when it is asked for: all of them would cost each of them a second."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands are named in *table*: `"tag": "kiosk.cli.tag:tag"`."""

    def __init__(self, name: str | None = None, *, table: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command
