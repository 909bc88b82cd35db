"""What the centre tells, laid under what the station did itself: pages of changes, and whole snapshots.

Knows no network: whoever fetched a page or a part hands it in. Nothing here decides anything.
"""

from kiosk.store.replica.pages import take_page
from kiosk.store.replica.position import Position, position
from kiosk.store.replica.rows import Malformed
from kiosk.store.replica.snapshot import SnapshotIntake

__all__ = ["Malformed", "Position", "SnapshotIntake", "position", "take_page"]
