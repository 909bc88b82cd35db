"""ISO 28560-2, elements of free length (in China GB/T 35660.2). DSFID 06.

The item id comes first and ends on a block border, so that it can be locked; then the content parameter, a
bitmap of what follows with OID 3 as its highest bit; then what may change; last the owner, again on a border,
to be locked. Source: ISO 28560-2, sections on encoding and annex D; the meaning of the OIDs: ISO 28560-1.

Where an element begins is `elements`' business, how its text is packed that of `compaction` and `isil`.
"""

from kiosk.tags.compaction import Compaction, compact, expand
from kiosk.tags.elements import Element, Stream, read_stream
from kiosk.tags.extension_blocks import MEDIA, media_code
from kiosk.tags.isil import compact_isil, expand_isil
from kiosk.tags.model import BadTag, TagData, TagModel, Usage, canonical_owner, code_of, usage_of

DSFID = 0x06

_ITEM_ID, _CONTENT, _OWNER, _SET, _USAGE, _SHELF, _TITLE, _MEDIA = 1, 2, 3, 4, 5, 6, 17, 19
_NAMES = {
    6: "shelf",
    7: "onix_media",
    8: "marc_media",
    9: "supplier",
    10: "order",
    11: "ill_institution",
    12: "ill_transaction",
    13: "gs1",
    14: "alternative_unique_id",
    15: "local_a",
    16: "local_b",
    17: "title",
    18: "local_product",
    20: "stage",
    21: "invoice",
    22: "alternative_item_id",
    23: "alternative_owner",
    24: "subsidiary",
    25: "alternative_ill_institution",
    26: "local_c",
}
_KNOWN = frozenset({_ITEM_ID, _CONTENT, _OWNER, _SET, _USAGE, _MEDIA, *_NAMES})
_ISILS = frozenset({3, 11})
_LOWEST_BIT = 34
"""The OID of the last bit in a content parameter of four bytes, whose first bit is OID 3."""
_WIDEST_PADS = 7
"""A pad ends at a block border and library tags have blocks of 4 or 8 bytes; NFC tags begin E1 with more."""

_LEAST_INTEGER = 10
"""One digit is never written as an integer; the first bytes of an ISO 28560-3 tag, 11 01 01, read like that."""


def decode(octets: bytes) -> TagData:
    """Read a tag of this model. Raises: BadTag - no item id can be read from it."""
    stream = read_stream(octets)
    item_id = _item_id(stream)
    faults = [stream.fault] if stream.fault else []
    parts, part = _set_of(stream, faults)
    usage, usage_code = _usage_of(stream, faults)
    extras = [("usage_code", usage_code)] if usage_code else []
    for element in stream.elements:
        extras += _further(element, faults)
    return TagData(
        model=TagModel.ISO_28560_2,
        item_id=item_id,
        owner=_text_or_fault(stream.find(_OWNER), faults),
        parts=parts,
        part=part,
        usage=usage,
        extras=(*extras, *(("fault", fault) for fault in dict.fromkeys(faults))),
        cut_short=stream.cut_short,
    )


def looks_like(octets: bytes) -> bool:
    """Say whether the bytes begin like this model: an item id that fits, then no or another element."""
    stream = read_stream(octets)
    if not stream.elements or (first := stream.elements[0]).oid != _ITEM_ID or not first.octets:
        return False
    if first.at or first.compaction == Compaction.APPLICATION or first.pads > _WIDEST_PADS:
        return False
    if first.compaction == Compaction.INTEGER and int.from_bytes(first.octets, "big") < _LEAST_INTEGER:
        return False
    follower = octets[first.end : first.end + 1]
    return follower in {b"", b"\0"} or follower[0] & 0x0F > _ITEM_ID


def in_order(octets: bytes) -> bool:
    """Say whether all is as the standard wants it.

    Every element is one of its own, stands once, fits its kind and is filled by its text; behind the last is nothing.
    """
    stream = read_stream(octets)
    oids = [element.oid for element in stream.elements]
    return (
        not stream.fault
        and not any(octets[max((element.end for element in stream.elements), default=0) :])
        and len(set(oids)) == len(oids)
        and all(oid in _KNOWN for oid in oids)
        and all(_fits(element) for element in stream.elements)
    )


def _fits(element: Element) -> bool:
    match element.compaction:
        case Compaction.APPLICATION:
            return element.oid in _ISILS | {_CONTENT}
        case Compaction.OCTETS | Compaction.UTF8:
            return element.oid != _CONTENT and not any(element.octets.partition(b"\0")[2])
        case _:
            return element.oid != _CONTENT


def encode(tag: TagData, block_size: int = 4) -> bytes:
    """Lay out *tag*, texts in their shortest compaction, whole blocks. Raises: BadTag - no place."""
    changing = _changing(tag)
    owner = [Element(_OWNER, Compaction.APPLICATION, compact_isil(canonical_owner(tag.owner)))] if tag.owner else []
    first = Element(_ITEM_ID, *compact(tag.item_id)).to_bytes(border=block_size)
    if not changing and not owner:
        return first
    content = Element(_CONTENT, Compaction.APPLICATION, _bitmap([element.oid for element in changing + owner]))
    return first + _aligned([content, *changing], block_size) + _aligned(owner, block_size)


def _changing(tag: TagData) -> list[Element]:
    """List what follows the content parameter and may be written again later."""
    elements = []
    if (tag.parts, tag.part) != (1, 1):
        elements.append(Element(_SET, *compact(_set_text(tag.parts, tag.part))))
    if tag.usage is not Usage.NONE:
        elements.append(_coded(_USAGE, code_of(tag.usage) << 4))
    for oid, text in ((_SHELF, tag.element("shelf")), (_TITLE, tag.element("title"))):
        if text:
            elements.append(Element(oid, *compact(text)))
    if media := media_code(tag.element("media")):
        elements.append(_coded(_MEDIA, media))
    return elements


def _coded(oid: int, octet: int) -> Element:
    """Write a coded octet as two half-byte digits: so it reads the same by every habit of reading it."""
    return Element(oid, Compaction.NUMERIC, bytes([octet]))


def _aligned(elements: list[Element], border: int) -> bytes:
    """Join elements; the last one takes the pads that bring their end to a border."""
    if not elements:
        return b""
    *others, last = elements
    head = b"".join(element.to_bytes() for element in others)
    return head + last.to_bytes(at=len(head), border=border)


def _bitmap(oids: list[int]) -> bytes:
    """Write which OIDs follow, OID 3 first; zero bytes at the end say nothing and are left out."""
    bits = sum(1 << (_LOWEST_BIT - oid) for oid in oids)
    return bits.to_bytes(4, "big").rstrip(b"\0")


def _read_bitmap(octets: bytes) -> str:
    bits = "".join(f"{octet:08b}" for octet in octets)
    return " ".join(str(oid) for oid, bit in enumerate(bits, start=3) if bit == "1")


def _text(element: Element) -> str:
    if element.compaction == Compaction.APPLICATION and element.oid in _ISILS:
        return expand_isil(element.octets)
    return expand(element.compaction, element.octets)


def _item_id(stream: Stream) -> str:
    if (element := stream.find(_ITEM_ID)) is None:
        ending = stream.fault or "no element of it is the item id"
        raise BadTag(f"ISO 28560-2: {ending}; read the whole tag, or write it anew")
    try:
        text = _text(element)
    except BadTag as why:
        raise BadTag(f"ISO 28560-2: item id at byte {element.at}: {why}; write the tag anew") from why
    if not text.isprintable():
        raise BadTag(f"ISO 28560-2: item id at byte {element.at} holds control signs: {text!r}; write the tag anew")
    return text


def _text_or_fault(element: Element | None, faults: list[str]) -> str:
    if element is None:
        return ""
    try:
        return _text(element)
    except BadTag as why:
        faults.append(f"element {element.oid} at byte {element.at}: {why}")
        return ""


def _set_of(stream: Stream, faults: list[str]) -> tuple[int, int]:
    """Read `1203` as part 3 of 12: two numbers of equal length.

    Of an odd number of digits one zero is lost: the leading one of an integer, `302`. Where that would be a part
    beyond the last, it is the part's own: `123` is part 3 of 12.
    """
    digits = _text_or_fault(stream.find(_SET), faults)
    if not digits:
        return 1, 1
    if not (digits.isascii() and digits.isdigit()):
        faults.append(f"set information {digits!r} is no number")
        return 1, 1
    half = len(digits) // 2
    parts, part = int(digits[:half] or "0"), int(digits[half:])
    if len(digits) % 2 and part > parts:
        parts, part = int(digits[: half + 1]), int(digits[half + 1 :] or "0")
    return parts, part


def _set_text(parts: int, part: int) -> str:
    if not (0 <= part <= 999 and 1 <= parts <= 999):
        raise BadTag(f"part {part} of {parts}: set information counts up to 999 parts")
    width = len(str(max(parts, part)))
    return f"{parts:0{width}}{part:0{width}}"


def _usage_of(stream: Stream, faults: list[str]) -> tuple[Usage, str]:
    """Read the usage and its code: two hexadecimal digits, main qualifier and subdivision.

    Writers disagree: the octet 10 comes as octet, as two half-byte digits, as number ten, and `1` or `10` as
    text. The octet 80 under the head of a number would be 128, which no code is: it is read as the octet.
    """
    element = stream.find(_USAGE)
    if element is None or not element.octets:
        return Usage.NONE, ""
    code = _code(element, faults)
    return (usage_of(int(code[0], 16)) if code else Usage.UNKNOWN), code


def _code(element: Element, faults: list[str]) -> str:
    """Read a coded octet as hexadecimal digits, `` when there is no sense in it."""
    octets, mode = element.octets, element.compaction
    written_as_octet = mode in {Compaction.APPLICATION, Compaction.OCTETS, Compaction.UTF8}
    if len(octets) == 1 and written_as_octet and not octets.isdigit():
        return octets.hex().upper()
    text = _text_or_fault(element, faults).upper()
    if 1 <= len(text) <= 2 and all(digit in "0123456789ABCDEF" for digit in text):
        return text
    if len(octets) == 1 and mode == Compaction.INTEGER:
        return octets.hex().upper()
    faults.append(f"element {element.oid} at byte {element.at} is no code: {octets.hex().upper()}")
    return ""


def _further(element: Element, faults: list[str]) -> list[tuple[str, str]]:
    """Name what an element adds beyond the values every model has."""
    match element.oid:
        case 1 | 3 | 4 | 5:
            return []
        case 2 if element.compaction == Compaction.APPLICATION:
            text, name = _read_bitmap(element.octets), "content"
        case 2:
            faults.append(f"content parameter at byte {element.at} is no bitmap")
            return []
        case 19:
            text, name = _media(element, faults), "media"
        case oid if oid in _NAMES and _is_text(element):
            text, name = _text_or_fault(element, faults), _NAMES[oid]
        case oid:
            text, name = element.octets.hex().upper(), _NAMES.get(oid, f"element-{oid}")
    return [(name, text)] if text else []


def _is_text(element: Element) -> bool:
    return element.compaction != Compaction.APPLICATION or element.oid in _ISILS


def _media(element: Element, faults: list[str]) -> str:
    code = _code(element, faults)
    return MEDIA.get(int(code, 16), f"code {int(code, 16)}") if code else ""
