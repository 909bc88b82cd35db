"""`kiosk bench`: how fast the station is, beside what the hardware allows. Everything is measured, nothing assumed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from drivers.tag_pads.air_time import TALKS
from kiosk.cli.options import complain, config_option

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")


@click.group()
def bench() -> None:
    """Measure the station on this computer."""


@bench.command()
@config_option
@click.option(
    "--pad", "driver", type=click.Choice(list(TALKS)), default="feig", show_default=True, help="What it speaks."
)
@click.option("--items", type=click.IntRange(1, 40), default=5, show_default=True, help="Books in the stack.")
@click.option("--baud", type=int, help="Speed of the simulated pad's wire; its maker's unless said.")
@click.option("--runs", type=click.IntRange(1, 100), default=7, show_default=True, help="Stacks to measure.")
@_json
def stack(config_dir: Path, driver: str, items: int, baud: int | None, runs: int, as_json: bool) -> None:
    """From the stack lying on the pad to all lent, all gate bits read back, and the screen saying so.

    The pad is simulated and keeps the real times of wire and radio; everything else is real. The limit is the time
    wire and radio alone need for the same tags: one inventory, one read, one AFI write and one read-back each.
    """
    from kiosk.bench.stack import measure_stack  # noqa: PLC0415 - the whole house, only when it is run

    speed = baud or TALKS[driver].baud
    with _progress(f"{items} books at {speed} baud", runs, as_json) as step:
        result = measure_stack(driver, items, speed, runs, config_dir, step)
    _say(
        result,
        as_json,
        f"{result.items} books on a {result.pad} pad at {result.baud} baud, {result.runs} runs",
        f"  median {result.median_ms} ms, worst {result.worst_ms} ms",
        f"  limit  {result.limit_ms} ms ({result.limit_wire_ms} wire + {result.limit_air_ms} radio)",
        f"  ratio  {result.ratio}",
    )


@bench.command()
@config_option
@click.option("--runs", type=click.IntRange(2, 1000), default=40, show_default=True, help="Taps to measure.")
@_json
def tap(config_dir: Path, runs: int, as_json: bool) -> None:
    """From a card in the field to the account on the screen, in a browser where one is installed."""
    from kiosk.bench.tap import measure_taps  # noqa: PLC0415 - likewise

    with _progress("taps", runs, as_json) as step:
        result = measure_taps(runs, config_dir, step)
    _say(
        result,
        as_json,
        f"{result.runs} taps, seen in {result.screen}",
        f"  median {result.median_ms} ms, 99th percentile {result.p99_ms} ms",
        f"  the card's own APDUs {result.card_median_ms} ms",
        f"  above the card {result.above_median_ms} ms, 99th percentile {result.above_p99_ms} ms",
    )


@bench.command()
@config_option
@click.option("--runs", type=click.IntRange(1, 100), default=5, show_default=True, help="Starts to measure.")
@_json
def start(config_dir: Path, runs: int, as_json: bool) -> None:
    """From the start of the process to a welcome screen that serves, and the memory it then holds."""
    from kiosk.bench.start import measure_starts  # noqa: PLC0415 - likewise

    with _progress("starts", runs, as_json) as step:
        result = measure_starts(runs, config_dir, step)
    _say(
        result,
        as_json,
        f"{result.runs} starts",
        f"  ready after {result.median_s} s (worst {result.worst_s} s)",
        f"  memory {result.memory_mb} MB, with the card process {result.memory_with_card_process_mb} MB",
    )


@bench.command()
@config_option
@click.option("--events", type=click.IntRange(100, 1_000_000), default=5000, show_default=True, help="Events to send.")
@click.option("--batch", type=click.IntRange(1, 500), default=100, show_default=True, help="Events in one upload.")
@_json
def sync(config_dir: Path, events: int, batch: int, as_json: bool) -> None:
    """How fast one copy of the centre takes events in, beside plain COPY of the same rows."""
    from kiosk.bench.sync import measure_sync  # noqa: PLC0415 - likewise

    with _progress("events", events, as_json) as step:
        result = measure_sync(events, batch, config_dir, step)
    _say(
        result,
        as_json,
        f"{result.events} events, {result.batch} at a time",
        f"  the centre {result.centre_per_s:.0f}/s",
        f"  a batch    {result.batch_median_ms} ms, 99th percentile {result.batch_p99_ms} ms",
        f"  plain COPY {result.copy_per_s:.0f}/s",
        f"  ratio      {result.ratio}",
    )


@bench.command()
@click.option(
    "--titles", type=click.IntRange(100, 1_000_000), default=150_000, show_default=True, help="Titles there are."
)
@click.option("--queries", type=click.IntRange(10, 10_000), default=300, show_default=True, help="Of each class.")
@_json
def search(titles: int, queries: int, as_json: bool) -> None:
    """How fast titles are found at a station and at the centre, and how many of the misspelt ones."""
    from kiosk.bench.search import measure_search  # noqa: PLC0415 - likewise

    with _progress("stations, centres", 3, as_json) as step:
        result = measure_search(titles, queries, step)
    lines = [
        f"  {engine:<8} {kind:<17} median {speed[0]} ms, 99th percentile {speed[1]} ms"
        for engine, kinds in result.speed_ms.items()
        for kind, speed in kinds.items()
    ]
    lines += [
        f"  found    {kind:<17} {ours:.1%}, by the plain tokenizer {plain:.1%}"
        for kind, (ours, plain) in result.recall.items()
    ]
    _say(result, as_json, f"{result.queries} queries of each class among {result.titles} titles", *lines)


@bench.command()
@config_option
@click.option(
    "--titles", type=click.IntRange(10, 1_000_000), default=150_000, show_default=True, help="Titles there are."
)
@click.option("--items", type=click.IntRange(10, 2_000_000), default=304_000, show_default=True, help="Copies of them.")
@click.option("--patrons", type=click.IntRange(10, 500_000), default=28_000, show_default=True, help="Patrons.")
@_json
def snapshot(config_dir: Path, titles: int, items: int, patrons: int, as_json: bool) -> None:
    """From a new station's request to usable, beside a plain import of the same rows."""
    from kiosk.bench.snapshot import measure_snapshot  # noqa: PLC0415 - likewise
    from kiosk.bench.synthetic_network import SyntheticNetwork  # noqa: PLC0415 - likewise

    with _progress("stations", 3, as_json) as step:
        result = measure_snapshot(SyntheticNetwork(titles, items, patrons), config_dir, step)
    _say(
        result,
        as_json,
        f"{result.rows} rows, {result.wire_mb} MB on the wire",
        f"  usable after {result.usable_s} s, {result.again_s} s where the snapshot was there",
        f"  plain import {result.plain_s} s, ratio {result.ratio}",
        f"  peak memory  {result.station_peak_mb} MB at the station, {result.centre_peak_mb} MB at the centre",
    )


@bench.command()
@config_option
@click.option("--stations", type=click.IntRange(1, 1000), default=200, show_default=True, help="Stations at once.")
@click.option("--seconds", type=click.IntRange(2, 300), default=20, show_default=True, help="How long they ask.")
@_json
def central(config_dir: Path, stations: int, seconds: int, as_json: bool) -> None:
    """What a fleet costs one copy of the centre, and on paper 30 000 stations."""
    from kiosk.bench.central_load import measure_central  # noqa: PLC0415 - likewise

    with _progress("fleet", 2, as_json) as step:
        result = measure_central(stations, float(seconds), config_dir, step)
    _say(
        result,
        as_json,
        f"{result.stations} stations for {result.seconds} s: {result.requests} requests, {result.failed} failed",
        f"  a request {result.cpu_ms_per_request} ms of a core",
        f"  memory    {result.memory_mb} MB, {result.memory_kb_per_waiting} kB a station that waits",
        f"  on paper  30 000 stations: {result.cores_for_30000} cores, {result.memory_gb_for_30000} GB",
    )


@bench.command("another-system")
@click.option("--system", "name", default="koha", show_default=True, help="Whose manner the simulated library has.")
@click.option("--items", type=click.IntRange(1, 20), default=5, show_default=True, help="Books in the stack.")
@click.option("--pause", type=click.FloatRange(1, 1000), default=20.0, show_default=True, help="Milliseconds it takes.")
@click.option("--runs", type=click.IntRange(1, 200), default=10, show_default=True, help="Stacks to measure.")
@_json
def another_system(name: str, items: int, pause: float, runs: int, as_json: bool) -> None:
    """A stack lent by another library's system over SIP2, beside the time that system takes for its answers."""
    from kiosk.bench.another_system import measure_another_system  # noqa: PLC0415 - likewise

    with _progress("stacks", runs, as_json) as step:
        result = measure_another_system(name, items, pause, runs, step)
    _say(
        result,
        as_json,
        f"{result.items} books lent by {result.system} over SIP2, {result.runs} runs",
        f"  messages {result.messages}, each answered after {result.pause_ms} ms: {result.system_ms} ms",
        f"  median   {result.median_ms} ms, worst {result.worst_ms} ms",
        f"  ratio    {result.ratio}",
    )


@contextmanager
def _progress(what: str, total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    with complain(), Progress(console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


def _say(result: Any, as_json: bool, *lines: str) -> None:
    click.echo(json.dumps(asdict(result)) if as_json else "\n".join(lines))
