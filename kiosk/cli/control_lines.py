"""What the `kiosk simulate` commands share: a device that is told what to do by lines, until somebody says `quit`."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

import click


def leave_when_asked() -> None:
    """End cleanly on Ctrl-C and SIGTERM: what was opened is closed."""
    for asked_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_end, _leave)


def serve(obey: Callable[[str], str]) -> None:
    """Answer every line of standard input with one line, until `quit`.

    When standard input ends the device goes on serving; only at a terminal does the end of input end it.
    """
    for line in sys.stdin:
        if line.strip().lower() in {"quit", "exit"}:
            click.echo("ok bye")
            return
        click.echo(obey(line))
    if not sys.stdin.isatty():
        threading.Event().wait()


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
