"""Watches over settings pushed from the centre: applies them when nobody is there, and sees whether they do harm.

A thread of its own, beside the work. It decides nothing (`kiosk.sync.settings_trial`), it looks and carries out.
"""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, select

from kiosk.bootstrap.pushed_settings import Document, PushedSettings
from kiosk.settings import Settings
from kiosk.station.guarded import start_guarded
from kiosk.station.shell import Shell
from kiosk.station.view import OutOfOrderView, StartingView, WelcomeView
from kiosk.store import Store, StoreError
from kiosk.store.tables import settings_documents

log = logging.getLogger(__name__)

ROUND = 1.0
"""Seconds between two looks."""
QUIET = 3
"""Looks in a row that must find nobody there before the station starts anew."""
SILENCE = 60.0


class SettingsWatch:
    """`start`, then `stop`. *start_anew* ends the program so that it is started again."""

    def __init__(
        self, pushed: PushedSettings, settings: Settings, store: Store, shell: Shell, start_anew: Callable[[], None]
    ) -> None:
        self._pushed = pushed
        self._settings = settings
        self._store = store
        self._shell = shell
        self._start_anew = start_anew
        self._over = threading.Event()
        self._quiet = 0
        self._beat_at = time.monotonic()
        self._deadline = time.monotonic() + settings.sync.trial_s
        self._thread: threading.Thread | None = None

    def start(self, on_death: Callable[[str], None]) -> None:
        self._thread = start_guarded("settings", self._run, on_death)

    def stop(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def silent(self) -> tuple[str, ...]:
        return ("settings",) if time.monotonic() - self._beat_at > SILENCE else ()

    def _run(self) -> None:
        while not self._over.wait(ROUND):
            self._beat_at = time.monotonic()
            try:
                done = self._judge() if self._pushed.trial.on_trial else self._look_for_news()
            except (StoreError, OSError) as error:
                log.warning("pushed settings: %s", error)
                continue
            if done:
                self._start_anew()
                return

    def _judge(self) -> bool:
        """At the end of the trial the station must be as well as it was before; True when it has to start anew."""
        if time.monotonic() < self._deadline:
            return False
        if missing := self._missing():
            self._pushed.fail(f"with them the station was not well: {', '.join(missing)}")
            return True
        self._pushed.prove()
        return False

    def _missing(self) -> list[str]:
        well = {one.kind.value for one in self._shell.conditions() if one.ok}
        view = self._shell.board.latest()[1]
        out_of_order = ["the screen"] if isinstance(view, StartingView | OutOfOrderView) and well else []
        return [*(device for device in self._pushed.trial.devices if device not in well), *out_of_order]

    def _look_for_news(self) -> bool:
        documents = self._store.look(_documents, writes=False)
        if not self._pushed.consider(documents, self._settings):
            return False
        self._quiet = self._quiet + 1 if self._nobody_there() else 0
        if self._quiet < QUIET:
            return False
        well = tuple(one.kind.value for one in self._shell.conditions() if one.ok)
        self._pushed.accept(documents, well)
        log.info("settings pushed from the centre are tried: %s", dict(self._pushed.trial.in_force))
        return True

    def _nobody_there(self) -> bool:
        view = self._shell.board.latest()[1]
        return isinstance(view, OutOfOrderView) or (isinstance(view, WelcomeView) and not view.lift_card)


def _documents(connection: Connection) -> tuple[Document, ...]:
    return tuple(Document(row.target, row.version, row.toml) for row in connection.execute(select(settings_documents)))
