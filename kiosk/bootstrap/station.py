"""Builds a station from its settings: ledger, library, devices, threads, screens. Starts in order, stops in reverse."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from flask import Flask

from kiosk.bootstrap.equipment import equipment_of
from kiosk.bootstrap.running import Running
from kiosk.bootstrap.web_server import WebServer
from kiosk.circulation.model import BranchId
from kiosk.library.local import LocalLibrary, PinRules
from kiosk.settings import Settings
from kiosk.station.printing import Press
from kiosk.station.shell import Equipment, Shell
from kiosk.store import Store, open_store
from web_ui.station import create_app
from web_ui.texts import Texts
from web_ui.touchscreen.screens import StationFacts
from web_ui.touchscreen.voice import Voice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A whole station, built and not started. Use as a context manager, or start and stop it."""

    store: Store
    library: LocalLibrary
    shell: Shell
    app: Flask
    web: WebServer
    running: Running

    def start(self) -> None:
        """Finish what an earlier start left half done, then the threads, then the screens."""
        self.library.recover()
        self.shell.start()
        self.web.start()

    def stop(self) -> None:
        self.shell.stop()
        self.web.stop()
        self.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def open_ledger(settings: Settings) -> Store:
    """Open the station's database, made and brought up to date where needed. Raises: StoreError."""
    path = Path(settings.store.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return open_store(path, ballast_mb=settings.store.ballast_mb)


def local_library(settings: Settings, store: Store, profile_marks: bool) -> LocalLibrary:
    """The library that decides from the station's own ledger."""
    raise NotImplementedError
