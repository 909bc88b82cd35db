"""Builds the centre from its settings: database, rules, HTTP side, pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.library import read_pepper
from kiosk.central.centre import Centre, open_centre
from kiosk.central.incarnations import check_fingerprint
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.schema import bring_up_to_date
from kiosk.circulation.model import BranchId
from kiosk.library.local import PinNeed, PinRules
from kiosk.settings import Settings, branches_in, load_settings, stations_of
from kiosk.settings.central import CentralSettings, load_central


def policies_of(config_dir: Path) -> Policies:
    """Read what every branch lends to whom. Raises: SettingsError; SecretMissing."""
    central = load_central(config_dir)
    of_branches = {branch: _any_station(config_dir, branch) for branch in branches_in(config_dir)}
    network = next(iter(of_branches.values()))
    pin = network.pin
    return Policies(
        branches={BranchId(branch): _branch_policy(settings) for branch, settings in of_branches.items()},
        zone=ZoneInfo(network.network.time_zone),
        network_name=network.network.name,
        brand=network.network.brand,
        languages=network.network.languages,
        pin=PinRules(PinNeed(pin.needed.value), pin.tries, pin.lock_minutes, read_pepper(network)),
        loan_history_days=central.privacy.loan_history_days,
        hold_shelf_days=central.holds.shelf_days,
    )


def _any_station(config_dir: Path, branch: str) -> Settings:
    """What holds in a branch holds at any of its stations: the first will do."""
    return load_settings(config_dir, branch, next(iter(stations_of(config_dir, branch)), None))


def _branch_policy(settings: Settings) -> BranchPolicy:
    about = settings.branch
    return BranchPolicy(
        id=BranchId(about.id),
        name=about.name,
        short=about.short,
        policy=settings.lending_policy(),
        hours=settings.opening_hours(),
        address=about.address,
        phone=about.phone,
        kind=about.kind.value,
    )


def database_of(central: CentralSettings, database: str | None = None) -> str:
    """Say which database is meant: the one asked for, else the environment's, else the settings'."""
    return database or os.environ.get("KIOSK_DATABASE") or central.database


def open_network(central: CentralSettings, database: str | None = None) -> Centre:
    """Open the network's database, made and brought up to date where needed.

    Raises: SchemaTooNew; CentreUnavailable. Looks whether the database was restored.
    """
    url = database_of(central, database)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    centre = open_centre(url, central.network, pool_size=min(central.serve.threads, 30))
    try:
        centre.prepare(bring_up_to_date)
        check_fingerprint(centre)
    except BaseException:
        centre.close()
        raise
    return centre


@contextmanager
def opened_centre(config_dir: Path, database: str | None = None) -> Iterator[tuple[Centre, Policies]]:
    """Open the centre for one command. Raises: one of `mishaps.MISHAPS`."""
    policies = policies_of(config_dir)
    centre = open_network(load_central(config_dir), database)
    try:
        yield centre, policies
    finally:
        centre.close()
