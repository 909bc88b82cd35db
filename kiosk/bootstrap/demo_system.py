"""The library system of a demo that is to have one of somebody else's: simulated, asked over a cable per station."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kiosk.bootstrap.demo_facts import TAIL, LedgerPage
from kiosk.bootstrap.demo_wire import LOOPBACK, NetworkCable
from kiosk.circulation.model import ItemId
from kiosk.demo_network import DemoNetwork
from kiosk.library.sip2.profile import profile_names
from kiosk.settings.files import Table
from kiosk.sip2_simulator.demo_shelf import demo_shelf
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import changed, manner, manner_names
from kiosk.sip2_simulator.outcomes import Deed
from kiosk.sip2_simulator.system import SimulatedSystem
from web_ui.bench.port import Fact

SERVICE_POINT = "5f7a3c4e-2f0b-4f6e-9a51-0c6d7e8f9a10"
"""A workstation as FOLIO wants one; the others do not mind."""
_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "lend": "lent",
        "renew": "renewed",
        "return": "returned",
        "undo": "loan-voided",
        "hold": "hold-placed",
        "unhold": "hold-cancelled",
    }
)


def systems() -> tuple[str, ...]:
    """Name the systems a demo can have: those with a manner to answer in and a profile to be asked by."""
    return tuple(name for name in manner_names() if name in profile_names())


@dataclass(frozen=True, slots=True)
class DemoSystem:
    """A library system, running while it is open. Use as a context manager."""

    name: str
    title: str
    simulated: SimulatedSystem

    @property
    def port(self) -> int:
        return self.simulated.port

    def settings_for(self, branch: str, cable: NetworkCable) -> Table:
        """Say in the words of the settings how a station of *branch* reaches it."""
        sip2 = {
            "host": LOOPBACK,
            "port": cable.port,
            "profile": self.name,
            "institution": branch,
            "location": branch,
            "user": "kiosk",
            "workstation": SERVICE_POINT,
            "overrides": {"encoding": "utf-8", "unsure_unlocks": True, "lists": "auto"},
        }
        return {"library": {"kind": "sip2", "when_silent": "both", "sip2": sip2}}

    def facts(self, zone: ZoneInfo) -> "SystemFacts":
        return SystemFacts(self.simulated.library, zone)


def demo_system(name: str, network: DemoNetwork, institution: str, zone: ZoneInfo) -> DemoSystem:
    """Make the library system called *name* of the demo's network; it listens from `simulated.start` on."""
    spoken = changed(manner(name), wire={"charset": "utf-8"}, status={"institution": institution})

    def clock() -> datetime:
        return datetime.now(zone).replace(tzinfo=None)

    return DemoSystem(name, spoken.title, SimulatedSystem(demo_shelf(network), spoken, clock=clock))


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """What the library system knows, as the bench shows ledgers."""

    library: SimulatedLibrary
    zone: ZoneInfo

    def read(self) -> LedgerPage:
        """Read loans and deeds, the newest first."""
        loans = self.library.loans
        shown = tuple(
            Fact(
                (loan.lent_at or self.library.now()).replace(tzinfo=self.zone).isoformat(timespec="seconds"),
                "lent",
                self._title(loan.item),
                loan.due.date().isoformat(),
            )
            for loan in sorted(loans, key=lambda loan: loan.lent_at or self.library.now(), reverse=True)[:TAIL]
        )
        done = [deed for deed in self.library.deeds if deed.what in _FACTS][: -TAIL - 1 : -1]
        return LedgerPage(frozenset(loan.item for loan in loans), shown, (), tuple(map(self._fact, done)))

    def _fact(self, deed: Deed) -> Fact:
        at = deed.at.replace(tzinfo=self.zone).isoformat(timespec="seconds")
        return Fact(at, _FACTS[deed.what], self._title(deed.item) if deed.item else "")

    def _title(self, item: ItemId) -> str:
        volume = self.library.volume(item)
        return volume.title if volume else item
