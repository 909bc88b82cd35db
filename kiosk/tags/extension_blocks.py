"""The extension blocks that follow the basic block of ISO 28560-3: title, shelf, media, long item ids.

    offset   0        1..2             3     4...
             length   id, low first    xor   fields parted by 00, empty ones at the end left out

The length counts the whole block; 00 there ends the chain, 01 is one byte of filling. The xor makes the xor
of all bytes of the block zero. An id with high byte FF goes on in one more byte at offset 4. The library
block (1) begins with one byte of media format. Source: ISO 28560-3, section on extension blocks (before it
DS/INF 163-1).

Damage stays in its block: it is reported beside what could be read.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

from kiosk.tags.model import BadTag, text_of

LIBRARY, SUPPLEMENT, TITLE = 1, 3, 4

_FIELDS = {
    LIBRARY: ("item_id", "owner"),
    2: ("supplier", "local_product", "order", "invoice", "gs1", "stage"),
    SUPPLEMENT: ("shelf", "marc_media", "onix_media", "subsidiary"),
    TITLE: ("title",),
    5: ("ill_institution", "ill_transaction", "alternative_ill_institution"),
}
MEDIA = {1: "book", 2: "cd-dvd", 3: "tape"}
"""Media formats of the library block; 0 says nothing."""

_HEAD = 4
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Block:
    """One block: id, fields by name (of unknown ones hex as `block-<id>`), whether its xor holds."""

    id: int
    fields: tuple[tuple[str, str], ...]
    sound: bool

    def field(self, name: str) -> str:
        return next((text for key, text in self.fields if key == name), "")


@dataclass(frozen=True, slots=True)
class Chain:
    """All blocks in tag order, what was wrong with them, and whether the bytes ended inside one."""

    blocks: tuple[Block, ...] = ()
    faults: tuple[str, ...] = ()
    cut_short: bool = False


def read_chain(octets: bytes, start: int) -> Chain:
    """Read the blocks from byte *start* to the end block. Never fails."""
    blocks: list[Block] = []
    faults: list[str] = []
    at = start
    while at < len(octets) and (length := octets[at]):
        if length == 1:
            at += 1
            continue
        raw = octets[at : at + length]
        if length < _HEAD:
            faults.append(f"extension block at byte {at} says it is {length} bytes long; {_HEAD} is the least")
            break
        if len(raw) < length:
            faults.append(f"extension block at byte {at} needs {length} bytes, {len(raw)} are there")
            return Chain(tuple(blocks), tuple(faults), cut_short=True)
        block = _read(raw)
        if not block.sound:
            faults.append(f"extension block {block.id} at byte {at} has a wrong xor")
        blocks.append(block)
        at += length
    return Chain(tuple(blocks), tuple(faults))


def _read(raw: bytes) -> Block:
    sound = reduce(xor, raw) == 0
    number, body = raw[1] | raw[2] << 8, raw[_HEAD:]
    if raw[2] == 0xFF and body:
        number, body = number | body[0] << 16, body[1:]
    if number not in _FIELDS:
        return Block(number, ((f"block-{number}", body.hex().upper()),), sound)
    fields: list[tuple[str, str]] = []
    if number == LIBRARY and body:
        fields += [("media", MEDIA.get(body[0], f"code {body[0]}"))] if body[0] else []
        body = body[1:]
    fields += zip(_FIELDS[number], map(text_of, body.split(b"\0")), strict=False)
    return Block(number, tuple((name, text) for name, text in fields if text), sound)


def write_block(number: int, **fields: str) -> bytes:
    """Write one block, nothing when every field is empty. Raises: BadTag - too long; no such media."""
    if not any(fields.values()):
        return b""
    body = b"\0".join(fields.get(name, "").encode() for name in _FIELDS[number]).rstrip(b"\0")
    if number == LIBRARY:
        body = bytes([media_code(fields.get("media", ""))]) + body
    length = _HEAD + len(body)
    if length > _LONGEST:
        raise BadTag(f"extension block {number} would be {length} bytes long, {_LONGEST} is the most; shorten its text")
    head = bytes([length, number, 0])
    return head + bytes([reduce(xor, head + body)]) + body


def media_code(media: str) -> int:
    """Say the code of a media format, 0 for none. Raises: BadTag - not one of the standard's."""
    if not media:
        return 0
    for code, name in MEDIA.items():
        if name == media:
            return code
    raise BadTag(f"media {media!r} has no code; use one of {', '.join(MEDIA.values())}")
