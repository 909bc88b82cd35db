"""What ChangeKey carries: the new key, so that a card can tell a slip of the radio (NXP AN12196, section 6.16).

another key than the session's    (new xor old) || version || CRC-32 of new, JAMCRC, least significant byte first
the session's own key             new || version; the session ends with it
"""

import zlib

from kiosk.ecard.aes import BLOCK, xor
from kiosk.ecard.apdu import Command
from kiosk.ecard.messaging import Mode, Session
from kiosk.ecard.native import Ins

_FLIP = 0xFFFFFFFF


def change_key(session: Session, key: int, new: bytes, *, old: bytes | None, version: int = 1) -> Command:
    """Make ChangeKey for *key*; *old* is what it holds now, None for the key the session runs on."""
    data = new + bytes([version]) if old is None else xor(new, old) + bytes([version]) + key_check(new)
    return session.command(Ins.CHANGE_KEY, bytes([key]), data, Mode.FULL)


def changed_key(data: bytes, old: bytes, *, own: bool) -> tuple[bytes, int]:
    """Read the new key and its version, as a card does. Raises: ValueError - the check does not match."""
    new, version, check = data[:BLOCK], data[BLOCK : BLOCK + 1], data[BLOCK + 1 :]
    if len(new) != BLOCK or len(version) != 1:
        raise ValueError(f"a key change of {len(data)} bytes")
    if not own:
        new = xor(new, old)
    if check != (b"" if own else key_check(new)):
        raise ValueError("the check of the new key does not match")
    return new, version[0]


def key_check(key: bytes) -> bytes:
    return (zlib.crc32(key) ^ _FLIP).to_bytes(4, "little")
