r"""The compaction modes of ISO 28560-2: how a text becomes few bytes. The ISIL's own mode is in `isil`.

    mode              alphabet               bits  padded with
    1 integer         2 to 19 digits, no leading zero, as one unsigned number
    2 numeric         0-9                       4  1111
    3 5-bit           A-Z [ \ ] ^ _             5  zeros
    4 6-bit           blank to _                6  100000, as far as it is needed
    5 7-bit           ASCII                     7  ones
    6 octets          8 bit
    7 UTF-8           everything

Source: ISO/IEC 15962, the compaction schemes named by ISO 28560-2, section on encoding.
"""

from enum import IntEnum

from kiosk.tags.model import BadTag, text_of, tidy


class Compaction(IntEnum):
    APPLICATION = 0
    INTEGER = 1
    NUMERIC = 2
    FIVE_BIT = 3
    SIX_BIT = 4
    SEVEN_BIT = 5
    OCTETS = 6
    UTF8 = 7


_LONGEST_INTEGER = 8  # bytes; 19 digits need no more


def expand(mode: int, raw: bytes) -> str:
    """Read the text that *mode* made into *raw*. Raises: BadTag - the bytes are not of that mode."""
    match mode:
        case Compaction.INTEGER:
            return _read_integer(raw)
        case Compaction.NUMERIC:
            return _read_digits(raw)
        case Compaction.FIVE_BIT:
            return "".join(chr(0x40 + code) for code in _without_tail(_codes(raw, 5), 0x00))
        case Compaction.SIX_BIT:
            return tidy("".join(chr(code if code >= 0x20 else code + 0x40) for code in _codes(raw, 6)))
        case Compaction.SEVEN_BIT:
            return tidy("".join(chr(code) for code in _without_tail(_codes(raw, 7), 0x7F)))
        case Compaction.OCTETS | Compaction.UTF8:
            return text_of(raw)
        case _:
            raise BadTag(f"compaction {mode} is left to the application; only ISILs and bitmaps use it")


def compact(text: str) -> tuple[Compaction, bytes]:
    """Choose the mode that makes *text* shortest, the lowest of equals, and say mode and bytes.

    Octets are never chosen: their alphabet is disputed, and ASCII fits into less.
    """
    ways = [(Compaction.UTF8, text.encode())]
    if text.isascii():
        ways.append((Compaction.SEVEN_BIT, _pack([ord(letter) for letter in text], 7, pad=0x7F)))
    if all(" " <= letter <= "_" for letter in text):
        ways.append((Compaction.SIX_BIT, _pack([ord(letter) & 0x3F for letter in text], 6, pad=0x20)))
    if all("A" <= letter <= "_" for letter in text):
        ways.append((Compaction.FIVE_BIT, _pack([ord(letter) & 0x1F for letter in text], 5, pad=0x00)))
    if text.isascii() and text.isdigit():
        ways.append((Compaction.NUMERIC, bytes.fromhex(text + "F" * (len(text) % 2))))
        if 2 <= len(text) <= 19 and text[0] != "0":
            number = int(text)
            ways.append((Compaction.INTEGER, number.to_bytes((number.bit_length() + 7) // 8, "big")))
    return min(ways, key=lambda way: (len(way[1]), way[0]))


def _read_integer(raw: bytes) -> str:
    if len(raw) > _LONGEST_INTEGER:
        raise BadTag(f"an integer of {len(raw)} bytes; 19 digits fit into {_LONGEST_INTEGER}")
    return str(int.from_bytes(raw, "big")) if raw else ""


def _read_digits(raw: bytes) -> str:
    digits = raw.hex().upper()
    digits = digits.removesuffix("F")
    if digits and not digits.isdecimal():
        raise BadTag(f"numeric bytes {raw.hex().upper()} hold a half-byte that is no digit")
    return digits


def _codes(raw: bytes, width: int) -> list[int]:
    """Cut *raw* into codes of *width* bits; what is left over at the end is padding."""
    total = len(raw) * 8
    number = int.from_bytes(raw, "big")
    mask = (1 << width) - 1
    return [number >> (total - at - width) & mask for at in range(0, total - width + 1, width)]


def _without_tail(codes: list[int], filler: int) -> list[int]:
    """Drop one whole code of padding. Raises: BadTag - the filler stands inside the text."""
    text = codes[:-1] if codes and codes[-1] == filler else codes
    if filler in text:
        raise BadTag(f"the filler {filler:#04x} stands inside the text")
    return text


def _pack(codes: list[int], width: int, pad: int) -> bytes:
    """Join codes of *width* bits, most significant first, and fill the last byte from the front of *pad*."""
    number = 0
    for code in codes:
        number = number << width | code
    used = len(codes) * width
    missing = -used % 8
    front = pad >> (width - missing) if missing <= width else pad << (missing - width) | pad >> (2 * width - missing)
    return (number << missing | front).to_bytes((used + missing) // 8, "big")
