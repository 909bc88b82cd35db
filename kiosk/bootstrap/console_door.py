"""Where the password of a station's console lives: beside the ledger, as the station's key does."""

from pathlib import Path

from kiosk.console.door import Door
from kiosk.settings import Settings


def beside_ledger(settings: Settings, ending: str) -> Path:
    """Name a file of the console beside the ledger."""
    ledger = Path(settings.store.path)
    return ledger.with_name(f"{ledger.name}.{ending}")


def door_of(settings: Settings) -> Door:
    return Door(beside_ledger(settings, "console"))
