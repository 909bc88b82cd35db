"""The program of a station, and where a program's log goes. The demo's is in `demo.py`."""

import logging
from pathlib import Path

from kiosk.bootstrap.console_door import beside_ledger as console_file
from kiosk.bootstrap.house import places_of
from kiosk.bootstrap.journal_lines import JournalFormatter, goes_to_the_journal
from kiosk.bootstrap.pushed_settings import Origin, PushedSettings, beside_ledger
from kiosk.bootstrap.station import Extras, build
from kiosk.console.own_settings import OwnSettings
from kiosk.settings import Settings, load_settings, names_of_branches


def run_station(config_dir: Path, branch: str, station: str | None, overrides: Path | None) -> int:
    """Run a station until it is told to stop; say the exit code. Raises: one of `mishaps.MISHAPS`."""
    own = load_settings(config_dir, branch, station, overrides)
    chosen = OwnSettings(console_file(own, "own-settings.json"))
    pushed = PushedSettings(Origin(config_dir, branch, station, overrides, chosen), beside_ledger(own))
    settings = pushed.load()
    log_as_told(settings)
    names, places = names_of_branches(config_dir), places_of(config_dir)
    with build(settings, Extras(branch_names=names, places=places, pushed=pushed, own=chosen)) as kiosk:
        kiosk.running.heed_signals()
        return kiosk.running.until_over()


def log_as_told(settings: Settings) -> None:
    """Send the program's log where the settings want it. Names, card numbers and titles are never in it."""
    handler = logging.FileHandler(settings.log.path) if settings.log.path else logging.StreamHandler()
    if not settings.log.path and goes_to_the_journal():
        handler.setFormatter(JournalFormatter("%(name)s: %(message)s"))  # the journal knows when, and how grave
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log.level.upper(), handlers=[handler])
    logging.getLogger("waitress").setLevel(logging.ERROR)  # its queue warnings are not a fault here
