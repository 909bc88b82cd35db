"""Watches the house beside the work: doors by the clock, sirens and power by whoever tells of them."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.signals.file import FileSiren
from drivers.signals.http_json import HttpSiren
from drivers.signals.nut import NutUps
from drivers.signals.power_supply import PowerSupplies
from kiosk.circulation.calendar import is_open_at, next_opening
from kiosk.circulation.model import OpeningHours
from kiosk.devices import DeviceLost, HouseSignals, SignalSource
from kiosk.settings import Settings
from kiosk.station.events import DoorsTold, Event, HouseHeard
from kiosk.station.guarded import start_guarded

log = logging.getLogger(__name__)

SLOWEST = 30.0
"""Seconds all sources together may take: a watch that hangs in one is no watch."""
LOST_FOR = 3
"""Looks in a row a source may miss before what it said last is forgotten: one lost answer is no all-clear."""


class StaffSiren:
    """The button of the staff. Safe from any thread."""

    def __init__(self) -> None:
        self._sounds = threading.Event()

    @property
    def sounds(self) -> bool:
        return self._sounds.is_set()

    def sound(self, *, on: bool) -> None:
        if on:
            self._sounds.set()
        else:
            self._sounds.clear()

    def poll(self) -> HouseSignals:
        return HouseSignals(air_raid=self._sounds.is_set())


class HouseWatch:
    """A thread that looks every *pause* seconds and tells what is another than before."""

    def __init__(
        self,
        sources: tuple[SignalSource, ...],
        hours: OpeningHours,
        now: Callable[[], datetime],
        tell: Callable[[Event], None],
        pause: float = 5.0,
    ) -> None:
        """*now* gives civil time at the branch."""
        self._sources, self._hours, self._now, self._tell, self._pause = sources, hours, now, tell, pause
        self._kept = [HouseSignals() for _ in sources]
        self._missed = [0 for _ in sources]
        self._told: tuple[HouseSignals, DoorsTold] | None = None
        self._stopping = threading.Event()
        self.beat_at = time.monotonic()

    def start(self, on_death: Callable[[str], None]) -> None:
        start_guarded("house", self._run, on_death)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(self._pause)

    def stop(self) -> None:
        self._stopping.set()

    def silent(self) -> tuple[str, ...]:
        return ("house",) if time.monotonic() - self.beat_at > SLOWEST + self._pause else ()

    def look(self) -> None:
        """Look once at everything, and tell what changed."""
        self.beat_at = time.monotonic()
        signals = HouseSignals()
        for place, source in enumerate(self._sources):
            signals = signals.beside(self._ask(place, source))
        doors = self._doors()
        told, self._told = self._told, (signals, doors)
        if told is None or told[0] != signals:
            self._tell(HouseHeard(signals))
        if told is None or told[1] != doors:
            self._tell(doors)

    def _ask(self, place: int, source: SignalSource) -> HouseSignals:
        try:
            self._kept[place] = source.poll()
            self._missed[place] = 0
        except DeviceLost as lost:
            self._missed[place] += 1
            if self._missed[place] == LOST_FOR:
                log.warning("house: %s", lost)
            if self._missed[place] >= LOST_FOR:
                self._kept[place] = HouseSignals()
        return self._kept[place]

    def _doors(self) -> DoorsTold:
        now = self._now()
        if is_open_at(now, self._hours):
            return DoorsTold(open=True)
        return DoorsTold(open=False, opens=next_opening(now, self._hours))


def house_watch(settings: Settings, tell: Callable[[Event], None], siren: SignalSource) -> HouseWatch:
    """Build the watch the settings ask for; *siren* is the staff's own button."""
    zone = ZoneInfo(settings.network.time_zone)
    pause = settings.signals.poll_s
    sources = (siren, *_sources(settings))
    return HouseWatch(sources, settings.opening_hours(), lambda: datetime.now(zone), tell, pause)


def _sources(settings: Settings) -> tuple[SignalSource, ...]:
    said = settings.signals
    found: list[SignalSource] = []
    if said.raid_file:
        found.append(FileSiren(Path(said.raid_file)))
    if said.raid_url:
        found.append(HttpSiren(said.raid_url, said.raid_field, said.raid_value))
    if said.battery:
        found.append(PowerSupplies())
    if said.ups:
        found.append(NutUps.named(said.ups))
    return tuple(found)
