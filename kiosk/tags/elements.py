"""The stream of elements on an ISO 28560-2 tag: where one ends and the next begins. Knows no meaning of any.

    precursor  [OID - 15]  [pads]  length  octets...  [00 ...]
    offset 1 bit | compaction 3 bits | OID 4 bits

OIDs from 15 on have F in the precursor and a byte of their own. With the offset bit comes a count of pad
bytes after the octets: so the next element begins on a block border, where locking begins. Precursor 00 ends
the stream, 80 is one byte of filling. A length of 128 and more takes two bytes of 7 bits, the first with its
high bit set. Source: ISO/IEC 15962, no-directory encoding, as named by ISO 28560-2.
"""

from dataclasses import dataclass

from kiosk.tags.model import BadTag

_OFFSET, _EXTENDED, _FILLING = 0x80, 0x0F, 0x80
_LONGEST = 0x3FFF


@dataclass(frozen=True, slots=True)
class Element:
    """One element; read from a tag, it lies from byte `at` to before byte `end`, pads and all."""

    oid: int
    compaction: int
    octets: bytes
    pads: int = 0
    at: int = 0
    end: int = 0

    def to_bytes(self, at: int = 0, border: int = 1) -> bytes:
        """Write the element for byte *at*, with pads where it takes them to end on a *border*.

        Raises: BadTag - more octets than a length can say.
        """
        if len(self.octets) > _LONGEST:
            raise BadTag(f"element {self.oid} holds {len(self.octets)} bytes, {_LONGEST} is the most; shorten its text")
        short = self.oid < _EXTENDED
        precursor = self.compaction << 4 | (self.oid if short else _EXTENDED)
        extension = b"" if short else bytes([self.oid - _EXTENDED])
        body = _write_length(len(self.octets)) + self.octets
        if (missing := -(at + 1 + len(extension) + len(body)) % border) == 0:
            return bytes([precursor]) + extension + body
        pads = missing - 1
        return bytes([precursor | _OFFSET]) + extension + bytes([pads]) + body + bytes(pads)


@dataclass(frozen=True, slots=True)
class Stream:
    """The elements that could be read, and what ended them too early."""

    elements: tuple[Element, ...] = ()
    fault: str = ""
    cut_short: bool = False

    def find(self, oid: int) -> Element | None:
        return next((element for element in self.elements if element.oid == oid), None)


class _Ended(Exception):
    """The bytes ended inside an element."""


def read_stream(octets: bytes) -> Stream:
    """Read elements from byte 0 to the end mark or the end of the bytes. Never fails."""
    elements: list[Element] = []
    at = 0
    while at < len(octets) and octets[at]:
        if octets[at] == _FILLING:
            at += 1
            continue
        try:
            elements.append(element := _read_element(octets, at))
        except _Ended:
            return Stream(tuple(elements), f"the bytes end inside the element at byte {at}", cut_short=True)
        except BadTag as why:
            return Stream(tuple(elements), str(why))
        at = element.end
    return Stream(tuple(elements))


def _read_element(octets: bytes, start: int) -> Element:
    precursor, at = octets[start], start + 1
    oid, pads = precursor & 0x0F, 0
    if oid == _EXTENDED:
        oid, at = _EXTENDED + _byte(octets, at), at + 1
    if precursor & _OFFSET:
        pads, at = _byte(octets, at), at + 1
    length, at = _read_length(octets, at)
    end = at + length
    if end > len(octets):
        raise _Ended
    return Element(oid, precursor >> 4 & 0x07, octets[at:end], pads, start, end + pads)


def _byte(octets: bytes, at: int) -> int:
    if at >= len(octets):
        raise _Ended
    return octets[at]


def _read_length(octets: bytes, at: int) -> tuple[int, int]:
    first = _byte(octets, at)
    if first < 0x80:
        return first, at + 1
    second = _byte(octets, at + 1)
    if second & 0x80:
        raise BadTag(f"the length at byte {at} runs over two bytes; no tag is that long")
    return (first & 0x7F) << 7 | second, at + 2


def _write_length(length: int) -> bytes:
    return bytes([length]) if length < 0x80 else bytes([0x80 | length >> 7, length & 0x7F])
