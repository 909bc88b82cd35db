"""`kiosk doctor`: is this computer fit to be a station, and if not, what to do."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from kiosk.cli.options import config_option
from kiosk.doctor import (
    Device,
    Finding,
    Level,
    check_device,
    check_port,
    examine_machine,
    examine_store,
)
from kiosk.settings import Settings, SettingsError, branches_in, load_settings, stations_of
from kiosk.settings.devices import DeviceSection

_MARKS: Final = MappingProxyType({Level.GOOD: "ok  ", Level.WORRYING: "look", Level.FAILED: "FAIL"})


@click.command("doctor")
@config_option
@click.option("--branch", envvar="KIOSK_BRANCH", help="Also check what a station of this branch needs: devices, disk.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")
def doctor(config_dir: Path, branch: str | None, station: str | None, *, as_json: bool) -> None:
    """Check what a station needs, and say how to mend what is missing.

    Without --branch: the computer and the settings of every branch. With it: the devices and the disk of that
    station too; stop the station first. Ends with 1 when something fails.
    """
    failed = False
    for finding in _examine(config_dir, branch, station):
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else _line(finding))
        failed = failed or finding.level is Level.FAILED
    if failed:
        raise click.exceptions.Exit(1)


def _examine(config_dir: Path, branch: str | None, station: str | None) -> Iterator[Finding]:
    yield from examine_machine()
    if branch is None:
        for name in branches_in(config_dir):
            yield _load_branch(config_dir, name)
        return
    settings, finding = _load(config_dir, branch, station)
    yield finding
    if settings is not None:
        yield from examine_store(Path(settings.store.path))
        yield from _examine_devices(settings)


def _load_branch(config_dir: Path, branch: str) -> Finding:
    """Check the settings of every station of a branch; the first that cannot be used is the finding."""
    finding = None
    for station in stations_of(config_dir, branch) or (None,):
        finding = _load(config_dir, branch, station)[1]
        if finding.level is Level.FAILED:
            break
    assert finding is not None
    return finding


def _load(config_dir: Path, branch: str, station: str | None) -> tuple[Settings | None, Finding]:
    check = f"settings of {branch}"
    try:
        settings = load_settings(config_dir, branch, station)
    except SettingsError as err:
        return None, Finding(check, Level.FAILED, str(err), "put it right in the file it names")
    return settings, Finding(check, Level.GOOD, settings.branch.name)


def _examine_devices(settings: Settings) -> Iterator[Finding]:
    from kiosk.bootstrap.equipment import equipment_of  # noqa: PLC0415 - brings every driver along

    try:
        equipment = equipment_of(settings)
    except ValueError as err:
        yield Finding("devices", Level.FAILED, str(err), "name a driver the program has")
        return
    yield from _examine_device("pad", settings.pad, equipment.open_pad)
    yield from _examine_device("card reader", settings.card_reader, equipment.open_card_reader)
    if equipment.open_printer is not None:
        yield from _examine_device("printer", settings.printer, equipment.open_printer)
    if equipment.open_scanner is not None:
        yield from _examine_device("scanner", settings.barcode, equipment.open_scanner)


def _examine_device(name: str, section: DeviceSection, open_device: Callable[[], Device]) -> Iterator[Finding]:
    port = check_port(name, str(section.options.get("port", "")))
    if port is not None:
        yield port
    if port is None or port.level is Level.GOOD:
        yield check_device(name, open_device)


def _line(finding: Finding) -> str:
    line = f"{_MARKS[finding.level]}  {finding.check}: {finding.seen}"
    return line if not finding.remedy else f"{line}\n      -> {finding.remedy}"
