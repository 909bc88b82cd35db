"""How a card proves itself: the handshake with its own key, its UID and its number under the seal of the session.

A card that has our application and does not hold its key is refused (NotProven): a copy of a UID, a replayed tape,
a card swapped in the middle. One whose key nobody here can use is not blamed (KeysUnavailable).
"""

from collections.abc import Generator
from typing import TypeVar

from kiosk.circulation.model import CardNumber
from kiosk.devices import CardIdentity
from kiosk.ecard.aes import CipherOf
from kiosk.ecard.apdu import CardUnusable, exchange
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.keys import CardKeys, KeyRole
from kiosk.ecard.layouts import NUMBER_SIZE, SELECT_NDEF, Layout, read_ndef
from kiosk.ecard.messaging import Mode, Session
from kiosk.ecard.native import CardRefused, Ins, Status, ask_once, native
from kiosk.ecard.ndef import uri_of
from kiosk.ecard.number_file import decode_number_file

_Said = TypeVar("_Said")
Saying = Generator[bytes, bytes, _Said]

_NO_PROOF = frozenset(
    0x9100 | status
    for status in (
        Status.AUTHENTICATION,
        Status.NO_SUCH_KEY,
        Status.PERMISSION,
        Status.DELAY,
        Status.INTEGRITY,
        Status.ABORTED,
    )
)
"""Refusals of a card that has not our key, or whose key rests or is locked after too many wrong ones."""


def prove(layout: Layout, uid: str, keys: CardKeys, cipher_of: CipherOf) -> Saying[CardIdentity]:
    """Let a card whose application is selected prove itself; *uid* is what it shows, empty for a random one.

    Raises: AnswerCut; NotProven; CardUnusable - it is ours and what it holds is damaged; KeysUnavailable.
    """
    if not uid:
        uid = yield from _private_uid(keys, cipher_of)
    session = yield from authenticate(keys, KeyRole.READ, uid, cipher_of)
    proven = yield from _in_session(session.ask(Ins.GET_CARD_UID, "telling its UID", mode=Mode.FULL))
    if proven.hex().upper() != uid:
        raise NotProven("the card shows another UID than the one it proves")
    return CardIdentity("proven", uid, (yield from number_read(session, layout)), proven=True)


def authenticate(keys: CardKeys, role: KeyRole, uid: str, cipher_of: CipherOf) -> Saying[Session]:
    """Open a session with the key of a role. Raises: AnswerCut; NotProven; KeysUnavailable."""
    first = native(Ins.AUTHENTICATE_FIRST, bytes([role.number, 0]))
    challenge = yield from _in_session(ask_once(first, "beginning its proof", Status.MORE))
    proving = keys.begin(role, uid, challenge.data)
    second = native(Ins.MORE, proving.command)
    answer = yield from _in_session(ask_once(second, "finishing its proof", Status.OK))
    return Session(proving.finish(answer.data), cipher_of)


def prove_by_sun(uid: str, keys: CardKeys) -> Saying[CardIdentity]:
    """Take the SUN message of this tap for a proof, where no key for the handshake is to hand.

    It was made by the card, but perhaps not now: the identity carries its counter, which whoever accepts it must have
    seen rise. Raises: AnswerCut; NotProven; CardUnusable - it gives none; KeysUnavailable.
    """
    message = yield from read_sun()
    facts = keys.check_sun(message)
    told = "" if facts.uid is None else facts.uid.hex().upper()
    if uid and told != uid:
        raise NotProven("the message is another card's")
    return CardIdentity("sun", told, proven=True, counter=facts.counter)


def read_sun() -> Saying[str]:
    """Read the address a card gives at this tap. Raises: AnswerCut; CardUnusable - it gives none."""
    selected = yield from exchange(SELECT_NDEF)
    head = yield from exchange(read_ndef(0, 2))
    length = int.from_bytes(head.data[:2])
    if selected.status != 0x9000 or head.status != 0x9000 or not 0 < length <= 254:
        raise CardUnusable("the card gives no SUN message")
    body = yield from exchange(read_ndef(2, length))
    try:
        return uri_of(body.data)
    except ValueError as err:
        raise CardUnusable("the card gives no SUN message") from err


def number_read(session: Session, layout: Layout) -> Saying[CardNumber]:
    """Read the number file in a running session. Raises: AnswerCut; CardUnusable; NotProven."""
    span = bytes([layout.file]) + bytes(3) + NUMBER_SIZE.to_bytes(3, "little")
    reading = session.ask(Ins.READ_DATA, "giving out its number", span, mode=Mode.FULL)
    return decode_number_file((yield from _in_session(reading)))


def _private_uid(keys: CardKeys, cipher_of: CipherOf) -> Saying[str]:
    """Ask a card with a random UID for its own, with the key that is the same on all cards."""
    session = yield from authenticate(keys, KeyRole.PRIVACY, "", cipher_of)
    uid = yield from _in_session(session.ask(Ins.GET_CARD_UID, "telling its UID", mode=Mode.FULL))
    return uid.hex().upper()


def _in_session(conversation: Saying[_Said]) -> Saying[_Said]:
    """Blame a card that loses its session in the middle: another one lies there, or somebody interferes."""
    try:
        return (yield from conversation)
    except CardRefused as no:
        if no.status in _NO_PROOF:
            raise NotProven(str(no)) from no
        raise
