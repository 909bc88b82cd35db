"""Says how the station is, again and again. Nothing about patrons: counts, versions, devices."""

import shutil
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from kiosk.store.debts import Debts
from kiosk.store.engine import Store
from kiosk.store.outbox import Backlog, backlog
from kiosk.store.replica.position import position_of
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.keeping import Keeping
from kiosk.sync.line import Line
from kiosk.sync.station_health import StationHealth
from kiosk.sync.weather import Weather
from kiosk.wire.messages import Heartbeat

_MEGABYTE = 1 << 20


class Pulse:
    """One heartbeat after the other. For one thread."""

    def __init__(
        self, store: Store, line: Line, clock: CentreClock, weather: Weather, health: Callable[[], StationHealth]
    ) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._weather = weather
        self._health = health
        self._started = clock.now()
        self._keeping = Keeping(store, clock.now)

    def beat(self) -> None:
        """Say how we are; wake the others when there is news. Raises: SyncError, StoreError."""
        answer = self._line.heartbeat(self.heartbeat())
        self._weather.note(refused="")
        if answer.wake:
            self._weather.clear_up()
        self._keeping.when_due()

    def heartbeat(self) -> Heartbeat:
        """Gather what is told. Raises: StoreError."""
        health, report = self._health(), self._weather.now()
        waiting = self._store.look(backlog, writes=False)
        debts = self._store.look(lambda connection: len(Debts(connection, self._started).all_open()), writes=False)
        troubles = (health.settings_trouble, report.settings, report.upload, report.download)
        return Heartbeat(
            version=own_version(),
            boot=self._store.run.boot,
            epoch=self._store.run.epoch,
            started_at=self._started.isoformat(timespec="seconds"),
            clock_offset=round(self._clock.offset(), 3),
            clock_trusted=health.clock_trusted,
            queue=waiting.rows,
            oldest_unsent_s=_age(waiting, self._clock.now()),
            debts=debts,
            paper=health.paper,
            screen=health.screen,
            devices=health.devices,
            settings=dict(health.settings),
            settings_trouble="; ".join(trouble for trouble in troubles if trouble)[:2000],
            visits=health.visits,
            checkouts=health.checkouts,
            failed_checkouts=health.failed_checkouts,
            largest_checkout=health.largest_checkout,
            holds_returned=health.holds_returned,
            calls=health.calls,
            cursor=position_of(self._store).cursor[:200],
            disk_free_mb=shutil.disk_usage(self._store.path.parent).free // _MEGABYTE,
        )


def own_version() -> str:
    try:
        return version("littera-kiosk")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"


def _age(waiting: Backlog, now: datetime) -> float:
    return 0.0 if waiting.oldest is None else max(round((now - waiting.oldest).total_seconds(), 1), 0.0)
