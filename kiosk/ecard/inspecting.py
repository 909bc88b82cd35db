"""What can be found out about a card that lies there, without changing anything on it; for staff and technicians.

It costs the card one wrong key at most, and its SUN counter one tap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.devices import CardIdentity
from kiosk.ecard.apdu import AnswerCut, CardError, exchange
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.keys import KeyRole, KeysUnavailable
from kiosk.ecard.layouts import Layout, layout_of, select
from kiosk.ecard.native import Ins, Status, native
from kiosk.ecard.proving import Saying, read_sun
from kiosk.ecard.schemes import GET_UID, RANDOM, STORAGE_CARD, KeyRing, identify_by_proof
from kiosk.ecard.sun import SunFacts
from kiosk.ecard.versions import Version, get_version


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. Fields are None for what the card does not tell, or nobody could check.

    uid             as the card reader gives it; `is_random`: it will be another at the next tap
    is_storage      a card without applications (MIFARE Classic, Ultralight)
    key_versions    by role: 0 as it left the factory, 1 ours
    signature       the chip maker's over the UID
    identity        whom a station would take it for; `trouble` says why it would not
    sun             what its SUN message said, once it was checked; `sun_trouble` why it could not be
    """

    atr: bytes
    uid: bytes = b""
    is_random: bool = False
    is_storage: bool = False
    version: Version | None = None
    has_application: bool = False
    key_versions: Mapping[KeyRole, int] = field(default_factory=dict)
    signature: bytes | None = None
    identity: CardIdentity | None = None
    refused: bool = False
    trouble: str = ""
    sun: SunFacts | None = None
    sun_trouble: str = ""


def inspect(atr: bytes, ring: KeyRing) -> Saying[Inspection]:
    """Find out what can be found out. Raises: AnswerCut - the card left."""
    told = yield from exchange(GET_UID)
    uid = told.data if told.status == 0x9000 else b""
    if STORAGE_CARD in atr:
        identity, refused, trouble = yield from _identity(atr, ring)
        return Inspection(atr, uid, is_storage=True, identity=identity, refused=refused, trouble=trouble)
    version = yield from get_version()
    layout = None if version is None else layout_of(version.kind)
    has_application = layout is not None and (yield from _is_there(layout))
    versions = (yield from _key_versions()) if has_application else {}
    signature = (yield from _signature()) if version is not None else None
    identity, refused, trouble = yield from _identity(atr, ring)
    sun, sun_trouble = None, ""
    if layout is not None and layout.sun and has_application:
        sun, sun_trouble = yield from _sun(layout, ring)
    return Inspection(
        atr,
        uid,
        is_random=len(uid) == 4 and uid[0] == RANDOM,
        version=version,
        has_application=has_application,
        key_versions=versions,
        signature=signature,
        identity=identity,
        refused=refused,
        trouble=trouble,
        sun=sun,
        sun_trouble=sun_trouble,
    )


def _is_there(layout: Layout) -> Saying[bool]:
    try:
        yield from select(layout)
    except AnswerCut:
        raise
    except CardError:
        return False
    return True


def _key_versions() -> Saying[dict[KeyRole, int]]:
    """Ask how old each key is; a card may want a key for that, and then says nothing."""
    versions = {}
    for role in KeyRole:
        told = yield from exchange(native(Ins.GET_KEY_VERSION, bytes([role.number])))
        if told.status == 0x9100 and len(told.data) == 1:
            versions[role] = told.data[0]
    return versions


def _signature() -> Saying[bytes | None]:
    told = yield from exchange(native(Ins.READ_SIGNATURE, b"\0"))
    good = told.status in (0x9100 | Status.OK, 0x9100 | Status.SIGNED)
    return told.data if good and told.data else None


def _identity(atr: bytes, ring: KeyRing) -> Saying[tuple[CardIdentity | None, bool, str]]:
    """Take the card for what a station would; and say whether it was refused, and why it was not taken."""
    try:
        return (yield from identify_by_proof(atr, ring)), False, ""
    except AnswerCut:
        raise
    except NotProven as why:
        return None, True, str(why)
    except CardError as why:
        return None, False, str(why)


def _sun(layout: Layout, ring: KeyRing) -> Saying[tuple[SunFacts | None, str]]:
    try:
        yield from select(layout)
        return ring.keys.check_sun((yield from read_sun())), ""
    except AnswerCut:
        raise
    except (CardError, KeysUnavailable) as why:
        return None, str(why)
