"""What was found out about a card, in plain words: one line per fact, and at the end what follows from it."""

from drivers.key_stores.originality import is_genuine
from kiosk.ecard.inspecting import Inspection
from kiosk.ecard.keys import KeyRole
from kiosk.ecard.versions import CardKind

SHOWN = 3
Fact = tuple[str, str]


def explain(found: Inspection, *, with_keys: bool, whole_number: bool = False) -> list[Fact]:
    """Explain a card. Without *whole_number* only the end of its number is told: screens are read by passers-by."""
    facts = [("card", _kind(found)), ("uid", _uid(found))]
    if found.version is not None and found.version.made:
        facts.append(("made", found.version.made))
    if found.signature is not None and found.version is not None and found.version.uid:
        facts.append(("chip", _chip(found, bytes.fromhex(found.version.uid))))
    if found.version is not None and found.version.kind.proves:
        facts.append(("ours", _ours(found)))
    if found.sun is not None:
        facts.append(("sun message", f"good; tap {found.sun.counter} of this card"))
    elif found.sun_trouble:
        facts.append(("sun message", found.sun_trouble if with_keys else "not checked: no keys here"))
    facts.append(("number", _number(found, whole_number=whole_number)))
    facts.append(("at a station", _verdict(found, with_keys=with_keys)))
    return facts


def _kind(found: Inspection) -> str:
    if found.is_storage:
        return "a storage card (MIFARE Classic, Ultralight): it holds no key we trust, and anybody can copy it"
    if found.version is None:
        return "not a chip of NXP that says its kind: a card of another make, or a telephone"
    kind = found.version.kind
    if kind.proves:
        return f"{kind.value}: it can prove itself"
    old = "too old to prove itself the way we ask" if kind is CardKind.DESFIRE_EV1 else "it cannot prove itself to us"
    return f"{kind.value}: {old}"


def _uid(found: Inspection) -> str:
    if not found.uid:
        return "the card reader tells none"
    shown = found.uid.hex().upper()
    if found.is_random:
        return f"{shown}, made up for this tap: it cannot name a patron"
    return f"{shown}; anybody can copy it"


def _chip(found: Inspection, uid: bytes) -> str:
    assert found.signature is not None
    if is_genuine(uid, found.signature):
        return "signed by its maker (which can be copied with the UID, and proves nothing about a patron)"
    return "its maker's signature does not match: a copy, or of another series"


def _ours(found: Inspection) -> str:
    if not found.has_application:
        return "no: it has no application of ours; `kiosk card issue` writes it"
    written = [role.value for role in KeyRole if found.key_versions.get(role)]
    if not found.key_versions:
        return "it has the application; it does not say how old its keys are"
    if not written:
        return "not yet: its keys are the factory's; `kiosk card issue` writes it"
    if KeyRole.MASTER.value not in written:
        return f"half: {', '.join(written)} changed, `master` still the factory's; `kiosk card issue` finishes it"
    return "yes: every key was changed" if len(written) == len(KeyRole) else f"changed keys: {', '.join(written)}"


def _number(found: Inspection, *, whole_number: bool) -> str:
    number = None if found.identity is None else found.identity.number
    if number is None:
        return "none that could be read"
    return number if whole_number else f"...{number[-SHOWN:]}"


def _verdict(found: Inspection, *, with_keys: bool) -> str:
    identity = found.identity
    if found.refused:
        return f"REFUSED: {found.trouble}"
    if identity is None:
        return f"not readable: {found.trouble}"
    if identity.proven:
        return "proves itself" + (" by its SUN message" if identity.scheme == "sun" else "")
    by = "its number" if identity.number else "its UID"
    if not identity.asked and not with_keys:
        return f"not asked: there are no keys here (`--keys`); without them a claim by {by}"
    return f"a claim by {by}: it can be copied, so a PIN is asked"
