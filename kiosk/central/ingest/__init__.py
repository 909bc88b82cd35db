"""Takes in what stations tell: every event once, in order, folded into what the centre knows. Refuses no fact."""

from kiosk.central.ingest.uploads import Inconsistent, heard, set_aside, take_in

__all__ = ["Inconsistent", "heard", "set_aside", "take_in"]
