"""Writing a card at the desk: its files, its number, its keys; so that it can be torn at any command and written again.

Everything is set with the master key the card still has; that key itself is changed last. What is there already is
recognised by the version of each key (0 factory, 1 ours), so a second run finishes what the first began.
"""

from dataclasses import dataclass

from kiosk.circulation.model import CardNumber
from kiosk.devices import CardIdentity
from kiosk.ecard.apdu import CardUnusable, exchange
from kiosk.ecard.ev2 import Handshake, NotProven
from kiosk.ecard.key_change import change_key
from kiosk.ecard.keys import AID, NONCE_SIZE, KeyRole, MasterKeys
from kiosk.ecard.layouts import (
    FREE,
    NEVER,
    NUMBER_ACCESS,
    NUMBER_SIZE,
    SELECT_PICC,
    Layout,
    access,
    layout_of,
    select,
)
from kiosk.ecard.messaging import Mode, Session
from kiosk.ecard.native import Ins, Status, ask, ask_once, native
from kiosk.ecard.ndef import uri_record
from kiosk.ecard.number_file import encode_number_file
from kiosk.ecard.proving import Saying, prove
from kiosk.ecard.schemes import lasting_uid
from kiosk.ecard.versions import Version, get_version

FACTORY_KEY = bytes(16)
FACTORY, OURS = 0, 1
NDEF = 2
_FULL, _SDM_PLAIN = b"\x03", b"\x40"
_APPLICATION_SETTINGS = bytes([0x0B, 0x80 | len(KeyRole)])  # changeable with the master key; AES
_MIRRORED = 0xC1  # UID and counter, as ASCII
_FRAME = 24  # bytes written at once: hidden and sealed, they fit the 55 bytes one frame of every chip takes
_PICC_DIGITS, _SEAL_DIGITS = 32, 16
_IS_OURS = bytes([OURS])


@dataclass(frozen=True, slots=True)
class Order:
    """What a card shall be. *address*: where its SUN message leads, `https://.../c`; empty for none."""

    number: CardNumber
    address: str = ""
    random_uid: bool = False


def issue(order: Order, keys: MasterKeys) -> Saying[CardIdentity]:
    """Make one of our cards of the card that lies there, blank or begun or issued, and let it prove itself.

    Raises: AnswerCut; CardUnusable - it is of a kind that cannot, or refuses; NotProven - its keys are neither the
    factory's nor ours; KeysUnavailable - a master key is missing; ValueError - no such number or address.
    """
    content = encode_number_file(order.number)
    sun = _sun_file(order.address) if order.address else None
    version = yield from get_version()
    layout = None if version is None else layout_of(version.kind)
    if version is None or layout is None:
        kind = "a card without GetVersion" if version is None else version.kind.value
        raise CardUnusable(f"{kind} cannot prove itself: take an NTAG 424 DNA or a DESFire EV2 or EV3")
    if version.kind.is_desfire:
        yield from _make_application()
    yield from select(layout)
    uid = version.uid or (yield from _hidden_uid(keys))
    session, master = yield from _open(keys, uid)
    yield from _set_up_number_file(session, layout, version)
    yield from _write(session, layout.file, content, Mode.FULL)
    if layout.sun and sun is not None:
        yield from _write_sun(session, *sun)
    yield from _change_keys(session, keys, uid)
    if order.random_uid and layout.sun:
        yield from session.ask(Ins.SET_CONFIGURATION, "hiding the UID", b"\0", b"\x02", Mode.FULL)
    if master == FACTORY_KEY:
        ours = keys.card_key(KeyRole.MASTER, uid)
        yield from ask(
            change_key(session, KeyRole.MASTER.number, ours, old=None, version=OURS), "changing the master key"
        )
    return (yield from _check(order, layout, keys))


def _hidden_uid(keys: MasterKeys) -> Saying[str]:
    """Ask a card that was issued with a random UID for its own."""
    session = yield from _open_with(keys.card_key(KeyRole.PRIVACY), KeyRole.PRIVACY.number, keys)
    uid = yield from session.ask(Ins.GET_CARD_UID, "telling its UID", mode=Mode.FULL)
    return uid.hex().upper()


def _open(keys: MasterKeys, uid: str) -> Saying[tuple[Session, bytes]]:
    """Open a session with the master key the card has: the factory's or ours. A wrong one is tried at most once."""
    ours, number = keys.card_key(KeyRole.MASTER, uid), KeyRole.MASTER.number
    told = yield from exchange(native(Ins.GET_KEY_VERSION, bytes([number])))
    is_ours = told.status == 0x9100 and told.data == bytes([OURS])
    likely, other = (ours, FACTORY_KEY) if is_ours else (FACTORY_KEY, ours)
    try:
        return (yield from _open_with(likely, number, keys)), likely
    except NotProven:
        return (yield from _open_with(other, number, keys)), other


def _open_with(key: bytes, number: int, keys: MasterKeys) -> Saying[Session]:
    first = native(Ins.AUTHENTICATE_FIRST, bytes([number, 0]))
    challenge = yield from ask_once(first, "beginning its proof", Status.MORE)
    handshake = Handshake.begin(keys.cipher_of(key), challenge.data, keys.nonce(NONCE_SIZE))
    answer = yield from exchange(native(Ins.MORE, handshake.command))
    if answer.status != 0x9100:
        raise NotProven("the card's keys are neither the factory's nor ours")
    return Session(handshake.finish(answer.data), keys.cipher_of)


def _make_application() -> Saying[None]:
    """Make our application on a DESFire card, where it is not there yet."""
    yield from ask(SELECT_PICC, "selecting the card itself")
    command = native(Ins.CREATE_APPLICATION, AID[::-1] + _APPLICATION_SETTINGS)
    yield from ask(command, "making the application", done=(Status.OK, Status.DUPLICATE))


def _set_up_number_file(session: Session, layout: Layout, version: Version) -> Saying[None]:
    file, settings = bytes([layout.file]), _FULL + NUMBER_ACCESS
    if not version.kind.is_desfire:
        doing = "setting up the number file"
        yield from session.ask(Ins.CHANGE_FILE_SETTINGS, doing, file, settings, Mode.FULL)
        return
    # Making it twice would be refused, and a refusal ends the session: it is looked for first.
    if file not in (yield from session.ask(Ins.GET_FILE_IDS, "naming its files")):
        size = NUMBER_SIZE.to_bytes(3, "little")
        yield from session.ask(Ins.CREATE_FILE, "making the number file", file + settings + size)


def _write(session: Session, file: int, content: bytes, mode: Mode) -> Saying[None]:
    for at in range(0, len(content), _FRAME):
        part = content[at : at + _FRAME]
        span = bytes([file]) + at.to_bytes(3, "little") + len(part).to_bytes(3, "little")
        yield from session.ask(Ins.WRITE_DATA, "writing", span, part, mode)


def _sun_file(address: str) -> tuple[bytes, bytes]:
    """Lay out the NDEF file with its placeholders, and the settings that have the card fill them at every tap.

    FileOption, AccessRights, SDMOptions, SDMAccessRights (hidden with sun-meta, sealed with sun-file), then the offsets
    of PICCENCData, of what is sealed and of the seal (NXP AN12196, section 5.9). Raises: ValueError.
    """
    record = uri_record(f"{address}?e={'0' * _PICC_DIGITS}&c={'0' * _SEAL_DIGITS}")
    file = len(record).to_bytes(2) + record
    seal_at = len(file) - _SEAL_DIGITS
    picc_at = seal_at - len("&c=") - _PICC_DIGITS
    offsets = b"".join(at.to_bytes(3, "little") for at in (picc_at, seal_at, seal_at))
    rights = access(KeyRole.SUN_META.number, KeyRole.SUN_FILE.number, NEVER, NEVER)
    return file, _SDM_PLAIN + access(FREE, 0, 0, 0) + bytes([_MIRRORED]) + rights + offsets


def _write_sun(session: Session, file: bytes, settings: bytes) -> Saying[None]:
    yield from _write(session, NDEF, file, Mode.PLAIN)
    yield from session.ask(Ins.CHANGE_FILE_SETTINGS, "setting up SUN", bytes([NDEF]), settings, Mode.FULL)


def _change_keys(session: Session, keys: MasterKeys, uid: str) -> Saying[None]:
    """Give the card every key of ours it has not yet, but the master's."""
    for role in KeyRole:
        number = bytes([role.number])
        if (
            role is KeyRole.MASTER
            or (yield from session.ask(Ins.GET_KEY_VERSION, "telling a key's age", number)) == _IS_OURS
        ):
            continue
        new = keys.card_key(role, "" if role.shared else uid)
        changing = change_key(session, role.number, new, old=FACTORY_KEY, version=OURS)
        session.answer((yield from ask(changing, f"changing the {role.value} key")))


def _check(order: Order, layout: Layout, keys: MasterKeys) -> Saying[CardIdentity]:
    """Ask the card for its proof, as a station would. Raises: CardUnusable - it proves another number."""
    yield from select(layout)
    identity = yield from prove(layout, (yield from lasting_uid()), keys, keys.cipher_of)
    if identity.number != order.number:
        raise CardUnusable("the card was written and proves another number: write it again")
    return identity
