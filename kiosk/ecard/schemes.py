"""How a card is asked who it is: one generator per scheme. No card reader, no clock.

A scheme takes the card's ATR and whoever can use the keys of cards, yields command APDUs, is sent the raw answers,
and returns who it is.

Errors, told apart by what the driver should do:

    AnswerCut       the card left or stumbled: read it again from the start while it lies there
    CardUnusable    the card answered in full and is no use here: tell the person
    NotProven       the card should hold a key and does not: refuse it, and count it
"""

import logging
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kiosk.devices import CardIdentity
from kiosk.ecard.aes import CipherOf
from kiosk.ecard.apdu import ALL, END_OF_FILE, OK, CardUnusable, Command, exchange
from kiosk.ecard.keys import CardKeys, KeysUnavailable
from kiosk.ecard.layouts import Layout, layout_of
from kiosk.ecard.number_file import decode_number_file
from kiosk.ecard.proving import prove, prove_by_sun
from kiosk.ecard.versions import get_version

logger = logging.getLogger(__name__)

Conversation = Generator[bytes, bytes, CardIdentity]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What a scheme may use: the keys of cards, and ciphers for the sessions they open."""

    keys: CardKeys
    cipher_of: CipherOf


Scheme = Callable[[bytes, KeyRing], Conversation]

APPLICATION = b"\xf0LITTERA"
"""The AID of the library's own application; F0 marks a proprietary one (ISO/IEC 7816-4, section 8.2.1.2)."""
NUMBER_FILE = 1
"""The short identifier of the elementary file that holds the card number."""

GET_UID = Command(0xFF, 0xCA, 0x00, 0x00, le=ALL)
"""Asked of the card reader, which knows the UID (PC/SC specification part 3, section 3.2.2.1.3)."""
SELECT_APPLICATION = Command(0x00, 0xA4, 0x04, 0x00, APPLICATION, le=ALL)
READ_NUMBER_FILE = Command(0x00, 0xB0, 0x80 | NUMBER_FILE, 0x00, le=ALL)

UID_LENGTHS = (4, 7, 8, 10)  # ISO/IEC 14443-3 A (4, 7, 10) and B (4); FeliCa and ISO/IEC 15693 (8)
RANDOM = 0x08  # first of four bytes: made up anew at every tap (ISO/IEC 14443-3, section 6.5.4)
CASCADE = 0x88  # first of four bytes: the start of a longer UID somebody cut off (ibid.)
STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""In the ATR of a card without applications: MIFARE Classic, Ultralight (PC/SC part 3, 3.1.3.2.3.2)."""


def identify_by_uid(_atr: bytes, _ring: KeyRing) -> Conversation:
    """Take the card's UID for its name: a claim anybody can copy.

    Raises: AnswerCut; CardUnusable - it has no UID that stays the same.
    """
    return _claim((yield from lasting_uid()))


def identify_by_number(atr: bytes, _ring: KeyRing) -> Conversation:
    """Read the card number from our application; the UID speaks for a card without it.

    A card that has the application and a damaged file is unusable: its UID would only hide the damage.
    Raises: AnswerCut; CardUnusable.
    """
    return (yield from _claimed(atr, (yield from lasting_uid())))


def identify_by_proof(atr: bytes, ring: KeyRing) -> Conversation:
    """Let the card prove itself; take a card that cannot for what it claims.

    Which chip it is says GetVersion, never the ATR. A chip with our application must hold its key. Where no key is to
    hand its SUN message may do; where that cannot be checked either, it is a claim, and nobody blames the card.
    Raises: AnswerCut; CardUnusable; NotProven.
    """
    uid = yield from lasting_uid()
    if STORAGE_CARD in atr:
        return _claim(uid, asked=True)
    version = yield from get_version()
    layout = None if version is None else layout_of(version.kind)
    if layout is None or not (yield from _has_application(layout)):
        claimed = yield from _claimed(atr, uid)
        return replace(claimed, asked=True)
    try:
        return (yield from prove(layout, uid, ring.keys, ring.cipher_of))
    except KeysUnavailable as why:
        logger.warning("a card could not be asked for its proof: %s", why)
    return (yield from _prove_otherwise(layout, uid, ring.keys))


def _prove_otherwise(layout: Layout, uid: str, keys: CardKeys) -> Conversation:
    try:
        if layout.sun:
            yield from exchange(layout.select)  # the handshake that was begun is forgotten
            return (yield from prove_by_sun(uid, keys))
    except (KeysUnavailable, CardUnusable) as why:
        logger.warning("nor its SUN message: %s", why)
    return _claim(uid)


def _has_application(layout: Layout) -> Generator[bytes, bytes, bool]:
    selected = yield from exchange(layout.select)
    return selected.status == layout.selected


def _claimed(atr: bytes, uid: str) -> Conversation:
    """Read what a card claims: its number, or its UID."""
    # Some card readers answer an ISO command to a storage card with a broken connection, so it is not asked.
    if STORAGE_CARD in atr:
        return _claim(uid)
    selected = yield from exchange(SELECT_APPLICATION)
    if selected.status != OK:
        return _claim(uid)
    file = yield from exchange(READ_NUMBER_FILE)
    if file.status not in (OK, END_OF_FILE):
        raise CardUnusable(f"the card does not give out its number file: status {file.status:04X}")
    return CardIdentity("number", uid, decode_number_file(file.data))


def lasting_uid() -> Generator[bytes, bytes, str]:
    """Ask for the UID; empty when there is none that will be the same at the next tap."""
    response = yield from exchange(GET_UID)
    uid = response.data
    if response.status != OK or len(uid) not in UID_LENGTHS:
        return ""
    if len(uid) == 4 and uid[0] in (RANDOM, CASCADE):
        return ""
    return uid.hex().upper()


def _claim(uid: str, *, asked: bool = False) -> CardIdentity:
    if not uid:
        raise CardUnusable("the card has no number and no lasting UID: a phone, or a card of another kind")
    return CardIdentity("uid", uid, asked=asked)


SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "uid": identify_by_uid,
        "number": identify_by_number,
        "proven": identify_by_proof,
    }
)
