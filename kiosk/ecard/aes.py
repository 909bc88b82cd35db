"""What cards need of AES, and AES-CMAC on top of it (RFC 4493; NIST SP 800-38B). No cipher of our own.

A key is used, never looked at: it may live in this process, or in a token that gives none out. Who makes
ciphers (`drivers.key_stores`) hands them in.
"""

import hmac
from collections.abc import Callable
from typing import Protocol

BLOCK = 16
ZERO = bytes(BLOCK)
_RB = 0x87  # the polynomial of a 128-bit block (SP 800-38B, section 5.3)


class Cipher(Protocol):
    """AES with one key, in CBC mode, without padding: *data* is whole blocks of 16 bytes."""

    def encrypt(self, data: bytes, iv: bytes = ZERO) -> bytes: ...

    def decrypt(self, data: bytes, iv: bytes = ZERO) -> bytes: ...


CipherOf = Callable[[bytes], Cipher]
"""Makes the cipher of a key of 16 bytes; of 24 and 32 too, for keys that only diversify others."""


def subkeys(cipher: Cipher) -> tuple[bytes, bytes]:
    """Derive K1 and K2 of CMAC (RFC 4493, section 2.3)."""
    first = _double(cipher.encrypt(ZERO))
    return first, _double(first)


def cmac(cipher: Cipher, message: bytes) -> bytes:
    """Compute AES-CMAC over *message*: 16 bytes (RFC 4493, section 2.4)."""
    whole, cut = subkeys(cipher)
    last_at = max(0, (len(message) - 1) // BLOCK * BLOCK)
    head, last = message[:last_at], message[last_at:]
    last = xor(last, whole) if len(last) == BLOCK else xor(pad_block(last), cut)
    return cipher.encrypt(head + last)[-BLOCK:]


def short_mac(cipher: Cipher, message: bytes) -> bytes:
    """Compute the 8 bytes cards send of a CMAC: every second one (NXP AN12196, section 4.4)."""
    return cmac(cipher, message)[1::2]


def same(one: bytes, other: bytes) -> bool:
    """Compare secrets in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def pad(data: bytes) -> bytes:
    """Fill up to whole blocks with 80 00 ...; a whole block more when it was aligned (ISO/IEC 9797-1, method 2)."""
    return pad_block(data, (len(data) // BLOCK + 1) * BLOCK)


def pad_block(data: bytes, size: int = BLOCK) -> bytes:
    return (data + b"\x80").ljust(size, b"\0")


def unpad(data: bytes) -> bytes:
    """Take the padding off. Raises: ValueError - there is none."""
    content = data.rstrip(b"\0")
    if not content.endswith(b"\x80") or len(data) - len(content) >= BLOCK:
        raise ValueError("the padding is wrong")
    return content[:-1]


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _double(block: bytes) -> bytes:
    doubled = int.from_bytes(block) << 1
    return (doubled & ((1 << 128) - 1) ^ (_RB if doubled >> 128 else 0)).to_bytes(BLOCK)
