"""Messages to bytes and back, for a client as for a server. Emits by the book, reads what real systems send.

    11YN20261123    034040...18 more...AOCPL|AAP0002|ABLIB000003|AC|BON|AY5AZEB99<CR>
    -- id, fixed part ----------------- fields, each with "|" ------- --- ----
                                                                  sequence, checksum: both or none

What is forgiven: fields in any order, unknown and repeated ones, a missing last delimiter, a delimiter inside a value
that no field's letters follow, blanks and line feeds around the message, AZ in lower case or short of digits, signs
between the fixed part and the first field. What is not: another id, or a fixed part that is too short.
Source: 3M SIP2 Interface rev. 2.12; transcripts of Koha 18.12 in tests/golden.
"""

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kiosk.library.sip2.checksums import Checksum, SumOf, checksum_of, judge
from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import LAYOUTS, Kind, Layout
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.texts import clean, read_text, write_value

_NEVER_NUMBERED = (Kind.RESEND_ANSWER, Kind.RESEND_REQUEST)
_FREE_TEXT = (Field.PIN, Field.LOGIN_PASSWORD)
_ODD_SIGNS = 8  # characters that may stand between the fixed part and the first field


class BadMessage(ValueError):
    """Bytes that are no message of SIP2. The words say what is wrong, without any value."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes: agreed between two sides, never said on the wire.

    `lossy`, `form`, `sum_of` and `limit` let a simulated server write as real ones do; a client leaves them alone.
    """

    encoding: str = "utf-8"
    delimiter: str = "|"
    terminator: bytes = b"\r"
    limit: int = 255  # bytes of a value
    lossy: bool = False
    form: Literal["NFC", "NFD"] = "NFC"
    sum_of: SumOf = SumOf.BYTES


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in, with the number it carried and what its checksum is worth."""

    message: Message
    sequence: int | None = None
    checksum: Checksum = Checksum.ABSENT


def encode(message: Message, dialect: Dialect, sequence: int | None = None, *, checked: bool | None = None) -> bytes:
    """Give the bytes of *message*, terminator included. *checked* adds AZ; it is on whenever *sequence* is given.

    Raises: UnsendableValue.
    """
    checked = sequence is not None if checked is None else checked
    text = message.kind + "".join(message.fixed.values())
    for code, value in message.fields if checked else _ends_plainly(message.fields):
        written = write_value(
            unicodedata.normalize(dialect.form, value),
            dialect.encoding,
            dialect.delimiter,
            dialect.limit,
            lossy=dialect.lossy,
        )
        text += f"{code}{written}{dialect.delimiter}"
    if sequence is not None and message.kind not in _NEVER_NUMBERED:
        text += f"{Field.SEQUENCE}{sequence % 10}"
    if checked:
        text += Field.CHECKSUM
    raw = text.encode(dialect.encoding, "replace" if dialect.lossy else "strict")
    if checked:
        raw += checksum_of(raw if dialect.sum_of is SumOf.BYTES else text).encode("ascii")
    return raw + dialect.terminator


def _ends_plainly(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Keep a PIN off the end: Koha without error detection cuts every sign after the last letter or digit."""
    if len(fields) < 2 or fields[-1][0] not in _FREE_TEXT:
        return fields
    return (*fields[1:], fields[0])


def decode(raw: bytes, dialect: Dialect) -> Received:
    """Read one message, with or without its terminator. Raises: BadMessage."""
    body = raw.lstrip(b"\r\n\0 \t").rstrip(b"\r\n\0")
    layout = LAYOUTS.get(body[:2].decode("ascii", "replace"))
    if layout is None:
        raise BadMessage("no message begins like this")
    body, sequence, digits = _without_trailer(body, dialect.delimiter.encode("ascii"))
    text = read_text(body, dialect.encoding)
    seen = judge(body, text, digits) if digits is not None else Checksum.ABSENT
    if digits is not None:
        text = text[: -len(Field.CHECKSUM)]
        text = text[: -len("AY0")] if sequence is not None else text
    return Received(_parsed(text, layout, dialect.delimiter), sequence, seen)


def _without_trailer(body: bytes, delimiter: bytes) -> tuple[bytes, int | None, str | None]:
    """Give the message up to and including the letters AZ, the number of AY and the digits of AZ, None if not there."""
    found = re.search(rb"AY([0-9])AZ([0-9A-Fa-f]{1,4})[ |]*$", body)
    if found is not None:
        return body[: found.start(2)], int(found[1]), found[2].decode("ascii")
    found = re.search(rb"AZ([0-9A-Fa-f]{1,4})[ |]*$", body)
    if found is not None and (delimiter not in body[: found.start()] or body[: found.start()].endswith(delimiter)):
        return body[: found.start(1)], None, found[1].decode("ascii")
    return body, None, None


def _parsed(text: str, layout: Layout, delimiter: str) -> Message:
    if len(text) < layout.fixed_length:
        raise BadMessage(f"{layout.kind} has {len(text)} characters, its fixed part alone needs {layout.fixed_length}")
    parts, at = {}, 2
    for name, length in layout.fixed:
        parts[name], at = text[at : at + length], at + length
    pieces = re.split(re.escape(delimiter) + r"(?=[A-Z][A-Z0-9])", _from_first_field(text[at:], layout))
    fields = [
        (piece[:2], clean(piece[2:].rstrip(delimiter), delimiter))
        for piece in pieces
        if len(piece.strip(delimiter + " ")) >= 2
    ]
    return Message(layout.kind, MappingProxyType(parts), tuple(fields))


def _from_first_field(text: str, layout: Layout) -> str:
    """Skip signs that stand between the fixed part and the first field, where a known field follows them soon."""
    if re.match(r"[A-Z][A-Z0-9]", text):
        return text
    places = (text.find(code, 0, _ODD_SIGNS + 2) for code in layout.fields)
    return text[min((place for place in places if place >= 0), default=0) :]
