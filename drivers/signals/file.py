"""A siren as a file that is there: whatever can make a file can sound it."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.devices import HouseSignals


@dataclass(frozen=True, slots=True)
class FileSiren:
    """Air raid while *path* is there."""

    path: Path

    def poll(self) -> HouseSignals:
        return HouseSignals(air_raid=self.path.exists())
