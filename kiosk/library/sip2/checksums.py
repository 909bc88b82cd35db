"""AZ: the sum that proves a message whole, in both manners seen on the wire.

The standard takes the two's complement of the 16-bit sum of all bytes from the id up to and including the letters AZ.
Koha accounts without an `encoding`, php-sip2's correspondents and others add up Unicode code points instead; some send
fewer than four digits. Source: 3M SIP2 Interface rev. 2.12, "Checksum"; Koha 18.12 on the wire.
"""

import unicodedata
from enum import StrEnum


class SumOf(StrEnum):
    """What a server adds up."""

    BYTES = "bytes"
    CODE_POINTS = "code-points"


class Checksum(StrEnum):
    """What became of a message's AZ."""

    ABSENT = "absent"
    BYTES = "bytes"
    CODE_POINTS = "code-points"
    WRONG = "wrong"


def checksum_of(values: bytes | str) -> str:
    """Give the four digits for *values*, which end in the letters AZ: bytes, or text for a sum of code points."""
    total = sum(values) if isinstance(values, bytes) else sum(map(ord, values))
    return f"{-total & 0xFFFF:04X}"


def judge(body: bytes, text: str, digits: str) -> Checksum:
    """Say which sum *digits* are of a message that was read as *body* and means *text*, both ending in AZ."""
    said = int(digits, 16)
    if said == int(checksum_of(body), 16):
        return Checksum.BYTES
    readings = {text, body.decode("utf-8", "replace")}
    forms = {unicodedata.normalize(form, reading) for reading in readings for form in ("NFC", "NFD")} | readings
    if any(said == int(checksum_of(form), 16) for form in forms):
        return Checksum.CODE_POINTS
    return Checksum.WRONG
