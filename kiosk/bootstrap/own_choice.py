"""Applies settings chosen at the station: checks them whole, starts anew with them, and sees whether they do harm."""

import logging
import threading
import time
from collections.abc import Callable

from kiosk.bootstrap.pushed_settings import PushedSettings
from kiosk.console.own_settings import OwnSettings, Table
from kiosk.settings import Settings
from kiosk.station.guarded import start_guarded
from kiosk.station.shell import Shell

log = logging.getLogger(__name__)

ROUND = 0.5


class OwnChoice:
    """`choose` from any thread. Beside the work runs the watch over a trial: `start`, then `stop`."""

    def __init__(
        self, own: OwnSettings, pushed: PushedSettings, settings: Settings, shell: Shell, start_anew: Callable[[], None]
    ) -> None:
        self._own = own
        self._pushed = pushed
        self._trial_s = settings.sync.trial_s
        self._shell = shell
        self._start_anew = start_anew
        self._over = threading.Event()
        self._beat_at = time.monotonic()
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """Say why the last choice was taken back; "" when it was not."""
        return self._own.choice.why

    def choose(self, change: Table) -> None:
        """Check *change* with all the rest and start anew with it. Raises: SettingsError; OSError: nothing changed."""
        wanted = self._own.wanted(change)
        self._pushed.check_own(wanted)
        well = tuple(one.kind.value for one in self._shell.conditions() if one.ok)
        touched = {"pad": "pad", "card_reader": "card-reader", "printer": "printer", "barcode": "scanner"}
        also = tuple(touched[name] for name in change if name in touched)
        self._own.try_out(wanted, tuple(sorted({*well, *also})))
        self._start_anew()

    def start(self, on_death: Callable[[str], None]) -> None:
        self._thread = start_guarded("own settings", self._judge, on_death)

    def stop(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def silent(self) -> tuple[str, ...]:
        return ()

    def _judge(self) -> None:
        """Prove what is on trial as soon as its devices work; take it back when they do not in time."""
        until = time.monotonic() + self._trial_s
        while self._own.choice.tried is not None and not self._over.wait(ROUND):
            well = {one.kind.value for one in self._shell.conditions() if one.ok}
            missing = [one for one in self._own.choice.devices if one not in well]
            if not missing:
                self._own.prove()
            elif time.monotonic() > until:
                self._own.fail(f"with them these did not work: {', '.join(missing)}")
                self._start_anew()
                return
