"""What a FEIG pad means by its status byte: words for the log, and which error it is for the caller.

Source: FEIG H01113-4e and H20800-16e, annex "Index of status bytes"; ISO/IEC 15693-3, section 7.4.2 for the
codes that follow status 0x95. Nothing here talks to a pad.
"""

from enum import IntEnum

from drivers.tag_pads.feig_frames import Reply
from kiosk.devices import DeviceRefused, TagGone, TagLocked


class Status(IntEnum):
    """The status bytes of a reply."""

    OK = 0x00
    NO_TAG = 0x01
    BAD_DATA = 0x02
    WRITE_ERROR = 0x03
    ADDRESS = 0x04
    WRONG_TYPE = 0x05
    AUTHENTICATION = 0x08
    COLLISION = 0x0B
    GENERAL = 0x0E
    EEPROM = 0x10
    RANGE = 0x11
    LOGIN_NEEDED = 0x13
    LOGIN_WRONG = 0x14
    READ_PROTECTED = 0x15
    WRITE_PROTECTED = 0x16
    ACTIVATION = 0x17
    UNKNOWN_COMMAND = 0x80
    LENGTH = 0x81
    NOT_AVAILABLE = 0x82
    RF_COMMUNICATION = 0x83
    RF_WARNING = 0x84
    EPC = 0x85
    OVERFLOW = 0x93
    MORE = 0x94
    TAG_ERROR = 0x95
    CARD_ERROR = 0x96
    CRYPTO = 0x97
    HARDWARE = 0xF1


class TagError(IntEnum):
    """The tag's own error code, the first body byte of a reply with `Status.TAG_ERROR`."""

    UNSUPPORTED = 0x01
    NOT_RECOGNISED = 0x02
    OPTION = 0x03
    UNKNOWN = 0x0F
    NO_SUCH_BLOCK = 0x10
    ALREADY_LOCKED = 0x11
    LOCKED = 0x12
    NOT_WRITTEN = 0x13
    NOT_LOCKED = 0x14
    PROTECTED = 0x15
    WRITE_PROTECTED = 0x16


_GONE = {Status.NO_TAG, Status.RF_COMMUNICATION}
_KEPT = {Status.READ_PROTECTED, Status.WRITE_PROTECTED}
_TAG_KEEPS = {
    TagError.ALREADY_LOCKED,
    TagError.LOCKED,
    TagError.PROTECTED,
    TagError.WRITE_PROTECTED,
}

_WORDS = {
    Status.NO_TAG: "the tag is not in the field: lay the book flat on the pad",
    Status.BAD_DATA: "the tag's answer was garbled: lay the book flat, away from metal",
    Status.WRITE_ERROR: "the tag did not take what was written: hold the book still and try again",
    Status.ADDRESS: "there is no such address in the pad's or the tag's memory",
    Status.WRONG_TYPE: "this kind of tag does not know the command",
    Status.AUTHENTICATION: "the tag asks for a key the pad does not have",
    Status.COLLISION: "several tags answered at once: spread the books",
    Status.GENERAL: "the pad could not say why",
    Status.EEPROM: "the pad's configuration memory cannot be written",
    Status.RANGE: "the pad takes no such value",
    Status.LOGIN_NEEDED: "the pad is protected by a password: take it off with the maker's configuration program",
    Status.LOGIN_WRONG: "the pad's password is another one",
    Status.READ_PROTECTED: "the tag is protected against reading",
    Status.WRITE_PROTECTED: "the tag is protected against writing",
    Status.ACTIVATION: "the pad needs an activation code from its maker for this",
    Status.UNKNOWN_COMMAND: "this model of pad does not know the command",
    Status.LENGTH: "the pad found the request too short or too long",
    Status.NOT_AVAILABLE: (
        "the pad is in scan mode, where it sends tags by itself and takes no commands: "
        "switch it to host mode (CFG1 byte 13, bit 0 = 0) and restart it"
    ),
    Status.RF_COMMUNICATION: "the tag stopped answering in the middle: lay the book flat and leave it there",
    Status.RF_WARNING: "the pad's antenna is disturbed: look for metal or another antenna near it",
    Status.EPC: "the tag's EPC is damaged",
    Status.OVERFLOW: "the answer is longer than the pad's buffer",
    Status.CARD_ERROR: "the ISO 14443 card reported an error",
    Status.CRYPTO: "the pad's cryptography failed",
    Status.HARDWARE: "the pad found itself broken: switch it off and on, then call its maker",
}

_TAG_WORDS = {
    TagError.UNSUPPORTED: "the tag does not support the command",
    TagError.NOT_RECOGNISED: "the tag did not recognise the command",
    TagError.OPTION: "the tag does not support the option",
    TagError.UNKNOWN: "the tag gave no reason",
    TagError.NO_SUCH_BLOCK: "the tag has no such block",
    TagError.ALREADY_LOCKED: "it is locked already",
    TagError.LOCKED: "it is locked: the tag has to be replaced to change it",
    TagError.NOT_WRITTEN: "the tag could not store it: try again, then replace the tag",
    TagError.NOT_LOCKED: "the tag could not lock it",
    TagError.PROTECTED: "it is protected by a password",
    TagError.WRITE_PROTECTED: "it is protected against writing",
}


def tag_error(reply: Reply) -> int | None:
    """Return the tag's own error code where the pad passed one on."""
    return reply.body[0] if reply.status == Status.TAG_ERROR and reply.body else None


def describe(reply: Reply) -> str:
    """Say in words what the pad answered, with the bytes a manual explains further."""
    if (code := tag_error(reply)) is not None:
        words = _TAG_WORDS.get(TagError(code)) if code in set(TagError) else "the tag gave a code of its maker"
        return f"{words} (status 0x95, tag error 0x{code:02X})"
    words = _WORDS.get(Status(reply.status)) if reply.status in set(Status) else "a status no manual names"
    at = f" at block {reply.body[0]}" if reply.status == Status.WRITE_ERROR and reply.body else ""
    return f"{words or 'an unexpected status'}{at} (status 0x{reply.status:02X})"


def refusal(reply: Reply, attempt: str) -> DeviceRefused:
    """Make the error for a reply that is not OK; *attempt* says what was tried: "read tag E004..."."""
    message = f"FEIG pad could not {attempt}: {describe(reply)}"
    if reply.status in _GONE:
        return TagGone(message)
    if reply.status in _KEPT or tag_error(reply) in _TAG_KEEPS:
        return TagLocked(message)
    return DeviceRefused(message)
