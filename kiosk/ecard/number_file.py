"""The file on our e-card that carries the card number: its layout, written and read. No card, no APDU.

One byte of tag, one byte of length, the value; then the next. Unknown tags are skipped: later cards may
say more.

    80 01 01            layout version, always first
    81 n  ASCII         card number, 1 to 32 letters, digits and -./
    8E 04 CRC-32        over every byte before this tag (IEEE 802.3), most significant byte first

The check ends the content; whatever follows it is the unused rest of the file.
"""

import re
import zlib

from kiosk.circulation.model import CardNumber
from kiosk.ecard.apdu import CardUnusable

VERSION = 1
TAG_VERSION = 0x80
TAG_NUMBER = 0x81
TAG_CHECK = 0x8E
LONGEST_NUMBER = 32

_NUMBER = re.compile(r"[0-9A-Za-z./-]{1,32}", re.ASCII)


def encode_number_file(number: CardNumber) -> bytes:
    """Lay out the file for *number*. Raises: ValueError - it is not 1 to 32 letters, digits and -./"""
    if _NUMBER.fullmatch(number) is None:
        raise ValueError(
            f"a card number is 1 to {LONGEST_NUMBER} letters A-Z, digits and -./; this one has {len(number)} characters"
        )
    body = bytes([TAG_VERSION, 1, VERSION, TAG_NUMBER, len(number)]) + number.encode("ascii")
    return body + bytes([TAG_CHECK, 4]) + zlib.crc32(body).to_bytes(4)


def decode_number_file(raw: bytes) -> CardNumber:
    """Read the card number out of the file.

    Raises: CardUnusable - cut short, damaged, of another version or without a number; the message says where.
    """
    fields = _split(raw)
    if fields.get(TAG_VERSION) != bytes([VERSION]):
        raise CardUnusable(f"the card's number file is not of layout version {VERSION}")
    number = fields.get(TAG_NUMBER, b"").decode("ascii", errors="replace")
    if _NUMBER.fullmatch(number) is None:
        raise CardUnusable("the card's number file is sound and holds no card number")
    return CardNumber(number)


def _split(raw: bytes) -> dict[int, bytes]:
    """Walk the tags up to the check and verify it."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(raw):
        tag, length = raw[at], raw[at + 1]
        value = raw[at + 2 : at + 2 + length]
        if len(value) < length:
            break
        if tag == TAG_CHECK:
            if value != zlib.crc32(raw[:at]).to_bytes(4):
                raise CardUnusable(f"the card's number file is damaged: the check at byte {at} does not match")
            return fields
        if tag in fields or (tag == TAG_VERSION) != (at == 0):
            raise CardUnusable(f"the card's number file is damaged: tag {tag:02X} at byte {at} is out of place")
        fields[tag] = value
        at += 2 + length
    raise CardUnusable(f"the card's number file ends at byte {len(raw)} without its check")
