"""The whole sync of one enrolled station: started beside the work, stopped with it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.store.engine import Store
from kiosk.sync import threads
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.covers import Keep, Wanted, fetching
from kiosk.sync.downloader import Downloader
from kiosk.sync.heartbeat import Pulse
from kiosk.sync.line import LONG_POLL, Line, Place, Sign
from kiosk.sync.station_health import StationHealth
from kiosk.sync.threads import SyncThread
from kiosk.sync.uploader import Uploader
from kiosk.sync.weather import Weather

SILENCE = 300.0
"""Seconds a thread may be silent: a snapshot may take minutes to be made, and every call ends by itself."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """In seconds: between heartbeats, and how long the centre may keep a question for changes."""

    heartbeat: float = 30.0
    long_poll: float = LONG_POLL


class StationSync:
    """`start`, then `stop`. *store* is the station's; the sync opens the same file for itself."""

    def __init__(
        self,
        store: Store,
        place: Place,
        sign: Sign,
        rhythm: Rhythm,
        health: Callable[[], StationHealth] = StationHealth,
    ) -> None:
        self.weather = Weather()
        self.clock = CentreClock()
        self._store = store.beside()
        self._line = Line(place, self.clock, sign)
        folder = store.path.with_name(store.path.name + ".snapshot")
        self.pulse = Pulse(self._store, self._line, self.clock, self.weather, health)
        self._threads: tuple[SyncThread, ...] = (
            threads.sending(Uploader(self._store, self._line, self.clock, self.weather), self.weather),
            threads.listening(
                Downloader(self._store, self._line, self.clock, self.weather, folder), self.weather, rhythm.long_poll
            ),
            threads.beating(self.pulse.beat, self.weather, rhythm.heartbeat),
        )
        self._running: list[threading.Thread] = []

    def fetch_covers(self, wanted: Wanted, keep: Keep) -> None:
        """Have covers fetched, too. To be said before `start`."""
        self._threads = (*self._threads, fetching(self._line, wanted, keep, self.weather))

    def start(self, on_death: Callable[[str], None]) -> None:
        self._running = [threads.start(thread, on_death) for thread in self._threads]

    def stop(self, patience: float = 1.0) -> None:
        """End the threads. One that waits for the centre to say something is left behind after *patience* seconds."""
        self.weather.end()
        until = time.monotonic() + patience
        for thread in self._running:
            thread.join(max(until - time.monotonic(), 0.01))
        self._line.close()
        self._store.close()

    def silent(self, limit: float = SILENCE) -> tuple[str, ...]:
        """Name the threads that have not beaten for *limit* seconds."""
        now = time.monotonic()
        return tuple(thread.name for thread in self._threads if now - thread.beat_at > limit)
