"""How the station itself is, as the sync is told by whoever built it. Nothing about patrons fits in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.wire.messages import DeviceHealth


@dataclass(frozen=True, slots=True)
class StationHealth:
    """Counts are since the last start. `settings` are the versions in force, by target."""

    screen: str = ""
    devices: tuple[DeviceHealth, ...] = ()
    paper: str = ""
    clock_trusted: bool = True
    settings: Mapping[str, int] = field(default_factory=dict)
    settings_trouble: str = ""
    visits: int = 0
    checkouts: int = 0
    failed_checkouts: int = 0
    largest_checkout: int = 0
    holds_returned: int = 0
    calls: int = 0
    cards_proven: int = 0
    cards_claimed: int = 0
    cards_refused: int = 0
