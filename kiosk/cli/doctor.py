"""`kiosk doctor`: is this computer fit to be a station, and if not, what to do."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from kiosk.cli.options import config_option
from kiosk.doctor.accounts import names_of_groups
from kiosk.doctor.devices import Device, check_device, check_of, check_port, devices_at_work
from kiosk.doctor.finding import Check, Finding, Level, asked
from kiosk.doctor.installation import GROUPS, check_groups, examine_installation, is_installed
from kiosk.doctor.machine import examine_machine
from kiosk.doctor.screens import examine_screen
from kiosk.doctor.services import examine_services
from kiosk.doctor.store import examine_store
from kiosk.settings import Settings, SettingsError, branches_in, load_settings, stations_of
from kiosk.settings.devices import DeviceSection

_MARKS: Final = MappingProxyType({Level.GOOD: "ok  ", Level.WORRYING: "look", Level.FAILED: "FAIL"})


@click.command("doctor")
@config_option
@click.option("--branch", envvar="KIOSK_BRANCH", help="Also check what a station of this branch needs: devices, disk.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")
def doctor(config_dir: Path, branch: str | None, station: str | None, *, as_json: bool) -> None:
    """Check what a station needs, say what is missing, why it matters, and how to mend it.

    Without --branch: the computer and the settings of every branch. With it: the disk and the devices of that
    station too, and all that the Debian package brings. Devices are opened; a station that runs is asked how they are
    instead. As root it speaks of the rights of the station's account. Ends with 1 when something fails.
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
        yield from _examine_library_system(settings)
        yield from _examine_devices(settings)
        yield from _examine_computer(config_dir, settings)


def _examine_computer(config_dir: Path, settings: Settings) -> Iterator[Finding]:
    """Check what is installed around the program; on a computer without the package only that it is not."""
    from kiosk.bootstrap.screen import address_of  # noqa: PLC0415 - likewise

    yield from examine_installation(version("littera-kiosk"), config_dir / "deploy", asked)
    if is_installed():
        yield from (check_groups(account, names_of_groups(account)) for account in GROUPS)
        yield from examine_services(asked)
        yield from examine_screen(address_of(settings), os.environ.get("PATH", os.defpath))


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
    check = Check(f"settings of {branch}", "a station does not start with settings that contradict each other")
    try:
        settings = load_settings(config_dir, branch, station)
    except SettingsError as err:
        return None, check.failed(str(err), "put it right in the file it names; `kiosk config check`")
    return settings, check.good(settings.branch.name)


def _examine_library_system(settings: Settings) -> Iterator[Finding]:
    from kiosk.bootstrap.library_doctor import examine_library_system  # noqa: PLC0415 - likewise

    if (finding := examine_library_system(settings)) is not None:
        yield finding


def _examine_devices(settings: Settings) -> Iterator[Finding]:
    from kiosk.bootstrap.card_keys import examine_card_keys  # noqa: PLC0415 - likewise
    from kiosk.bootstrap.equipment import equipment_of  # noqa: PLC0415 - brings every driver along

    yield examine_card_keys(settings)
    if (metrics := _metrics_of(settings)) is not None:
        yield from devices_at_work(metrics)
        return
    try:
        equipment = equipment_of(settings)
    except ValueError as err:
        yield check_of("devices").failed(str(err), "name a driver the program has: docs/devices")
        return
    yield from _examine_device("pad", settings.pad, equipment.open_pad)
    yield from _examine_device("card reader", settings.card_reader, equipment.open_card_reader)
    if equipment.open_printer is not None:
        yield from _examine_device("printer", settings.printer, equipment.open_printer)
    if equipment.open_scanner is not None:
        yield from _examine_device("scanner", settings.barcode, equipment.open_scanner)


def _metrics_of(settings: Settings) -> str | None:
    """Ask the station of this computer how it is; None when it does not run."""
    import httpx  # noqa: PLC0415 - likewise

    from kiosk.bootstrap.screen import address_of  # noqa: PLC0415 - likewise

    try:
        answer = httpx.get(f"{address_of(settings)}metrics", timeout=2.0)
    except httpx.HTTPError:
        return None
    return answer.text if answer.is_success else None


def _examine_device(name: str, section: DeviceSection, open_device: Callable[[], Device]) -> Iterator[Finding]:
    port = check_port(name, str(section.options.get("port", "")))
    if port is not None:
        yield port
    if port is None or port.level is Level.GOOD:
        yield check_device(name, open_device)


def _line(finding: Finding) -> str:
    line = f"{_MARKS[finding.level]}  {finding.check}: {finding.seen}"
    if finding.level is Level.GOOD:
        return line
    return f"{line}\n      why: {finding.why}\n      -> {finding.remedy}"
