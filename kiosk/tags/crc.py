"""The checksum of ISO 28560-3. Knows nothing of where it stands on the tag."""

_POLYNOMIAL = 0x1021


def crc16(octets: bytes) -> int:
    """Compute CRC-16 with polynomial 1021 from FFFF, not reflected, no final xor.

    Source: ISO 28560-3, annex on the CRC (before it DS/INF 163-1, where `RFID tag data model` gives 1AEE).
    """
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1) ^ (_POLYNOMIAL if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return crc
