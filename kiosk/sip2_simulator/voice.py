"""A reply as the bytes of one system: its order of fields, its letters, its trailer, its faults of character."""

from types import MappingProxyType

from kiosk.library.sip2.checksums import checksum_of
from kiosk.library.sip2.codec import Dialect, encode
from kiosk.library.sip2.layouts import LAYOUTS
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.texts import ESCAPED_DELIMITER
from kiosk.sip2_simulator.manner import Wire
from kiosk.sip2_simulator.talk import Reply

RESEND = b"96"
RESEND_CHECKED = b"96AZFEF6"


def body_of(reply: Reply, wire: Wire) -> bytes:
    """Return a reply without trailer and terminator."""
    dialect = Dialect(
        encoding=wire.charset,
        terminator=b"",
        limit=wire.longest_value,
        lossy=True,
        form="NFD" if wire.decomposed else "NFC",
    )
    escape = wire.delimiter_becomes == ESCAPED_DELIMITER
    fields = [(c, v if escape else v.replace("|", wire.delimiter_becomes)) for c, v in reply.fields]
    raw = encode(_message(reply, fields, wire), dialect)
    return raw if escape else raw.replace(ESCAPED_DELIMITER.encode("ascii"), b"|")


def _message(reply: Reply, fields: list[tuple[str, str]], wire: Wire) -> Message:
    layout = LAYOUTS[reply.id]
    parts, at = {}, 0
    for name, length in layout.fixed:
        parts[name], at = reply.fixed[at : at + length], at + length
    if wire.standard_order:
        place = {code: number for number, code in enumerate(layout.fields)}
        fields = sorted(fields, key=lambda pair: place.get(pair[0], len(place)))
    kept = tuple(pair for pair in fields if pair[0] not in wire.hides)
    return Message(layout.kind, MappingProxyType(parts), kept)


def with_trailer(body: bytes, sequence: int | None, wire: Wire, *, wrong: bool = False) -> bytes:
    """Add AY and AZ; *wrong* spoils the sum."""
    raw = body + (b"" if sequence is None else f"AY{sequence}".encode("ascii")) + b"AZ"
    counted = raw if wire.checksum_over == "bytes" else raw.decode(wire.charset, "replace")
    value = int(checksum_of(counted), 16) ^ (0x0101 if wrong else 0)
    return raw + f"{value:0{wire.checksum_digits}X}".encode("ascii")
