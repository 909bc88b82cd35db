"""What people call pads. Imports nothing: the settings use it, too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"3m": "threem", "bibliotheca": "threem", "obid": "feig", "twn4": "elatec"}
)
"""What people call a protocol besides, in small letters."""


def driver_named(word: str) -> str:
    """Find the driver people mean: `3M` is `threem`. A word nobody knows stays as it is."""
    small = word.strip().lower()
    return OTHER_NAMES.get(small, small)
