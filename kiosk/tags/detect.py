"""Which model a tag follows, and what it says: the one door the rest of the program reads tags through.

The DSFID decides where the pad told it and it is one we know; else the shape of the bytes, surest sign first:

    nothing written                                                -> blank
    the CRC of ISO 28560-3 holds, as it lies or with every block reversed
    04, part and parts, 00, type, an id of ASCII                   -> 3M 501
    three of four signs of ISO 28560-3, an owner among them        -> that, damaged
    an item id element first, all that follows in order            -> ISO 28560-2
    three other signs of ISO 28560-3                               -> that, damaged
    an item id element first                                       -> ISO 28560-2, damaged or cut short
    anything else                                                  -> foreign

Pads of FEIG send every block backwards (H20800-16e, annex F), and some tags were written without undoing it.
A CRC that holds backwards is the proof; ISO 28560-2 has none, so there it takes the DSFID as well.
"""

from dataclasses import replace

from kiosk.tags import iso28560_2, iso28560_3, rfid501
from kiosk.tags.model import BadTag, TagData, TagModel, Usage, check_block_size

_UNWRITTEN_3M = b"\x55\x55"
_DATA_FORMAT = 0x1F
"""The bits of a DSFID that name the data format; the others tell the access method (ISO/IEC 15962)."""


def decode(data: bytes, dsfid: int | None = None, block_size: int = 4) -> TagData:
    """Read what a tag says from its user memory, whole or its first bytes.

    A blank or foreign tag is an answer, not an error; so is a damaged one (`crc_ok`, `fault` in `extras`).
    Raises: BadTag - surely of a model we know, and nothing sensible can be read from it.
    """
    check_block_size(block_size)
    if is_blank(data):
        return TagData(TagModel.BLANK)
    if dsfid == iso28560_3.DSFID:
        return _by_crc(data, block_size) or iso28560_3.decode(data)
    if dsfid is not None and dsfid & _DATA_FORMAT == iso28560_2.DSFID:
        return _by_elements(data, block_size)
    return _by_shape(data, block_size)


def is_blank(data: bytes) -> bool:
    """Say whether nothing was ever written: no bytes, all 00, all FF, or the 55 55 of a new 3M tag."""
    return (
        not data.strip(b"\0")
        or not data.strip(b"\xff")
        or (data.startswith(_UNWRITTEN_3M) and set(data) <= {0x55, 0x00})
    )


def reverse_blocks(data: bytes, block_size: int) -> bytes:
    """Turn every whole block around, and drop a last one that is not: how it began is unknown."""
    whole = len(data) - len(data) % block_size
    return b"".join(data[at : at + block_size][::-1] for at in range(0, whole, block_size))


def _backwards(data: bytes, block_size: int) -> list[bytes]:
    """List the bytes with blocks reversed: of the size the pad told, then of the usual ones."""
    return [reverse_blocks(data, size) for size in dict.fromkeys((block_size, 4, 8)) if size > 1]


def _by_crc(data: bytes, block_size: int) -> TagData | None:
    """Read ISO 28560-3 where its CRC proves the order of the bytes."""
    if iso28560_3.crc_holds(data):
        return iso28560_3.decode(data)
    for turned in _backwards(data, block_size):
        if iso28560_3.crc_holds(turned) and iso28560_3.looks_like(turned):
            return replace(iso28560_3.decode(turned), reversed_blocks=True)
    return None


def _by_elements(data: bytes, block_size: int) -> TagData:
    """Read ISO 28560-2 where the DSFID says so; wrong DSFIDs exist, a CRC that holds outweighs them."""
    if iso28560_3.crc_holds(data) and iso28560_3.looks_like(data):
        return iso28560_3.decode(data)
    try:
        return iso28560_2.decode(data)
    except BadTag:
        if (proven := _by_crc(data, block_size)) is not None:
            return proven
        for turned in _backwards(data, block_size):
            if iso28560_2.looks_like(turned) and (tag := _sound_elements(turned)) is not None:
                return replace(tag, reversed_blocks=True)
        raise


def _by_shape(data: bytes, block_size: int) -> TagData:
    if (proven := _by_crc(data, block_size)) is not None:
        return proven
    if rfid501.looks_like(data):
        return rfid501.decode(data)
    damaged = iso28560_3.looks_like(data)
    if damaged and iso28560_3.names_owner(data):
        return iso28560_3.decode(data)
    begins_with_item = iso28560_2.looks_like(data)
    if begins_with_item and (tag := _sound_elements(data)) is not None:
        return tag
    if damaged:
        return iso28560_3.decode(data)
    if begins_with_item:
        return iso28560_2.decode(data)
    return TagData(TagModel.FOREIGN, usage=Usage.UNKNOWN, extras=(("head", data[:16].hex().upper()),))


def _sound_elements(data: bytes) -> TagData | None:
    """Read ISO 28560-2 only where every element is in order and the id is not empty."""
    if not iso28560_2.in_order(data):
        return None
    try:
        tag = iso28560_2.decode(data)
    except BadTag:
        return None
    return tag if tag.item_id and not tag.element("fault") else None
