"""The keys of our cards: which there are, how each card gets its own, and who may be asked to use one.

Every card has five keys (their numbers are on the card):

    0 master       changes everything; only where cards are issued
    1 read         opens the number file: with it a card proves itself at a station
    2 sun-meta     hides the UID in SUN messages; one for all cards, for the UID is not known before
    3 sun-file     seals SUN messages
    4 privacy      tells the UID of a card that shows a random one; one for all cards, likewise

A card's own key is made of the master key of the role and `UID || AID || number || system` (NXP AN10922).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from kiosk.ecard.aes import Cipher, CipherOf
from kiosk.ecard.diversify import diversify
from kiosk.ecard.ev2 import Handshake, SessionKeys
from kiosk.ecard.sun import SunFacts, SunRefused
from kiosk.ecard.sun_url import parse_sun

AID = bytes.fromhex("F44C54")
"""Our application on a DESFire card, most significant byte first; part of every card's keys, on other chips too."""
UID_SIZE = 7
NONCE_SIZE = 16


class KeysUnavailable(Exception):
    """Nobody here can use this key now: there is none, its store is shut, the centre is silent."""


class KeyRole(Enum):
    """What a key is for. `number`: its place on the card. `shared`: the same on every card."""

    MASTER = "master"
    READ = "read"
    SUN_META = "sun-meta"
    SUN_FILE = "sun-file"
    PRIVACY = "privacy"

    @property
    def number(self) -> int:
        return list(KeyRole).index(self)

    @property
    def shared(self) -> bool:
        return self in (KeyRole.SUN_META, KeyRole.PRIVACY)


class Proving(Protocol):
    """One handshake that was begun."""

    @property
    def command(self) -> bytes:
        """The 32 bytes that answer the card's challenge."""
        ...

    def finish(self, answer: bytes) -> SessionKeys:
        """Check the card's proof. Raises: NotProven; KeysUnavailable."""
        ...


class CardKeys(Protocol):
    """Whoever can use the keys. A key is never handed out: the session's keys are, and end with the tap."""

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        """Answer a card's challenge with its key. *uid* is empty for a shared role.

        Raises: KeysUnavailable; NotProven - the challenge is none.
        """
        ...

    def check_sun(self, url: str, /) -> SunFacts:
        """Check the message of one tap, but not whether its counter went up.

        Raises: SunRefused; KeysUnavailable.
        """
        ...


class NoKeys:
    """A station that has no keys of cards."""

    def begin(self, _role: KeyRole, _uid: str, _challenge: bytes, /) -> Proving:
        raise KeysUnavailable("this station has no keys of cards")

    def check_sun(self, _url: str, /) -> SunFacts:
        raise KeysUnavailable("this station has no keys of cards")


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The master keys of a network, or those of them a place needs; any may be missing.

    *system* is part of every card's keys, so that two networks with one master key by mistake have different cards.
    *nonce* makes bytes nobody can foretell.
    """

    masters: Mapping[KeyRole, Cipher]
    cipher_of: CipherOf
    system: bytes = b"LITTERA1"
    nonce: Callable[[int], bytes] = secrets.token_bytes

    def __post_init__(self) -> None:
        # So long that diversification and plain CMAC agree (AN10922): other tools get the same keys.
        if not 5 <= len(self.system) <= 20:
            raise ValueError(f"the system's name is 5 to 20 bytes, not {len(self.system)}")

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        return Handshake.begin(self.cipher(role, uid), challenge, self.nonce(NONCE_SIZE))

    def check_sun(self, url: str, /) -> SunFacts:
        message = parse_sun(url)
        facts = message.facts(None if message.plain else self.cipher(KeyRole.SUN_META))
        if facts.uid is None or facts.counter is None:
            raise SunRefused("the message does not say whose it is, or which tap")
        message.check(facts, self.cipher(KeyRole.SUN_FILE, facts.uid.hex()), self.cipher_of)
        return facts

    def cipher(self, role: KeyRole, uid: str = "") -> Cipher:
        """Make the cipher of one card's key. Raises: KeysUnavailable; ValueError - no such UID."""
        return self.cipher_of(self.card_key(role, uid))

    def card_key(self, role: KeyRole, uid: str = "") -> bytes:
        """Make the key itself, to be written onto a card. Raises: KeysUnavailable; ValueError - no such UID."""
        master = self.masters.get(role)
        if master is None:
            raise KeysUnavailable(f"there is no {role.value} key here")
        return diversify(master, self._about(role, uid))

    def _about(self, role: KeyRole, uid: str) -> bytes:
        raw = bytes(UID_SIZE) if role.shared else bytes.fromhex(uid)
        if len(raw) != UID_SIZE:
            raise ValueError(f"a card with keys has a UID of {UID_SIZE} bytes, not {len(raw)}")
        return raw + AID + bytes([role.number]) + self.system
