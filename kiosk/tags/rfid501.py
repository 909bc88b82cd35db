"""3M RFID 501, the model of 3M libraries before ISO 28560. It has no checksum, no ISIL and no usage.

    byte   0    1                 2    3      4..19     20..23                    24..27   28..31
           04   part,parts        00   type   item id   branch 12, library 20     custom   00
           mark one nibble each               ASCII     bits, high first

An unwritten tag is full of 55, which is `detect`'s to know. Source: the published RFID 501 codecs and tag
captures of dpavlin/Biblio-RFID; 3M has published no text.
"""

from kiosk.tags.model import BadTag, TagData, TagModel, Usage, text_of

_MARK = 0x04
_ID, _BRANCH, _CUSTOM, _END = slice(4, 20), slice(20, 24), slice(24, 28), 32
SHORTEST = 20
"""Bytes up to the end of the item id."""

MEDIA = {
    1: "book",
    2: "magazine",
    3: "journal",
    4: "audio-tape",
    5: "video",
    6: "cd",
    9: "book+cd",
    13: "book+tape",
}
"""Type codes; 0 is anything else."""


def looks_like(octets: bytes) -> bool:
    """Say whether the bytes begin with the mark and hold an id of printable ASCII and zeros behind it."""
    if len(octets) < SHORTEST or octets[0] != _MARK or octets[2] != 0:
        return False
    text, _, padding = octets[_ID].partition(b"\0")
    return text.isascii() and text.decode("latin-1").isprintable() and not any(padding)


def decode(octets: bytes) -> TagData:
    """Read a tag of this model. Raises: BadTag - it ends inside the item id or lacks the mark."""
    if len(octets) < SHORTEST or octets[0] != _MARK:
        raise BadTag(
            f"3M 501: {len(octets)} bytes that begin with {octets[:1].hex() or 'none'}; "
            f"04 and {SHORTEST} bytes are the least"
        )
    numbers = int.from_bytes(octets[_BRANCH].ljust(4, b"\0"), "big")
    return TagData(
        model=TagModel.RFID_501,
        item_id=text_of(octets[_ID]),
        parts=octets[1] & 0x0F,
        part=octets[1] >> 4,
        extras=(
            ("media", MEDIA.get(octets[3], f"code {octets[3]}" if octets[3] else "other")),
            ("branch", str(numbers >> 20)),
            ("library", str(numbers & 0xFFFFF)),
            ("custom", str(int.from_bytes(octets[_CUSTOM].ljust(4, b"\0"), "big"))),
        ),
    )


def encode(tag: TagData) -> bytes:
    """Lay out *tag* in 32 bytes. Raises: BadTag - a value this model has no place for."""
    item_id = tag.item_id.encode()
    if not tag.item_id.isascii() or len(item_id) > 16:
        raise BadTag(f"item id {tag.item_id!r}: 3M 501 holds 16 signs of ASCII; use an ISO 28560 model")
    if not (0 <= tag.part <= 15 and 1 <= tag.parts <= 15):
        raise BadTag(f"part {tag.part} of {tag.parts}: 3M 501 counts up to 15 parts")
    if tag.owner or tag.element("title") or tag.element("shelf"):
        raise BadTag("3M 501 has no place for an owner, a title or a shelf; leave them out or use an ISO 28560 model")
    if tag.usage not in {Usage.CIRCULATING, Usage.NONE}:
        raise BadTag(f"3M 501 has no place for usage {tag.usage.value!r}; use an ISO 28560 model")
    head = bytes([_MARK, tag.part << 4 | tag.parts, 0, _media_code(tag.element("media"))])
    return (head + item_id).ljust(_END, b"\0")


def _media_code(media: str) -> int:
    if media in {"", "other"}:
        return 0
    for code, name in MEDIA.items():
        if name == media:
            return code
    raise BadTag(f"media {media!r} has no type code; use one of other, {', '.join(MEDIA.values())}")
