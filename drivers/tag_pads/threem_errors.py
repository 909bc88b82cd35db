"""What a 3M pad means by its error byte: words for the log, and which error it is for the caller.

Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0, appendix A. Nothing here talks to a pad.
"""

from enum import IntEnum

from drivers.tag_pads.threem_frames import Reply
from kiosk.devices import DeviceRefused, TagGone, TagLocked


class Error(IntEnum):
    """The error bytes of a reply."""

    NONE = 0x00
    NOT_IMPLEMENTED = 0x02
    NO_TAG = 0x06
    UNKNOWN = 0x0F
    NO_SUCH_MEMORY = 0x11
    LOCKED = 0x12
    NOT_READ = 0x15
    NOT_WRITTEN = 0x16
    TAG_ERROR_1 = 0x21
    TAG_ERROR_2 = 0x22
    TAG_ERROR_3 = 0x23
    UNSUPPORTED = 0x30
    OPTION = 0x31
    PARAMETER = 0x32
    CANCELLED = 0xFD
    NO_MEMORY = 0xFE


_WORDS = {
    Error.NOT_IMPLEMENTED: "this pad's firmware does not know the command",
    Error.NO_TAG: "the tag does not answer: lay the book flat on the pad",
    Error.UNKNOWN: "the pad could not say why",
    Error.NO_SUCH_MEMORY: "the tag has no such memory",
    Error.LOCKED: "it is locked: the tag has to be replaced to change it",
    Error.NOT_READ: "the tag could not be read: lay the book flat, away from metal",
    Error.NOT_WRITTEN: "the tag did not take what was written: hold the book still and try again",
    Error.TAG_ERROR_1: "the tag reported an error of its own",
    Error.TAG_ERROR_2: "the tag reported an error of its own",
    Error.TAG_ERROR_3: "the tag reported an error of its own",
    Error.UNSUPPORTED: "this kind of tag does not know the command",
    Error.OPTION: "the pad takes no such option",
    Error.PARAMETER: "the pad takes no such value",
    Error.CANCELLED: "the pad gave the command up",
    Error.NO_MEMORY: "the answer is longer than the pad's memory",
}


def describe(reply: Reply) -> str:
    """Say in words what the pad answered, with the byte a manual explains further."""
    words = _WORDS.get(Error(reply.error)) if reply.error in set(Error) else "an error no manual names"
    return f"{words or 'an unexpected answer'} (error 0x{reply.error:02X})"


def refusal(reply: Reply, attempt: str) -> DeviceRefused:
    """Make the error for a reply that is none of success; *attempt* says what was tried: "read tag E004..."."""
    message = f"3M pad could not {attempt}: {describe(reply)}"
    if reply.error == Error.NO_TAG:
        return TagGone(message)
    if reply.error == Error.LOCKED:
        return TagLocked(message)
    return DeviceRefused(message)
