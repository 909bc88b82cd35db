"""What is remembered of scans: the last copy, for a technician who tags a shelf. Nothing of whose card was scanned."""

from dataclasses import dataclass

from kiosk.barcodes import ScannedCopy
from kiosk.circulation.model import ItemId
from kiosk.station.events import BarcodeScanned, Event
from kiosk.station.workers import Tell


@dataclass(frozen=True, slots=True)
class HeardScan:
    """The last copy that was scanned. `number` counts from 1; 0 is none since the start."""

    number: int = 0
    item: ItemId | None = None


class ScanEar:
    """Passes on what the barcode scanner says, and remembers the last copy."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.last = HeardScan()

    def __call__(self, event: Event) -> None:
        if isinstance(event, BarcodeScanned) and isinstance(event.what, ScannedCopy):
            self.last = HeardScan(self.last.number + 1, event.what.item)
        self._tell(event)
