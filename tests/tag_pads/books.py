"""The books the tests of pads lay down."""

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.devices import TagUid

NOVEL = TagUid("E00401003123AA26")
STACK = [TagUid(f"E0040100{number:08X}") for number in range(40)]
MEMORY = bytes(range(112))
IN_LIBRARY, ON_LOAN = 0x07, 0xC2


def book(uid: str = NOVEL, memory: bytes = MEMORY) -> SimulatedTag:
    return SimulatedTag.of(uid, memory)
