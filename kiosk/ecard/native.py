"""Native commands of DESFire and NTAG 424 DNA in their ISO wrapping, and their status codes. No keys, no meaning.

    command   90 INS 00 00 [Lc DATA...] 00          response  [DATA...] 91 STATUS

NXP NT4H2421Gx data sheet, section 8.5; MF3D(H)x3 data sheet, likewise.
"""

from collections.abc import Generator
from enum import IntEnum
from types import MappingProxyType

from kiosk.ecard.apdu import ALL, CardUnusable, Command, Response, exchange

CLA = 0x90
MOST_FRAMES = 64
"""Frames of one answer before a card that always has more is given up; 64 hold more than any of our files."""


class Ins(IntEnum):
    """Instruction bytes we send, or a virtual card answers."""

    AUTHENTICATE_FIRST = 0x71
    AUTHENTICATE_NON_FIRST = 0x77
    MORE = 0xAF
    SELECT_APPLICATION = 0x5A
    CREATE_APPLICATION = 0xCA
    CREATE_FILE = 0xCD
    GET_VERSION = 0x60
    GET_CARD_UID = 0x51
    GET_KEY_VERSION = 0x64
    GET_FILE_IDS = 0x6F
    GET_APPLICATION_IDS = 0x6A
    GET_FILE_COUNTERS = 0xF6
    GET_FILE_SETTINGS = 0xF5
    CHANGE_FILE_SETTINGS = 0x5F
    CHANGE_KEY = 0xC4
    SET_CONFIGURATION = 0x5C
    READ_DATA = 0xAD
    WRITE_DATA = 0x8D
    READ_SIGNATURE = 0x3C


class Status(IntEnum):
    """The second status byte; the first is 91."""

    OK = 0x00
    NO_CHANGES = 0x0C
    OUT_OF_MEMORY = 0x0E
    UNKNOWN_COMMAND = 0x1C
    INTEGRITY = 0x1E
    NO_SUCH_KEY = 0x40
    LENGTH = 0x7E
    SIGNED = 0x90
    PERMISSION = 0x9D
    PARAMETER = 0x9E
    NO_APPLICATION = 0xA0
    DELAY = 0xAD
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    BOUNDARY = 0xBE
    ABORTED = 0xCA
    DUPLICATE = 0xDE
    MEMORY = 0xEE
    NO_FILE = 0xF0


_CODES = frozenset(int(status) for status in Status)
_MEANINGS = MappingProxyType(
    {
        Status.UNKNOWN_COMMAND: "it does not know this command",
        Status.INTEGRITY: "the seal of the command did not match",
        Status.NO_SUCH_KEY: "it has no such key",
        Status.LENGTH: "the command has a wrong length",
        Status.PERMISSION: "this is not allowed with this key, or the key is locked",
        Status.PARAMETER: "a parameter is wrong",
        Status.NO_APPLICATION: "it has no such application",
        Status.DELAY: "it waits after too many wrong keys",
        Status.AUTHENTICATION: "the key is wrong, or a key is needed",
        Status.BOUNDARY: "that is beyond the end of the file",
        Status.ABORTED: "it was in the middle of something else",
        Status.DUPLICATE: "that is there already",
        Status.OUT_OF_MEMORY: "it is full",
        Status.MEMORY: "its memory is damaged",
        Status.NO_FILE: "it has no such file",
    }
)


class CardRefused(CardUnusable):
    """The card understood and said no; *status* is its whole status word."""

    def __init__(self, doing: str, status: int) -> None:
        known = _MEANINGS.get(Status(status & 0xFF)) if is_native(status) else None
        super().__init__(f"{doing}: {known or 'an answer without meaning to us'} (status {status:04X})")
        self.status = status


def is_native(status: int) -> bool:
    return status >> 8 == 0x91 and status & 0xFF in _CODES


def native(ins: int, data: bytes = b"") -> Command:
    """Wrap one native command."""
    return Command(CLA, ins, 0, 0, data, le=ALL)


def ask(command: Command, doing: str, *, done: tuple[Status, ...] = (Status.OK,)) -> Generator[bytes, bytes, bytes]:
    """Send a native command and collect its answer over all its frames.

    Raises: AnswerCut; CardRefused - any other status; *doing* says what was tried.
    """
    response = yield from exchange(command)
    data = response.data
    for _ in range(MOST_FRAMES):
        if response.status != 0x9100 | Status.MORE:
            break
        response = yield from exchange(native(Ins.MORE))
        data += response.data
    if response.status not in {0x9100 | status for status in done}:
        raise CardRefused(doing, response.status)
    return data


def ask_once(command: Command, doing: str, expected: Status) -> Generator[bytes, bytes, Response]:
    """Send one frame whose answer must have this status. Raises: AnswerCut; CardRefused."""
    response = yield from exchange(command)
    if response.status != 0x9100 | expected:
        raise CardRefused(doing, response.status)
    return response
