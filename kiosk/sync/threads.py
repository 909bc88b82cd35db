"""The threads of the sync: one sends, one listens, one says how we are. None of them can hold up the desk.

Each has a loop of its own and ends with the station. What goes wrong is told apart here by how long to wait; what
a person must know goes into the weather report.
"""

import logging
import random
import threading
import time
from collections.abc import Callable

from kiosk.station.guarded import start_guarded
from kiosk.store.errors import StoreError
from kiosk.store.replica.rows import Malformed
from kiosk.sync.downloader import Downloader
from kiosk.sync.errors import CentreSilent, Refused, SeenTwice, SyncError
from kiosk.sync.uploader import Uploader
from kiosk.sync.weather import Weather
from kiosk.wire.backoff import Backoff

log = logging.getLogger(__name__)

GLANCE = 0.4
"""Seconds between two looks whether the journal has grown."""
UNWANTED = 300.0
"""Seconds until a station that is refused, or mixed up with another, asks again."""
UNKEPT = 60.0
"""Seconds until rows that cannot be kept are asked for again."""
LEDGER_BUSY = 5.0


class SyncThread:
    """A loop with a name that beats. *attempt* does one thing and says whether there is more to do at once."""

    def __init__(
        self,
        name: str,
        attempt: Callable[[], bool],
        idle: Callable[[], None],
        weather: Weather,
        backoff: Backoff | None = None,
    ) -> None:
        """*idle* waits for the next thing to do; it returns when the weather is over."""
        self.name = name
        self.beat_at = time.monotonic()
        self._attempt = attempt
        self._idle = idle
        self._weather = weather
        self._backoff = backoff or Backoff()

    def beat(self) -> None:
        """Say that it is alive, in the middle of something long."""
        self.beat_at = time.monotonic()

    @property
    def over(self) -> bool:
        return self._weather.over

    def run(self) -> None:
        while not self._weather.over:
            self.beat_at = time.monotonic()
            seen = self._weather.clearings
            wait = self._try()
            if wait > 0:
                self._weather.wait_out(wait, seen)
                if self._weather.clearings != seen:
                    self._backoff.reset()

    def _try(self) -> float:
        """Do one thing; say how many seconds to wait before the next, after a failure."""
        try:
            if not self._attempt():
                self._backoff.reset()
                self._idle()
        except Refused as no:
            log.error("%s: %s", self.name, no)  # noqa: TRY400 - the words say it all
            self._weather.note(refused=str(no))
            return UNWANTED
        except SeenTwice as twice:
            log.critical("%s: another station may be using our key: %s", self.name, twice)
            self._weather.note(upload=str(twice))
            return UNWANTED
        except CentreSilent as silent:
            return self._wait_for_centre(silent)
        except SyncError as error:
            log.warning("%s: %s", self.name, error)
            return self._backoff.wait()
        except Malformed as bad:
            log.error("%s: %s", self.name, bad)  # noqa: TRY400 - likewise
            return UNKEPT
        except StoreError as error:
            log.warning("%s: %s", self.name, error)
            return LEDGER_BUSY
        self._backoff.reset()
        return 0.0

    def _wait_for_centre(self, silent: CentreSilent) -> float:
        if not self._backoff.failing:
            log.warning("%s: %s", self.name, silent)
        if not silent.reached:
            self._weather.silent()
        return self._backoff.wait(silent.after)


def sending(uploader: Uploader, weather: Weather) -> SyncThread:
    """Send until nothing waits, then glance at the journal until it grows."""
    seen = [-1]

    def attempt() -> bool:
        written = uploader.news(seen[0])
        sent = uploader.send_next()
        if sent:
            weather.answered()
            weather.note(refused="")
        elif written is not None:
            seen[0] = written
        return sent

    def idle() -> None:
        clearings = weather.clearings
        while not weather.over and weather.clearings == clearings and uploader.news(seen[0]) is None:
            thread.beat_at = time.monotonic()
            weather.wait_out(GLANCE, clearings)

    thread = SyncThread("sync up", attempt, idle, weather)
    return thread


def listening(downloader: Downloader, weather: Weather, long_poll: float) -> SyncThread:
    """Take in what comes; the long poll itself is the waiting."""

    def attempt() -> bool:
        downloader.take_next(long_poll)
        weather.answered()
        weather.note(refused="")
        return True

    thread = SyncThread("sync down", attempt, lambda: None, weather)
    downloader.beat = thread.beat
    return thread


def beating(beat: Callable[[], None], weather: Weather, every: float) -> SyncThread:
    """Call *beat* about *every* seconds, whatever the weather: it is what finds out that a line is back."""

    def attempt() -> bool:
        beat()
        weather.answered()
        return False

    def idle() -> None:
        weather.wait_out(random.uniform(0.9, 1.1) * every, weather.clearings)  # noqa: S311 - spreads a fleet, hides nothing

    return SyncThread("sync beat", attempt, idle, weather, Backoff(first=every, most=every))


def start(thread: SyncThread, on_death: Callable[[str], None]) -> threading.Thread:
    """Run *thread*; one that dies of an error ends the program, as every thread of a station does."""
    # one that is over may have been left behind in a long poll while everything it stands on was closed
    return start_guarded(thread.name, thread.run, on_death, lambda: thread.over)
