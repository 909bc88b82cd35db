"""The program of the demo: the centre, two stations of different branches, and the bench they all stand on.

A library system of somebody else, if there is one, decides at both; the centre looks after them and has the catalogue.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.console_door import door_of
from kiosk.bootstrap.demo_bench import DemoBench
from kiosk.bootstrap.demo_centre import DemoCentre, demo_centre
from kiosk.bootstrap.demo_facts import CentreFacts, GuestLedgerFacts, LedgerFacts
from kiosk.bootstrap.demo_look import Ledger, Onlooker
from kiosk.bootstrap.demo_rig import DemoRig
from kiosk.bootstrap.demo_station import Berth, await_knowledge, enrol_on_the_table, settings_on_the_table
from kiosk.bootstrap.demo_system import demo_system
from kiosk.bootstrap.demo_table import DemoTable
from kiosk.bootstrap.demo_wire import NetworkCable
from kiosk.bootstrap.house import places_of
from kiosk.bootstrap.program import log_as_told
from kiosk.bootstrap.running import Running
from kiosk.bootstrap.station import Extras, Kiosk, build
from kiosk.demo_network import DemoNetwork, load_demo
from kiosk.library.remote import RemoteLibrary
from kiosk.settings import Settings, load_settings, names_of_branches
from kiosk.settings.files import Table
from kiosk.sync.station_sync import StationSync
from kiosk.tags.afi import GATE_PROFILES
from web_ui.bench.port import BenchStation

HALL = ("central", "hall")
CHILDREN = ("children-central", None)
CONSOLE_PASSWORD = "246810"  # noqa: S105 - of the demo, and told at its door


def run_demo(config_dir: Path, folder: Path, port: int, opened: Callable[[str], None], system: str = "") -> int:
    """Run the demo until it is told to stop. *opened* gets its one address. Raises: one of `mishaps.MISHAPS`.

    *folder* keeps the databases while the demo runs; every demo begins with the same stories. *system* is whose library
    system decides, one of `demo_system.systems()`; "" is the network's own.
    """
    berths = (Berth(*HALL, "hall", port, "feig"), Berth(*CHILDREN, "hall", 0, "threem"))
    base = load_settings(config_dir, *HALL)
    log_as_told(settings_on_the_table(config_dir, berths[0], {}, folder))
    network = load_demo(config_dir, datetime.now(ZoneInfo(base.network.time_zone)).date())
    with ExitStack() as stack:
        demo = _Demo(config_dir, folder, base, network, stack, system)
        kiosks = demo.build(berths)
        for kiosk in kiosks:
            await_knowledge(kiosk)
        stack.callback(demo.pull_cables)  # first of all at the end: nobody waits for news of a centre that closes
        demo.running.heed_signals()
        opened(f"{kiosks[0].web.url}bench/")
        return demo.running.until_over()


class _Demo:
    """Puts everything together; *stack* takes it apart again."""

    def __init__(
        self, config_dir: Path, folder: Path, base: Settings, network: DemoNetwork, stack: ExitStack, system: str
    ) -> None:
        self._config_dir, self._folder, self._stack = config_dir, folder, stack
        self._zone = ZoneInfo(base.network.time_zone)
        self._kiosks: list[Kiosk] = []
        self._cables: list[NetworkCable] = []
        self._in_touch: dict[str, Callable[[], bool]] = {}
        self.running = Running(self._silent)
        # another system has the patrons and their loans; the centre has the catalogue
        known = network if not system else replace(network, patrons=(), loans=(), holds=())
        self._centre: DemoCentre = stack.enter_context(demo_centre(config_dir, folder, known))
        self._system = demo_system(system, network, base.branch.id, self._zone) if system else None
        if self._system is not None:
            stack.enter_context(self._system.simulated)
        lent = (loan.item for loan in network.loans)
        self._table = DemoTable(network, lent, base.network.isil, GATE_PROFILES[base.gate.profile])

    def build(self, berths: tuple[Berth, ...]) -> list[Kiosk]:
        """Build and start the stations, the first one with the bench; it comes last, for it shows the others."""
        lines = {berth.branch: self._line() for berth in berths}
        rigs = {berth.branch: self._rig(berth.pad, lines[berth.branch]) for berth in berths}
        told = {
            one.branch: settings_on_the_table(
                self._config_dir, one, {**rigs[one.branch].places, **self._asks(one, lines[one.branch])}, self._folder
            )
            for one in berths
        }
        for berth in berths:
            enrol_on_the_table(told[berth.branch], berth, rigs[berth.branch], self._centre)
        first, *others = (told[berth.branch] for berth in berths)
        names, places = names_of_branches(self._config_dir), places_of(self._config_dir)
        bench_pages = tuple(f"http://{host}:{first.web.port}" for host in ("127.0.0.1", "localhost"))
        beside = [self._start(one, Extras(names, pages=bench_pages, places=places)) for one in others]
        stations = (BenchStation(first.branch.id, first.branch.short, "/"), *(_shown(kiosk) for kiosk in beside))
        pages = replace(self._centre.pages, system=self._system.title if self._system else "")
        bench = DemoBench(self._table, rigs, self._onlooker(rigs, told), stations, pages)
        self._stack.enter_context(bench)
        screens = tuple(kiosk.web.url.rstrip("/") for kiosk in beside)
        return [self._start(first, Extras(names, bench, pages=screens, places=places)), *beside]

    def pull_cables(self) -> None:
        for cable in self._cables:
            cable.pull()

    def _line(self) -> NetworkCable | None:
        """Lay a cable to the library system, if there is one."""
        return None if self._system is None else self._stack.enter_context(NetworkCable(self._system.port))

    def _asks(self, berth: Berth, line: NetworkCable | None) -> Table:
        """Say in the words of the settings whom a station asks."""
        return {} if self._system is None or line is None else self._system.settings_for(berth.branch, line)

    def _rig(self, pad: str, line: NetworkCable | None) -> DemoRig:
        cable = self._stack.enter_context(NetworkCable(self._centre.port))
        self._cables.append(cable)
        return self._stack.enter_context(DemoRig(self._table, cable, pad, line))

    def _start(self, settings: Settings, extras: Extras) -> Kiosk:
        door_of(settings).set_password(CONSOLE_PASSWORD)
        kiosk = build(settings, replace(extras, on_death=self.running.die, console_hint=CONSOLE_PASSWORD))
        self._stack.enter_context(kiosk)
        self._kiosks.append(kiosk)
        self._in_touch[settings.branch.id] = _hears(kiosk)
        return kiosk

    def _onlooker(self, rigs: dict[str, DemoRig], told: dict[str, Settings]) -> Onlooker:
        page_of = LedgerFacts if self._system is None else GuestLedgerFacts
        ledgers = {branch: page_of(Path(one.store.path), self._zone) for branch, one in told.items()}
        for facts in ledgers.values():
            self._stack.callback(facts.close)
        centre = self._decides()
        return Onlooker(self._table, rigs, ledgers, centre, self._in_touch)

    def _decides(self) -> Ledger:
        if self._system is not None:
            return self._system.facts(self._zone)
        centre = CentreFacts(self._centre.database, self._zone, self._centre.network)
        self._stack.callback(centre.close)
        return centre

    def _silent(self) -> tuple[str, ...]:
        watched = [one for kiosk in self._kiosks for one in (kiosk.shell.silent, *(b.silent for b in kiosk.beside))]
        return tuple(name for silent in watched for name in silent())


def _shown(kiosk: Kiosk) -> BenchStation:
    about = kiosk.settings.branch
    return BenchStation(about.id, about.short, kiosk.web.url)


def _hears(kiosk: Kiosk) -> Callable[[], bool]:
    """Ask the station itself whether whoever decides answered it last: another system, or the centre."""
    theirs = kiosk.library
    if isinstance(theirs, RemoteLibrary):
        return lambda: not theirs.trouble
    syncs = [one for one in kiosk.beside if isinstance(one, StationSync)]
    return lambda: any(sync.weather.now().online for sync in syncs)
