"""A station of the demo: its settings, its enrolment at the centre over its own cable, and the station itself."""

import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.bootstrap.demo_centre import DemoCentre
from kiosk.bootstrap.demo_rig import DemoRig
from kiosk.bootstrap.station import Kiosk, open_ledger
from kiosk.bootstrap.syncing import key_path
from kiosk.settings import Settings, load_settings
from kiosk.settings.files import Layer, Table, merge, read_table
from kiosk.store.replica.position import position_of
from kiosk.sync.enrolling import Applicant, enrol
from kiosk.sync.line import Place

PATIENCE = 20.0
"""Seconds a station may take to hear everything from the centre."""
LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Berth:
    """Where a station of the demo stands: branch, and which of its stations where it has several."""

    branch: str
    station: str | None
    name: str  # what the centre enrols it as
    port: int
    pad: str  # the driver of the pad that stands there


def settings_on_the_table(config_dir: Path, berth: Berth, devices: Table, folder: Path) -> Settings:
    """Make the settings of a station whose devices stand on the table. Raises: SettingsError."""
    demo = read_table(config_dir / "demo.toml", "demo.toml")
    places: Table = {
        **devices,
        "store": {"path": str(folder / f"station-{berth.branch}.db")},
        "web": {"port": berth.port},
    }
    overrides = merge((Layer("demo.toml", demo), Layer("the demo", places))).table
    return load_settings(config_dir, berth.branch, berth.station, overrides)


def enrol_on_the_table(settings: Settings, berth: Berth, rig: DemoRig, centre: DemoCentre) -> None:
    """Make the ledger and enrol the station, as a technician would. Raises: StoreError; NotEnrolled; KeyTrouble."""
    open_ledger(settings).close()
    applicant = Applicant(settings.branch.id, settings.station.lends, key_path(settings))
    enrol(applicant, centre.code_for(settings.branch.id, berth.name), Place(rig.cable.url))


def await_knowledge(kiosk: Kiosk) -> None:
    """Wait until the station has heard of every patron and copy there is."""
    until = time.monotonic() + PATIENCE
    while not position_of(kiosk.store).cursor and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
