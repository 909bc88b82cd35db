"""The bodies of requests about one tag, as a FEIG pad wants them: which tag is meant stands in them.

Source: FEIG H01113-4e, chapter 7; H60301-3e, section 8.3 for NXP's custom commands.
"""

from drivers.tag_pads.feig_frames import CustomCode, TagCode
from drivers.tag_pads.tag_facts import uid_bytes
from kiosk.devices import TagUid

_ADDRESSED = b"\x01"
_NXP = 0x04


def addressed(code: TagCode, uid: TagUid, rest: bytes = b"") -> bytes:
    """Make the body of a command for one tag. Raises: DeviceRefused - a card, not a tag."""
    return bytes([code]) + _ADDRESSED + uid_bytes(uid) + rest


def custom(code: CustomCode, uid: TagUid) -> bytes:
    """Make the body of a command only NXP's tags know. Raises: DeviceRefused."""
    return bytes([_NXP, code]) + _ADDRESSED + uid_bytes(uid)
