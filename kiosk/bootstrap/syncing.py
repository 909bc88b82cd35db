"""Puts the sync beside a station that was enrolled. One that was not, or whose key is damaged, works by itself."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.bootstrap.pushed_settings import PushedSettings
from kiosk.settings import Settings
from kiosk.station.shell import Shell
from kiosk.store import Store

log = logging.getLogger(__name__)


class Beside(Protocol):
    """What runs beside the work: it may be watched, and nobody waits for it."""

    def start(self, on_death: Callable[[str], None]) -> None: ...

    def stop(self) -> None: ...

    def silent(self) -> tuple[str, ...]: ...


def key_path(settings: Settings) -> Path:
    """Say where the station keeps its key: beside its ledger, unless the settings say otherwise."""
    ledger = Path(settings.store.path)
    return Path(settings.sync.key_file) if settings.sync.key_file else ledger.with_name(ledger.name + ".key")


def station_sync(settings: Settings, store: Store, shell: Shell, pushed: PushedSettings | None) -> Beside | None:
    """Build the sync of an enrolled station; None for one that keeps to itself. Never in the way of a start."""
    path = key_path(settings)
    if not path.with_name(path.name + ".identity").exists():
        return None
    from kiosk.bootstrap.enrolled_sync import health_of, sync_of  # noqa: PLC0415 - a start without it is quicker
    from kiosk.sync.key import KeyTrouble  # noqa: PLC0415 - likewise

    try:
        return sync_of(settings, store, path, lambda: health_of(shell, settings, pushed))
    except (KeyTrouble, OSError, ValueError):
        log.exception("the station works without the centre")
        return None
