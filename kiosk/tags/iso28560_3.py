"""ISO 28560-3, fixed length encoding, which the Danish model DS/INF 163 became. DSFID 3E.

    byte 0           1       2      3..18     19..20           21..22    23..33         34...
    version, usage   parts   part   item id   CRC, low first   country   rest of ISIL   extension blocks

A tag of 32 bytes or fewer holds the block cut off there; the CRC runs over bytes 0..18 and 21..33 all the
same, the missing ones as 00. Item ids over 16 bytes leave 01 at byte 3 and stand in the library extension
block. Byte 0 is one nibble version 1 and one nibble usage, and writers dispute which is which: the nibble
that is not 1 is the usage. Source: ISO 28560-3, section on the basic block.

Reads bytes in tag order only; who tries other orders is `detect`.
"""

from typing import Literal

from kiosk.tags.crc import crc16
from kiosk.tags.extension_blocks import LIBRARY, SUPPLEMENT, TITLE, Chain, read_chain, write_block
from kiosk.tags.model import (
    BadTag,
    TagData,
    TagModel,
    Usage,
    canonical_owner,
    code_of,
    split_owner,
    text_of,
    usage_of,
)

DSFID = 0x3E
BASIC_BLOCK = 34
SHORTEST = 21
"""Bytes up to the CRC: fewer cannot be told from noise."""

VersionNibble = Literal["high", "low"]

_VERSION = 1
_ID_ELSEWHERE = 0x01
_ID_ROOM, _REST_ROOM = 16, 11


def crc_holds(octets: bytes) -> bool:
    """Say whether the CRC on the tag is that of its basic block."""
    return len(octets) >= SHORTEST and _crc_stored(octets) == _crc_due(octets)


def decode(octets: bytes) -> TagData:
    """Read a tag of this model, its CRC right or wrong. Raises: BadTag - it ends before its CRC."""
    if len(octets) < SHORTEST:
        raise BadTag(f"ISO 28560-3: {len(octets)} bytes, the CRC ends at byte {SHORTEST}; read the tag again")
    sound, chain = crc_holds(octets), read_chain(octets, BASIC_BLOCK)
    item_id, id_sound = _item_id(octets, chain)
    usage_code = _usage_code(octets[0])
    faults = [] if sound else [f"CRC on the tag {_crc_stored(octets):04X}, of its bytes {_crc_due(octets):04X}"]
    return TagData(
        model=TagModel.ISO_28560_3,
        item_id=item_id,
        owner=_owner(octets, chain),
        parts=octets[1],
        part=octets[2],
        usage=Usage.UNKNOWN if usage_code is None else usage_of(usage_code),
        crc_ok=sound and id_sound,
        extras=(
            ("usage_code", f"{octets[0]:02X}" if usage_code is None else f"{usage_code:X}"),
            *_further(chain),
            *(("fault", text) for text in (*faults, *chain.faults)),
        ),
        cut_short=chain.cut_short or (len(octets) < BASIC_BLOCK and not sound) or _id_beyond(octets),
    )


def encode(tag: TagData, version_nibble: VersionNibble = "high") -> bytes:
    """Lay out *tag*: 34 bytes, then extension blocks and an end byte where it needs any.

    Cutting zeros off the end, or adding some, keeps the CRC right. Raises: BadTag - a value has no place.
    """
    if not (0 <= tag.part <= 255 and 1 <= tag.parts <= 255):
        raise BadTag(f"part {tag.part} of {tag.parts}: ISO 28560-3 counts up to 255 parts, one byte each")
    item_id, owner, long_id, long_owner = tag.item_id.encode(), b"", "", ""
    if len(item_id) > _ID_ROOM:
        item_id, long_id = bytes([_ID_ELSEWHERE]), tag.item_id
    if tag.owner:
        prefix, rest = split_owner(tag.owner)
        long_owner = f"{prefix}-{rest}" if len(prefix) != 2 else ""
        owner = b"" if long_owner else f"{prefix}{rest}".encode()
    usage = code_of(tag.usage)
    first = _VERSION << 4 | usage if version_nibble == "high" else usage << 4 | _VERSION
    block = bytes([first, tag.parts, tag.part]) + item_id.ljust(_ID_ROOM, b"\0")
    block += b"\0\0" + owner.ljust(2 + _REST_ROOM, b"\0")
    crc = _crc_due(block).to_bytes(2, "little")
    extensions = (
        write_block(LIBRARY, media=tag.element("media"), item_id=long_id, owner=long_owner)
        + write_block(SUPPLEMENT, shelf=tag.element("shelf"))
        + write_block(TITLE, title=tag.element("title"))
    )
    return block[:19] + crc + block[21:] + (extensions + b"\0" if extensions else b"")


def looks_like(octets: bytes) -> bool:
    """Say whether damaged bytes may be of this model: one damaged byte spoils at most one of four signs."""
    if len(octets) < SHORTEST:
        return False
    signs = (
        (usage := _usage_code(octets[0])) is not None and usage_of(usage) is not Usage.UNKNOWN,
        octets[1] > 0 and octets[2] <= octets[1],
        _is_text(octets[3:19]) or octets[3] == _ID_ELSEWHERE,
        names_owner(octets),
    )
    return sum(signs) >= 3


def names_owner(octets: bytes) -> bool:
    """Say whether a country in letters and a text stand where this model has its owner."""
    return octets[21:23].isalpha() and _is_text(octets[23:BASIC_BLOCK])


def _crc_stored(octets: bytes) -> int:
    return int.from_bytes(octets[19:21], "little")


def _crc_due(octets: bytes) -> int:
    whole = octets[:BASIC_BLOCK].ljust(BASIC_BLOCK, b"\0")
    return crc16(whole[:19] + whole[21:])


def _usage_code(first: int) -> int | None:
    """Tell the usage nibble of byte 0 from the version nibble; None when neither is version 1."""
    high, low = first >> 4, first & 0x0F
    if high == _VERSION:
        return low
    return high if low == _VERSION else None


def _item_id(octets: bytes, chain: Chain) -> tuple[str, bool]:
    """Find the item id and say whether a checksum vouches for where it stood."""
    if octets[3] != _ID_ELSEWHERE:
        return text_of(octets[3:19]), True
    for block in chain.blocks:
        if item_id := block.field("item_id"):
            return item_id, block.sound
    return "", True


def _id_beyond(octets: bytes) -> bool:
    return octets[3] == _ID_ELSEWHERE and len(octets) <= BASIC_BLOCK


def _owner(octets: bytes, chain: Chain) -> str:
    for block in chain.blocks:
        if block.sound and (owner := block.field("owner")):
            return owner
    country, rest = text_of(octets[21:23]), text_of(octets[23:BASIC_BLOCK]).lstrip("-")
    try:
        return canonical_owner(f"{country}-{rest}")
    except BadTag:
        return "-".join(part for part in (country, rest) if part)


def _further(chain: Chain) -> list[tuple[str, str]]:
    known = {"item_id": "long_item_id", "owner": "long_owner"}
    return [(known.get(name, name), text) for block in chain.blocks for name, text in block.fields]


def _is_text(field: bytes) -> bool:
    text, _, padding = field.partition(b"\0")
    try:
        return text.decode().isprintable() and not any(padding)
    except UnicodeDecodeError:
        return False
