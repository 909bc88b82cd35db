"""The centre answers for the keys of cards: a station passes a card's challenge on, and gets the keys of one session.

Nothing is kept between the two steps, so any copy of the centre can do the second: what the first made up travels with
the station, sealed with a key that is made of the network's own (AES-GCM, the station's name bound in) and good for ten
seconds. Only what a station needs is answered: proofs and SUN messages, never the key that writes cards.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.ecard.aes import BLOCK
from kiosk.ecard.ev2 import Handshake, SessionKeys
from kiosk.ecard.keys import KeyRole, MasterKeys
from kiosk.ecard.sun import SunFacts

GOOD_FOR = 10
"""Seconds between the two steps of a proof; a card answers within one."""
ANSWERED = (KeyRole.READ, KeyRole.PRIVACY)
_NONCE = 12
_NOBODY = "00" * 7  # the UID no card has: its key seals what travels


@dataclass(frozen=True, slots=True)
class CardProofs:
    """Answers by the master keys of the network, as `drivers.key_stores` opened them."""

    keys: MasterKeys

    def begin(self, station: str, role: KeyRole, uid: str, challenge: bytes, now: datetime) -> tuple[str, bytes]:
        """Answer a card's challenge: the sealed state of the proof, and the 32 bytes for the card.

        Raises: KeysUnavailable; NotProven - the challenge is none; ValueError - a role or a UID nobody is answered for.
        """
        if role not in ANSWERED:
            raise ValueError(f"the {role.value} key is not answered for: a station has no use for it")
        handshake = Handshake.begin(self.keys.cipher(role, uid), challenge, self.keys.nonce(BLOCK))
        until = int(now.timestamp()) + GOOD_FOR
        state = handshake.rnd_a + handshake.rnd_b + bytes([role.number]) + until.to_bytes(8) + bytes.fromhex(uid)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._seal().encrypt(nonce, state, station.encode())
        return base64.urlsafe_b64encode(sealed).decode("ascii"), handshake.command

    def finish(self, station: str, proof: str, answer: bytes, now: datetime) -> SessionKeys:
        """Check the card's proof.

        Raises: NotProven; KeysUnavailable; ValueError - it was not begun by this station, or too long ago.
        """
        try:
            raw = base64.urlsafe_b64decode(proof.encode("ascii"))
            state = self._seal().decrypt(raw[:_NONCE], raw[_NONCE:], station.encode())
        except (InvalidTag, binascii.Error, UnicodeEncodeError):
            raise ValueError("this proof was not begun by this station") from None
        rnd_a, rnd_b, role = state[:BLOCK], state[BLOCK : 2 * BLOCK], list(KeyRole)[state[2 * BLOCK]]
        until, uid = int.from_bytes(state[2 * BLOCK + 1 : 2 * BLOCK + 9]), state[2 * BLOCK + 9 :].hex()
        if now.timestamp() > until:
            raise ValueError(f"this proof was begun more than {GOOD_FOR} s ago")
        return Handshake(self.keys.cipher(role, uid), rnd_a, rnd_b).finish(answer)

    def check_sun(self, url: str) -> SunFacts:
        """Check the message of one tap, as `MasterKeys` does; whether its counter went up is the station's to say."""
        return self.keys.check_sun(url)

    def _seal(self) -> AESGCM:
        return AESGCM(self.keys.card_key(KeyRole.READ, _NOBODY))
