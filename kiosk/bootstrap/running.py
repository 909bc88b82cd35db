"""A program that runs until it is told to stop, and ends at once when a part of it is dead or silent.

systemd starts it again within seconds (`Restart=always`, `WatchdogSec`); what was half done is finished then.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from sdnotify import SystemdNotifier

log = logging.getLogger(__name__)

STOPPED = 0
DIED = 70
"""A thread died of an error (sysexits.h EX_SOFTWARE)."""
SILENT = 71
"""A thread was silent for too long: a device call that nothing else frees (EX_OSERR)."""
CHANGED = 75
"""The settings are others now: start it anew with them (EX_TEMPFAIL)."""
ROUND = 1.0
"""Seconds between two looks at the threads."""


class Running:
    """Waits for the end of the program. `die` may be called from any thread, `stop` from a signal."""

    def __init__(self, silent: Callable[[], tuple[str, ...]]) -> None:
        self._silent = silent
        self._over = threading.Event()
        self._code = STOPPED

    def die(self, name: str) -> None:
        """A part of the program is dead: end it, so that it is started anew whole."""
        log.critical("%s is dead: ending the program", name)
        self._code = DIED
        self._over.set()

    def stop(self) -> None:
        self._over.set()

    def start_anew(self) -> None:
        """End in good order, to be started again: the settings have changed."""
        self._code = CHANGED
        self._over.set()

    def heed_signals(self) -> None:
        """Stop in good order on SIGTERM and SIGINT. Main thread only."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def until_over(self) -> int:
        """Keep watch until the end; say the exit code. A silent thread ends the process on the spot."""
        tell_systemd = systemd_ear()
        tell_systemd("READY=1")
        while not self._over.wait(ROUND):
            if silent := self._silent():
                log.critical("no sign of life from %s: ending the program", ", ".join(silent))
                logging.shutdown()
                os._exit(SILENT)  # a thread that hangs in a device cannot be joined
            tell_systemd("WATCHDOG=1")
        tell_systemd("STOPPING=1")
        return self._code


def systemd_ear() -> Callable[[str], None]:
    """Whoever started us and wants to hear how we are (sd_notify(3)); nobody, when there is no such socket."""
    if "NOTIFY_SOCKET" not in os.environ:
        return lambda _state: None
    notifier = SystemdNotifier()
    notify: Callable[[str], None] = notifier.notify
    return notify
