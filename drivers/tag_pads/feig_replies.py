"""What the bodies of a FEIG pad's replies say: tags found, blocks read, a tag's size, the pad itself. Pure
parsing.

Source: FEIG H01113-4e, chapters 6 and 7; H20800-16e, annex F for the byte order inside a block.
"""

from dataclasses import dataclass

from drivers.tag_pads.feig_frames import Reply
from drivers.tag_pads.tag_facts import TagSize
from kiosk.devices import DeviceRefused, TagUid

_ISO15693, _ISO14443A = 0x03, 0x04
_RECORD = 10
_LONG_CARD_RECORD = 13  # an ISO 14443A card of cascade level 3 has a UID of 10 bytes

_MODELS = {
    30: "ID ISC.M01", 31: "ID ISC.M02", 33: "ID ISC.M02.M8", 40: "ID ISC.LR100", 41: "ID ISC.LR200",
    60: "ID ISC.PRH101", 61: "ID ISC.PRH101-U", 62: "ID ISC.PRHD102", 71: "ID ISC.PRH100-U",
    72: "ID ISC.PRH100-U", 73: "ID ISC.MR100-U", 74: "ID ISC.MR100", 75: "ID ISC.MR200", 76: "ID ISC.MR101",
    77: "ID ISC.MR102", 78: "ID ISC.MR101-U", 80: "ID CPR.M02", 81: "ID CPR.02", 82: "ID CPR40-U",
    83: "ID CPR40", 84: "ID CPR50", 85: "ID CPR44", 86: "ID CPR30", 87: "ID CPR52", 88: "ID CPR.04-U",
    89: "ID CPR46", 111: "ID CPR47", 114: "ID CPR74",
}  # fmt: skip
_CLASSIC_PRO = range(80, 120)
_CLASSIC_PRO_READS = 128


@dataclass(frozen=True, slots=True)
class PadDescription:
    """What a pad says of itself (0x65, 0x66)."""

    model: str
    firmware: str
    rx_buffer: int
    tx_buffer: int
    most_read: int | None
    """Bytes of tag memory one command may read; None where only the buffer counts."""


def describe_pad(version: bytes, description: bytes) -> PadDescription:
    """Read SW-REV, HW-TYPE and SW-TYPE from 0x65, and the buffer sizes that 0x66 puts after them.

    A pad that does not tell its buffers gets those of the smallest standard frame.
    """
    software = version[4] if len(version) > 4 else 0
    revision = ".".join(str(byte) for byte in version[:3])
    buffers = description[7:11]
    rx, tx = (int.from_bytes(buffers[:2], "big"), int.from_bytes(buffers[2:], "big")) if len(buffers) == 4 else (0, 0)
    return PadDescription(
        model=f"FEIG {_MODELS.get(software, f'OBID type {software}')}",
        firmware=revision,
        rx_buffer=rx or 255,
        tx_buffer=tx or 255,
        most_read=_CLASSIC_PRO_READS if software in _CLASSIC_PRO else None,
    )


def parse_inventory(reply: Reply) -> dict[TagUid, int | None]:
    """Return the UIDs in one answer, with the DSFID of each ISO 15693 tag. The same tag twice counts once.

    Raises: DeviceRefused - the records do not fit the answer.
    """
    if not reply.body:
        return {}
    lengths = _record_lengths(reply.body[1:], reply.body[0])
    if lengths is None:
        raise DeviceRefused(f"FEIG pad listed tags this driver cannot tell apart: {reply.body.hex(' ')}")
    found: dict[TagUid, int | None] = {}
    at = 1
    for length in lengths:
        uid, dsfid = _parse_record(reply.body[at : at + length])
        found[uid] = dsfid
        at += length
    return found


def _record_lengths(records: bytes, count: int) -> list[int] | None:
    """Say how long each record is; the length of an ISO 14443A one is known only from what follows it."""
    if count == 0:
        return [] if not records else None
    for length in (_RECORD, _LONG_CARD_RECORD) if records[:1] == bytes([_ISO14443A]) else (_RECORD,):
        if len(records) < length:
            continue
        if (others := _record_lengths(records[length:], count - 1)) is not None:
            return [length, *others]
    return None


def _parse_record(record: bytes) -> tuple[TagUid, int | None]:
    kind, dsfid = record[0], record[1]
    if kind == _ISO15693:
        return TagUid(record[2:].hex().upper()), dsfid
    uid = (record[3:] if kind == _ISO14443A else record[2:]).hex().upper()
    return TagUid(f"00{uid}" if uid.startswith("E0") else uid), None


def parse_blocks(reply: Reply) -> tuple[int, bytes]:
    """Return block size and memory, block bytes turned back into tag order.

    Raises: DeviceRefused - the answer is not as long as it says.
    """
    count, size = (reply.body[0], reply.body[1]) if len(reply.body) >= 2 else (0, 0)
    records = reply.body[2:]
    if size == 0 or len(records) != count * (size + 1):
        raise DeviceRefused(f"FEIG pad answered a read with blocks that do not add up: {reply.body.hex(' ')}")
    blocks = (records[at + 1 : at + 1 + size][::-1] for at in range(0, len(records), size + 1))
    return size, b"".join(blocks)


def turn_blocks(memory: bytes, size: int) -> bytes:
    """Turn memory in tag order into what travels: each block back to front."""
    return b"".join(memory[at : at + size][::-1] for at in range(0, len(memory), size))


def parse_system(reply: Reply) -> tuple[int, TagSize]:
    """Return AFI and size of a tag (0x2B).

    MEM-SIZE is the block size, then the number of blocks. Pads pass on the tag's raw value, which is one
    less of each; sizes are 4 or 8, so 3 and 7 tell the raw form.
    Raises: DeviceRefused - the answer is too short.
    """
    if len(reply.body) < 12:
        raise DeviceRefused(f"FEIG pad described the tag in too few bytes: {reply.body.hex(' ')}")
    afi, size, count = reply.body[9:12]
    return afi, TagSize(size + 1, count + 1) if size in {3, 7} else TagSize(size, count)
