"""The two programs there are: the station, and the demo, which is a station on a table of simulated devices."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.demo_bench import DemoBench
from kiosk.bootstrap.demo_facts import LedgerFacts
from kiosk.bootstrap.demo_table import DemoTable
from kiosk.bootstrap.pushed_settings import Origin, PushedSettings, beside_ledger
from kiosk.bootstrap.seeding import seed_demo
from kiosk.bootstrap.station import Extras, build
from kiosk.demo_network import load_demo
from kiosk.settings import Settings, load_settings, names_of_branches
from kiosk.settings.files import Layer, Table, merge, read_table
from kiosk.tags.afi import GATE_PROFILES

DEMO_BRANCH, DEMO_STATION = "central", "hall"


def run_station(config_dir: Path, branch: str, station: str | None, overrides: Path | None) -> int:
    """Run a station until it is told to stop; say the exit code. Raises: one of `mishaps.MISHAPS`."""
    own = load_settings(config_dir, branch, station, overrides)
    pushed = PushedSettings(Origin(config_dir, branch, station, overrides), beside_ledger(own))
    settings = pushed.load()
    log_as_told(settings)
    with build(settings, Extras(branch_names=names_of_branches(config_dir), pushed=pushed)) as kiosk:
        kiosk.running.heed_signals()
        return kiosk.running.until_over()


def run_demo(config_dir: Path, folder: Path, port: int, opened: Callable[[str], None]) -> int:
    """Run the demo until it is told to stop. *opened* gets its one address. Raises: one of `mishaps.MISHAPS`.

    *folder* keeps the ledger while the demo runs; every demo begins with the same stories.
    """
    base = load_settings(config_dir, DEMO_BRANCH, DEMO_STATION)
    profile = GATE_PROFILES[base.gate.profile]
    network = load_demo(config_dir, datetime.now(ZoneInfo(base.network.time_zone)).date())
    with ExitStack() as stack:
        lent = (loan.item for loan in network.loans)
        table = stack.enter_context(DemoTable(network, lent, base.network.isil, profile))
        overrides = _on_the_table(read_table(config_dir / "demo.toml", "demo.toml"), table, folder, port)
        settings = load_settings(config_dir, DEMO_BRANCH, DEMO_STATION, overrides)
        log_as_told(settings)
        seed_demo(settings, network)
        facts = LedgerFacts(Path(settings.store.path), ZoneInfo(settings.network.time_zone))
        stack.callback(facts.close)
        bench = stack.enter_context(DemoBench(table, facts))
        kiosk = stack.enter_context(build(settings, Extras(names_of_branches(config_dir), bench)))
        kiosk.running.heed_signals()
        opened(f"{kiosk.web.url}bench/")
        return kiosk.running.until_over()


def _on_the_table(demo: Table, table: DemoTable, folder: Path, port: int) -> Table:
    """The demo's settings with the devices where they really are."""
    places: dict[str, object] = {
        "pad": {"feig": {"port": table.pad_port, "parity": "N"}},
        "card_reader": {"pcsc": {"socket": str(table.pcscd.socket)}},
        "printer": {"escpos": {"port": table.printer_port}},
        "store": {"path": str(folder / "station.db")},
        "web": {"port": port},
    }
    return merge((Layer("demo.toml", demo), Layer("the demo", places))).table


def log_as_told(settings: Settings) -> None:
    """Send the program's log where the settings want it. Names, card numbers and titles are never in it."""
    logging.basicConfig(
        level=settings.log.level.upper(),
        filename=settings.log.path or None,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("waitress").setLevel(logging.ERROR)  # its queue warnings are not a fault here
