"""AuthenticateEV2First: card and station prove to each other that they hold one key (NXP AN12196, section 6).

    to the card     which key                                          90 71 00 00 02 <key> 00 00
    from the card   E(K, RndB)                                         91 AF
    to the card     E(K, RndA || RndB rotated left by one byte)        90 AF 00 00 20 ...
    from the card   E(K, TI || RndA rotated || PDcap2 || PCDcap2)      91 00

AuthenticateEV2NonFirst is the same with INS 77, inside a session: the last answer is E(K, RndA rotated) and the
session's TI goes on. Both sides of it are here: the station's, and what a virtual card needs. E is AES in CBC mode
with a zero IV.
"""

from dataclasses import dataclass
from typing import Self

from kiosk.ecard.aes import BLOCK, Cipher, CipherOf, cmac, same, xor
from kiosk.ecard.apdu import CardError

TI_SIZE = 4
CAPABILITIES = bytes(6)  # PDcap2 and PCDcap2: nothing beyond the standard
_ENC, _MAC = bytes.fromhex("A55A00010080"), bytes.fromhex("5AA500010080")


class NotProven(CardError):
    """The card does not hold the key it should: a copy, another house's, or one that was never written to."""


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What both sides know after the handshake, for one session only. *ti* names the transaction."""

    enc: bytes
    mac: bytes
    ti: bytes

    def __repr__(self) -> str:
        return "SessionKeys(...)"

    def to_bytes(self) -> bytes:
        return self.enc + self.mac + self.ti

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Take 36 bytes apart. Raises: ValueError."""
        if len(raw) != 2 * BLOCK + TI_SIZE:
            raise ValueError(f"session keys are {2 * BLOCK + TI_SIZE} bytes, not {len(raw)}")
        return cls(raw[:BLOCK], raw[BLOCK : 2 * BLOCK], raw[2 * BLOCK :])


def rotated(nonce: bytes) -> bytes:
    return nonce[1:] + nonce[:1]


def session_keys(key: Cipher, rnd_a: bytes, rnd_b: bytes, ti: bytes) -> SessionKeys:
    """Derive the keys of a session from the two nonces (AN12196, section 6.6: SV1 and SV2)."""
    mixed = rnd_a[:2] + xor(rnd_a[2:8], rnd_b[:6]) + rnd_b[6:] + rnd_a[8:]
    return SessionKeys(cmac(key, _ENC + mixed), cmac(key, _MAC + mixed), ti)


@dataclass(frozen=True, slots=True)
class Handshake:
    """The station's side, from the card's first answer on. *rnd_a* is 16 bytes nobody can foretell."""

    key: Cipher
    rnd_a: bytes
    rnd_b: bytes

    @classmethod
    def begin(cls, key: Cipher, encrypted_rnd_b: bytes, rnd_a: bytes) -> Self:
        """Take in the card's challenge. Raises: NotProven - it is not one block."""
        if len(encrypted_rnd_b) != BLOCK:
            raise NotProven(f"the card's challenge has {len(encrypted_rnd_b)} bytes instead of {BLOCK}")
        return cls(key, rnd_a, key.decrypt(encrypted_rnd_b))

    @property
    def command(self) -> bytes:
        """The 32 bytes that answer the card's challenge and challenge it in turn."""
        return self.key.encrypt(self.rnd_a + rotated(self.rnd_b))

    def finish(self, answer: bytes) -> SessionKeys:
        """Check the card's proof (AuthenticateEV2First). Raises: NotProven."""
        if len(answer) != 2 * BLOCK:
            raise NotProven(f"the card's proof has {len(answer)} bytes instead of {2 * BLOCK}")
        plain = self.key.decrypt(answer)
        ti, proof = plain[:TI_SIZE], plain[TI_SIZE : TI_SIZE + BLOCK]
        return self._keys(proof, ti)

    def finish_within(self, answer: bytes, running: SessionKeys) -> SessionKeys:
        """Check the proof of AuthenticateEV2NonFirst inside a *running* session. Raises: NotProven."""
        if len(answer) != BLOCK:
            raise NotProven(f"the card's proof has {len(answer)} bytes instead of {BLOCK}")
        return self._keys(self.key.decrypt(answer), running.ti)

    def _keys(self, proof: bytes, ti: bytes) -> SessionKeys:
        if not same(proof, rotated(self.rnd_a)):
            raise NotProven("the card answered the challenge with another key")
        return session_keys(self.key, self.rnd_a, self.rnd_b, ti)


@dataclass(frozen=True, slots=True)
class CardHandshake:
    """The card's side, for the virtual card. *rnd_b* and *ti* are made up anew for each."""

    key: Cipher
    rnd_b: bytes
    ti: bytes

    @property
    def challenge(self) -> bytes:
        return self.key.encrypt(self.rnd_b)

    def finish(self, command: bytes, *, first: bool = True) -> tuple[bytes, SessionKeys]:
        """Check the station's proof; give the last answer and the keys of the session. Raises: NotProven."""
        if len(command) != 2 * BLOCK:
            raise NotProven(f"the station's proof has {len(command)} bytes instead of {2 * BLOCK}")
        plain = self.key.decrypt(command)
        rnd_a, proof = plain[:BLOCK], plain[BLOCK:]
        if not same(proof, rotated(self.rnd_b)):
            raise NotProven("the station answered the challenge with another key")
        answer = self.ti + rotated(rnd_a) + 2 * CAPABILITIES if first else rotated(rnd_a)
        return self.key.encrypt(answer), session_keys(self.key, rnd_a, self.rnd_b, self.ti)


def ciphers_of(keys: SessionKeys, cipher_of: CipherOf) -> tuple[Cipher, Cipher]:
    """Make the two ciphers a session works with: for what is hidden, and for what is signed."""
    return cipher_of(keys.enc), cipher_of(keys.mac)
