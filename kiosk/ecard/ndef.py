"""The one NDEF record our cards carry: an address (NFC Forum NDEF, section 3.2; URI record type, section 3.2.2)."""

_SHORT_URI = bytes.fromhex("D101")  # one short record of a well-known type of one letter
_PREFIXES = ("", "http://www.", "https://www.", "http://", "https://")


def uri_of(record: bytes) -> str:
    """Read the address out of a record. Raises: ValueError - it is another kind of record, or damaged."""
    if record[:2] != _SHORT_URI or record[3:4] != b"U" or len(record) < 5 or record[4] >= len(_PREFIXES):
        raise ValueError("no record with an address")
    text = record[5 : 4 + record[2]]
    if len(text) != record[2] - 1:
        raise ValueError("the record with the address is cut short")
    return _PREFIXES[record[4]] + text.decode("ascii")


def uri_record(address: str) -> bytes:
    """Make the record for an address. Raises: ValueError - not ASCII, or longer than a short record holds."""
    code = max(range(len(_PREFIXES)), key=lambda at: len(_PREFIXES[at]) if address.startswith(_PREFIXES[at]) else -1)
    rest = address.removeprefix(_PREFIXES[code]).encode("ascii")
    if not rest or len(rest) > 254:
        raise ValueError(f"an address on a card is 1 to 254 letters of ASCII, this one has {len(rest)}")
    return _SHORT_URI + bytes([len(rest) + 1]) + b"U" + bytes([code]) + rest
