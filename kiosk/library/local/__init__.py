"""The library that answers from the station's own ledger: no network stands between a patron and a book."""

from kiosk.library.local.desk import BranchRules, PinNeed, PinRules
from kiosk.library.local.library import LocalLibrary
from kiosk.library.local.pin_checks import pin_verifier

__all__ = ["BranchRules", "LocalLibrary", "PinNeed", "PinRules", "pin_verifier"]
