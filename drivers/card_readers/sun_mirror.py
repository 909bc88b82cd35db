"""How a card writes its SUN message over the placeholders in its NDEF file (NXP AN12196, sections 3.4 and 5.9)."""

from dataclasses import dataclass
from typing import Self

from drivers.key_stores.aes import SoftwareCipher
from kiosk.ecard.layouts import FREE, NEVER
from kiosk.ecard.sun import SunFacts, hide_picc_data, sun_mac

_UID, _COUNTER, _ASCII = 0x80, 0x40, 0x01
_PICC_SIZE, _SEAL_SIZE = 32, 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class SunMirror:
    """Which keys, and where in the file; offsets in bytes. Only UID and counter hidden together are done here."""

    settings: bytes
    meta_key: int
    file_key: int
    picc_at: int
    signed_from: int
    seal_at: int

    @classmethod
    def from_settings(cls, raw: bytes, size: int) -> Self:
        """Read the SUN part of ChangeFileSettings. Raises: ValueError - what this card cannot do."""
        if len(raw) != 12 or raw[0] != _UID | _COUNTER | _ASCII:
            raise ValueError("only UID and counter, hidden, as ASCII, with a seal and nothing else")
        rights = int.from_bytes(raw[1:3], "little")
        meta, file = rights >> 12, rights >> 8 & 15
        if meta in (FREE, NEVER) or file in (FREE, NEVER):
            raise ValueError("a SUN message without keys")
        picc, signed, seal = (int.from_bytes(raw[at : at + 3], "little") for at in (3, 6, 9))
        if picc + _PICC_SIZE > size or seal + _SEAL_SIZE > size or signed > seal:
            raise ValueError("a SUN message beyond the end of the file")
        return cls(raw, meta, file, picc, signed, seal)

    def write(self, data: bytes, uid: bytes, counter: int, keys: tuple[bytes, bytes], filling: bytes) -> bytes:
        """Give the file as it is read at this tap. *keys*: the two named above."""
        facts, (meta, file) = SunFacts(uid, counter), (SoftwareCipher(key) for key in keys)
        told = bytearray(data)
        told[self.picc_at : self.picc_at + _PICC_SIZE] = hide_picc_data(meta, facts, filling).hex().upper().encode()
        seal = sun_mac(file, facts, bytes(told[self.signed_from : self.seal_at]), SoftwareCipher)
        told[self.seal_at : self.seal_at + _SEAL_SIZE] = seal.hex().upper().encode()
        return bytes(told)
