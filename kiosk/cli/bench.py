"""`kiosk bench`: how fast the station is, beside what the hardware allows. Everything is measured, nothing assumed."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from kiosk.cli.options import complain, config_option

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")


@click.group()
def bench() -> None:
    """Measure the station on this computer."""


@bench.command()
@config_option
@click.option("--items", type=click.IntRange(1, 40), default=5, show_default=True, help="Books in the stack.")
@click.option("--baud", type=int, default=38400, show_default=True, help="Speed of the simulated pad's wire.")
@click.option("--runs", type=click.IntRange(1, 100), default=7, show_default=True, help="Stacks to measure.")
@_json
def stack(config_dir: Path, items: int, baud: int, runs: int, as_json: bool) -> None:
    """From the stack lying on the pad to all lent, all gate bits read back, and the screen saying so.

    The pad is simulated and keeps the real times of wire and radio; everything else is real. The limit is the time
    wire and radio alone need for the same tags: one inventory, one read, one AFI write and one read-back each.
    """
    from kiosk.bootstrap.measuring_stack import measure_stack  # noqa: PLC0415 - the whole house, only when it is run

    with complain(), Progress(console=Console(stderr=True), disable=as_json, transient=True) as progress:
        task = progress.add_task(f"{items} books at {baud} baud", total=runs)
        result = measure_stack(items, baud, runs, config_dir, lambda done: progress.update(task, completed=done))
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    click.echo(f"{result.items} books at {result.baud} baud, {result.runs} runs")
    click.echo(f"  median {result.median_ms} ms, worst {result.worst_ms} ms")
    limit = f"  limit  {result.limit_ms} ms ({result.limit_wire_ms} wire + {result.limit_air_ms} radio)"
    click.echo(f"{limit}, ratio {result.ratio}")
