"""The line to a 3M pad: one frame out, one frame back. What they mean is `threem.py`'s business.

The pad is deaf while it works: a request sent then is lost, and the answer that comes is an earlier one's. So a missing
answer is followed by asking for the version until that is answered.
Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0, sections 1.1 and 2.
"""

import logging
from typing import Final

from drivers.serial_port import SerialPort
from drivers.tag_pads.pad_line import NoReplyError, PadLine
from drivers.tag_pads.threem_errors import Error
from drivers.tag_pads.threem_frames import (
    PAUSE,
    SESSION,
    SESSION_START,
    START,
    Command,
    FrameError,
    Reply,
    Request,
    frame_splitter,
)
from kiosk.devices import DeviceLost

log = logging.getLogger("drivers.tag_pads.threem")

REPLY_WITHIN: Final = 2.0
"""Seconds an answer may take: an inventory of forty tags with both polls, and room."""
PING_WITHIN: Final = 0.5
"""Seconds a question may take that concerns no tag."""
_VERSION = 4  # bytes


class ThreeMLine:
    """Exchanges frames with a pad. Raises: DeviceLost, from every method but `close`."""

    def __init__(self, port: SerialPort) -> None:
        self.port = port
        self._talk: PadLine[Reply] = PadLine(port, "3M pad", frame_splitter(), _parse, pause=PAUSE, log=log)

    def ask(self, command: Command, fields: bytes = b"", *, uid: bytes = b"") -> Reply:
        """Exchange a request, up to three times: every command may be repeated without harm.

        *uid* are the 8 bytes of the tag that is meant: an answer about another tag is an earlier one's.
        """

        def exchange() -> Reply:
            self._talk.settle(self._ping)
            return self._talk.exchange(
                Request(command, uid + fields).to_bytes(),
                lambda reply: reply.start == START and reply.command == command and _is_about(uid, reply),
                REPLY_WITHIN,
            )

        return self._talk.persist(exchange)

    def begin(self) -> bytes:
        """Begin a session; return the pad's maker and its firmware's version: major, minor, build."""
        for frame in (SESSION, SESSION, Request(Command.VERSION)):
            try:
                reply = self._talk.exchange(frame.to_bytes(), lambda reply: _version(reply) is not None, PING_WITHIN)
            except NoReplyError as missing:
                log.info("%s: %s", self.port.path, missing)
                continue
            return _version(reply) or b""
        raise DeviceLost(f"no 3M pad answered on {self.port.path}: check its power, the cable and `port`")

    def close(self) -> None:
        self._talk.close()

    def _ping(self) -> None:
        self._talk.exchange(
            Request(Command.VERSION).to_bytes(), lambda reply: reply.command == Command.VERSION, PING_WITHIN
        )


def _parse(raw: bytes) -> Reply | None:
    try:
        return Reply.from_bytes(raw)
    except FrameError:
        return None  # a whole frame too short to be a reply


def _is_about(uid: bytes, reply: Reply) -> bool:
    """Whether a reply is about this tag; one that names no tag at all refuses the command itself."""
    return not uid or not reply.fields or reply.fields[:8] == uid


def _version(reply: Reply) -> bytes | None:
    """Find maker and version in a reply; None when it is another answer."""
    if reply.start == SESSION_START:
        told = reply.fields[1:] if reply.fields[:1] == bytes([Command.VERSION]) else b""
    else:
        told = reply.fields if reply.command == Command.VERSION else b""
    return told[:_VERSION] if reply.error == Error.NONE and len(told) >= _VERSION else None
