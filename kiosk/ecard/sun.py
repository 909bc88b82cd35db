"""SUN, the message a card writes into its NDEF file anew at every tap (NXP AN12196, sections 3.4 and 6.7 to 6.9).

    https://library.example/c?e=<PICCENCData>&c=<SDMMAC>      what it says of itself, hidden, and the seal of the tap

Proves that the key was there when the message was made, not that the card is here now: whoever read it first may
show it once. So each message counts only when its counter is higher than the last one that was accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.ecard.aes import BLOCK, Cipher, CipherOf, cmac, same, short_mac
from kiosk.ecard.ev2 import NotProven

UID_SIZE, COUNTER_SIZE = 7, 3
_HAS_UID, _HAS_COUNTER, _UNUSED, _LENGTH = 0x80, 0x40, 0x30, 0x0F
_SV_ENC, _SV_MAC = bytes.fromhex("C33C00010080"), bytes.fromhex("3CC300010080")


class SunRefused(NotProven):
    """The message is not one of our cards', or was accepted before."""


@dataclass(frozen=True, slots=True)
class SunFacts:
    """What a message says of its card: the UID and how many taps it has made; None for what is not mirrored."""

    uid: bytes | None
    counter: int | None

    def to_vector(self) -> bytes:
        """Lay out what the session keys are made of: the mirrored items, the counter least significant byte first."""
        counter = b"" if self.counter is None else self.counter.to_bytes(COUNTER_SIZE, "little")
        return (self.uid or b"") + counter


@dataclass(frozen=True, slots=True)
class SunKeys:
    """The keys of one message, made of SDMFileReadKey and what the message mirrors (SV1 and SV2)."""

    enc: bytes
    mac: bytes


def open_picc_data(meta_read: Cipher, hidden: bytes) -> SunFacts:
    """Read PICCENCData, hidden under SDMMetaReadKey (section 3.4.2). Raises: SunRefused - not ours."""
    if len(hidden) != BLOCK:
        raise SunRefused(f"PICCENCData is {BLOCK} bytes, not {len(hidden)}")
    plain = meta_read.decrypt(hidden)
    tag, at = plain[0], 1
    has_uid, length = bool(tag & _HAS_UID), tag & _LENGTH
    if tag & _UNUSED or length != (UID_SIZE if has_uid else 0) or not tag & (_HAS_UID | _HAS_COUNTER):
        raise SunRefused("the hidden part of the message does not open with our key")
    uid = counter = None
    if has_uid:
        uid, at = plain[at : at + UID_SIZE], at + UID_SIZE
    if tag & _HAS_COUNTER:
        counter = int.from_bytes(plain[at : at + COUNTER_SIZE], "little")
    return SunFacts(uid, counter)


def hide_picc_data(meta_read: Cipher, facts: SunFacts, filling: bytes) -> bytes:
    """Make PICCENCData, as a card does; *filling* is what it makes up to fill the block."""
    tag = (_HAS_UID | len(facts.uid) if facts.uid else 0) | (0 if facts.counter is None else _HAS_COUNTER)
    return meta_read.encrypt((bytes([tag]) + facts.to_vector() + filling)[:BLOCK])


def sun_keys(file_read: Cipher, facts: SunFacts) -> SunKeys:
    """Derive the keys of this message (section 3.4.4): each vector filled with zeros to whole blocks."""
    return SunKeys(cmac(file_read, _vector(_SV_ENC, facts)), cmac(file_read, _vector(_SV_MAC, facts)))


def sun_mac(file_read: Cipher, facts: SunFacts, signed: bytes, cipher_of: CipherOf) -> bytes:
    """Compute the seal: 8 bytes over the ASCII text *signed*, which may be empty."""
    return short_mac(cipher_of(sun_keys(file_read, facts).mac), signed)


def check_sun(file_read: Cipher, facts: SunFacts, signed: bytes, seal: bytes, cipher_of: CipherOf) -> None:
    """Raises: SunRefused - the seal is not the one of this card and this tap."""
    if not same(seal, sun_mac(file_read, facts, signed, cipher_of)):
        raise SunRefused("the seal of the message does not match: changed, made up, or another house's")


def open_file_data(file_read: Cipher, facts: SunFacts, hidden: bytes, cipher_of: CipherOf) -> bytes:
    """Read SDMENCFileData, the hidden part of the file (section 3.4.3). Raises: SunRefused - no whole blocks."""
    return _file_cipher(file_read, facts, hidden, cipher_of, lambda cipher, iv: cipher.decrypt(hidden, iv))


def hide_file_data(file_read: Cipher, facts: SunFacts, plain: bytes, cipher_of: CipherOf) -> bytes:
    """Make SDMENCFileData, as a card does. Raises: SunRefused - no whole blocks."""
    return _file_cipher(file_read, facts, plain, cipher_of, lambda cipher, iv: cipher.encrypt(plain, iv))


def _file_cipher(
    file_read: Cipher, facts: SunFacts, data: bytes, cipher_of: CipherOf, work: Callable[[Cipher, bytes], bytes]
) -> bytes:
    if not data or len(data) % BLOCK or facts.counter is None:
        raise SunRefused("the hidden part of the file is no row of whole blocks, or the message has no counter")
    cipher = cipher_of(sun_keys(file_read, facts).enc)
    return work(cipher, cipher.encrypt(facts.counter.to_bytes(COUNTER_SIZE, "little").ljust(BLOCK, b"\0")))


def _vector(label: bytes, facts: SunFacts) -> bytes:
    vector = label + facts.to_vector()
    return vector.ljust(-(-len(vector) // BLOCK) * BLOCK, b"\0")
