"""Tags as other programs lay them out: a second writer, made from the standards alone.

Shares no line with `kiosk.tags`, so a mistake made both in our writer and in our decoder shows. Writes only what it is
told to, sloppy forms too; checks nothing.
"""


def bitwise_crc(octets: bytes) -> int:
    """CRC-16 with polynomial 1021 and start FFFF, a bit at a time. Source: ISO 28560-3, annex on the CRC."""
    register = 0xFFFF
    for octet in octets:
        for place in range(7, -1, -1):
            top = (register >> 15) ^ (octet >> place & 1)
            register = (register << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return register


def danish_tag(first: int, parts: int, part: int, item_id: bytes, owner: bytes, size: int) -> bytes:
    """Lay out the basic block of ISO 28560-3 and cut or fill it to *size*; the CRC covers what a 32-byte tag keeps."""
    head = bytes([first, parts, part]) + item_id.ljust(16, b"\0")
    tail = owner.ljust(13, b"\0")[: min(size, 34) - 21]
    crc = bitwise_crc((head + tail).ljust(32, b"\0"))
    return (head + bytes([crc & 0xFF, crc >> 8]) + tail).ljust(size, b"\0")


def backwards(octets: bytes, block_size: int) -> bytes:
    """Turn the bytes of every block round, as a pad sends them."""
    return b"".join(octets[at : at + block_size][::-1] for at in range(0, len(octets), block_size))


def element(oid: int, compaction: int, octets: bytes, pads: int | None = None) -> bytes:
    """Write one element of ISO 28560-2: precursor, further OID, count of pads, length, octets, pads."""
    precursor = (pads is not None) << 7 | compaction << 4 | min(oid, 15)
    further = bytes([oid - 15]) if oid >= 15 else b""
    count = bytes([pads]) if pads is not None else b""
    return bytes([precursor]) + further + count + bytes([len(octets)]) + octets + bytes(pads or 0)


def as_integer(text: str) -> bytes:
    return int(text).to_bytes((int(text).bit_length() + 7) // 8, "big")


def as_half_bytes(text: str) -> bytes:
    return bytes.fromhex(text + "F" * (len(text) % 2))


def in_five_bits(text: str) -> bytes:
    return _packed("".join(f"{ord(sign) & 0x1F:05b}" for sign in text), "00000000")


def in_six_bits(text: str) -> bytes:
    return _packed("".join(f"{ord(sign) & 0x3F:06b}" for sign in text), "100000")


def in_seven_bits(text: str) -> bytes:
    return _packed("".join(f"{ord(sign):07b}" for sign in text), "11111111")


def _packed(bits: str, filling: str) -> bytes:
    bits += filling[: -len(bits) % 8]
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
