"""A key of its own for every card, made of one master key and what is known of the card (NXP AN10922, rev. 2.2).

    D = constant || M, filled up to 32 bytes with 80 00 ... ; its last block xor K2 when filled, K1 when exactly full
    the last block of AES-CBC(D) is the card's key

For M of 16 bytes and more this is plain CMAC over D; for shorter ones it is not, and plain CMAC gives a wrong key.
"""

from kiosk.ecard.aes import BLOCK, Cipher, pad_block, subkeys, xor

LONGEST = 31
_FULL = 2 * BLOCK


def diversify(master: Cipher, about: bytes) -> bytes:
    """Make the AES-128 key of one card. *about* names it: 1 to 31 bytes. Raises: ValueError (section 2.2)."""
    return _half(master, 0x01, about)


def diversify_192(master: Cipher, about: bytes) -> bytes:
    """Make an AES-192 key with a master key of 192 bits (section 2.3). Raises: ValueError."""
    first, second = _half(master, 0x11, about), _half(master, 0x12, about)
    return first[:8] + xor(first[8:], second[:8]) + second[8:]


def diversify_256(master: Cipher, about: bytes) -> bytes:
    """Make an AES-256 key with a master key of 256 bits (section 2.4). Raises: ValueError."""
    return _half(master, 0x41, about) + _half(master, 0x42, about)


def _half(master: Cipher, constant: int, about: bytes) -> bytes:
    if not 1 <= len(about) <= LONGEST:
        raise ValueError(f"a key is diversified with 1 to {LONGEST} bytes, not {len(about)}")
    data = bytes([constant]) + about
    whole, cut = subkeys(master)
    is_full = len(data) == _FULL
    data = data if is_full else pad_block(data, _FULL)
    return master.encrypt(data[:BLOCK] + xor(data[BLOCK:], whole if is_full else cut))[-BLOCK:]
