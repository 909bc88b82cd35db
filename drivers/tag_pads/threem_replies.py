"""What the fields of a 3M pad's replies say: tags found, blocks read, a tag's size. Pure parsing.

Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0, sections 7.1, 7.5 and 7.18.
"""

from drivers.tag_pads.tag_facts import TagSize
from kiosk.devices import DeviceRefused, TagUid

_UID, _WITH_UID, _WITH_DSFID = 8, 0x01, 0x02
_OLD_HEAD, _NEW_HEAD = 1, 2
_OLD_EXTRA = 2  # number and lock byte before each block of an old-style answer
_BLOCK_SIZES = (4, 8)
_INFO_DSFID, _INFO_AFI, _INFO_SIZE = 0x01, 0x02, 0x04


def parse_inventory(fields: bytes) -> dict[TagUid, int | None]:
    """Return the UIDs in one answer, with the DSFID of each where it is told. The same tag twice counts once.

    Raises: DeviceRefused - the records do not fit the answer.
    """
    options, count, records = fields[1] if len(fields) > 2 else 0, fields[2] if len(fields) > 2 else 0, fields[3:]
    dsfid = bool(options & _WITH_DSFID)
    length = dsfid + _UID
    if len(fields) < 3 or not options & _WITH_UID or len(records) != count * length:
        raise DeviceRefused(f"3M pad listed tags this driver cannot tell apart: {fields.hex(' ')}")
    each = (records[at : at + length] for at in range(0, len(records), length))
    return {TagUid(one[dsfid:].hex().upper()): one[0] if dsfid else None for one in each}


def parse_blocks(told: bytes, first: int, count: int) -> tuple[int, bytes]:
    """Return how many blocks an answer to "read *count* blocks from *first*" holds, and their memory.

    old style   count, then for each block: number, lock, data
    new style   first, count, then for each block: data; or lock, data
    A pad may tell fewer blocks than it was asked for. Where two styles are as long as each other (one block), both mean
    the same bytes. Raises: DeviceRefused - the answer is neither.
    """
    for head, extra in ((_NEW_HEAD, 0), (_NEW_HEAD, 1), (_OLD_HEAD, _OLD_EXTRA)):
        blocks = told[head - 1] if len(told) >= head else 0
        fits = 0 < blocks <= count and (head == _OLD_HEAD or told[0] == first)
        for size in _BLOCK_SIZES:
            if fits and len(told) == head + blocks * (extra + size):
                return blocks, _data(told[head:], extra, size)
    raise DeviceRefused(f"3M pad answered a read with blocks that do not add up: {told.hex(' ')}")


def _data(records: bytes, extra: int, size: int) -> bytes:
    step = extra + size
    return b"".join(records[at + extra : at + step] for at in range(0, len(records), step))


def parse_size(told: bytes) -> TagSize | None:
    """Return the size in an answer about a tag; None where it is not told.

    A mask says which facts follow: DSFID, AFI, then block size and number of blocks, one less of each.
    """
    mask = told[0] if told else 0
    at = 1 + bool(mask & _INFO_DSFID) + bool(mask & _INFO_AFI)
    if not mask & _INFO_SIZE or len(told) < at + 2:
        return None
    return TagSize(told[at] + 1, told[at + 1] + 1)
