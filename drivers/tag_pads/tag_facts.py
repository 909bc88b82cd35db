"""What every pad driver has to know of tags, whatever the pad speaks: kinds of UID, sizes, whole blocks."""

from dataclasses import dataclass

from kiosk.devices import DeviceRefused, TagUid

FIRST_BLOCKS = 8
"""Blocks of 4 bytes that hold the 32 bytes every data model keeps the item in."""
_NXP = "E004"


@dataclass(frozen=True, slots=True)
class TagSize:
    """The user memory of a tag."""

    block_size: int
    blocks: int


def is_iso15693(uid: TagUid) -> bool:
    """Whether a UID is one of a book's tag; ISO/IEC 15693-3, section 4.1: its first byte is E0."""
    return len(uid) == 16 and uid.startswith("E0")


def has_eas(uid: TagUid) -> bool:
    """Whether a tag may know EAS: NXP's do (ISO/IEC 7816-6 manufacturer 04), no standard names it."""
    return is_iso15693(uid) and uid.startswith(_NXP)


def uid_bytes(uid: TagUid) -> bytes:
    """Return the 8 bytes of a tag's UID, first byte E0. Raises: DeviceRefused - a card, not a tag."""
    if not is_iso15693(uid):
        raise DeviceRefused(f"{uid} is no ISO 15693 tag: a card lies on the pad, take it off")
    return bytes.fromhex(uid)


def no_eas(uid: TagUid) -> DeviceRefused:
    """Make the error for switching EAS on a tag that has none."""
    return DeviceRefused(f"tag {uid} has no EAS this pad can switch: only NXP tags have; set `gate` to AFI")


def expect_whole_blocks(uid: TagUid, data: bytes, size: int) -> None:
    """Raises: DeviceRefused - *data* are not whole blocks of *size* bytes."""
    if len(data) % size:
        raise DeviceRefused(f"tag {uid} has blocks of {size} bytes: {len(data)} bytes are not whole blocks")
