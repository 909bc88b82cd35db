"""The Elatec TWN4, a small device for one tag at a time, with the firmware "Simple Protocol", on USB or a serial line.

    inventory                 one tag
    read, AFI, write, lock    ISO 15693 requests passed on to the tag
    EAS                       NXP tags only

A request and a reply are lines of hex digits that end with a carriage return. A request begins with the API and the
function; a reply with 00, or with the number of what was wrong with the line. Numbers are sent least significant byte
first, and so is a UID on the air. A reply does not say what it answers, and a tag that says no is told like one
that left; so after a missing reply the version is asked for until it comes, and after a "no" the tag is looked for.

This file is the whole driver: docs/devices/writing-a-driver.md walks through it.
Source: ELATEC TWN4 Simple Protocol DocRev25 (2022), sections 1.1 to 1.4, 1.5.1, 1.5.4 and 1.5.12; ISO/IEC 15693-3 for
what is passed on.
"""

import logging
import re
from dataclasses import dataclass
from typing import Final

from drivers.serial_port import SerialPort
from drivers.tag_pads.crc16_mcrf4xx import crc16
from drivers.tag_pads.frame_splitter import LineSplitter
from drivers.tag_pads.iso15693 import Air, SystemInformation, parse_system_information
from drivers.tag_pads.pace import Pace
from drivers.tag_pads.pad_line import NoReplyError, PadLine
from drivers.tag_pads.tag_facts import (
    FIRST_BLOCKS,
    expect_whole_blocks,
    has_eas,
    is_iso15693,
    no_eas,
    uid_bytes,
)
from kiosk.devices import DeviceFacts, DeviceLost, DeviceRefused, GateReading, TagContent, TagGone, TagLocked, TagUid

log = logging.getLogger(__name__)

REPLY_WITHIN: Final = 1.0
PING_WITHIN: Final = 0.4
WRITE_TRIES: Final = 3
_PAUSE: Final = 0.02
_VERSION, _SEARCH, _TAG_TYPES, _PASS_ON = b"\x00\x04", b"\x05\x00", b"\x05\x02", b"\x0d\x00"
_LONGEST_ID: Final = b"\x10"
_ONLY_ISO15693: Final = bytes(4) + bytes([1 << 2, 0, 0, 0])  # no LF tags; HF tag type 82 is bit 2
_ADDRESSED: Final = 0x22  # high data rate, with the tag's UID
_MOST_HEARD: Final = 0xFF
_NXP: Final = b"\x04"
_HEX_AT_THE_END: Final = re.compile(rb"(?:[0-9A-Fa-f]{2})+$")
_WRONG_LINE: Final = {
    1: "does not know the function: is its firmware the Simple Protocol (PRS)?",
    2: "found too little in a line",
    3: "found too much in a line",
    4: "does not have the function",
    5: "could not understand a line: is its CRC switched on? set `crc`",
}


@dataclass(frozen=True, slots=True)
class ElatecSettings:
    """How the device is connected. *crc* is whether its firmware puts a check on every line; few do."""

    port: str
    baud: int = 9600
    crc: bool = False

    def __post_init__(self) -> None:
        """Raises: ValueError - a value no device can have."""
        if self.baud <= 0:
            raise ValueError(f"baud {self.baud}: expected a speed such as 9600")


class ElatecPad:
    """A TWN4; the contract is `kiosk.devices.TagWorkshop`. Opening asks for its version and for ISO 15693 alone."""

    def __init__(self, settings: ElatecSettings) -> None:
        self._crc = settings.crc
        self._known: dict[TagUid, SystemInformation] = {}
        self._lying: frozenset[TagUid] = frozenset()
        self._pace = Pace()
        self._port = SerialPort(settings.port, settings.baud)
        self._line: PadLine[bytes] = PadLine(
            self._port, "Elatec TWN4", LineSplitter(), self._parse, pause=_PAUSE, log=log
        )
        try:
            self._version = self._greet()
            self._ask(_TAG_TYPES + _ONLY_ISO15693)
        except BaseException:
            self.close()
            raise

    def facts(self) -> DeviceFacts:
        model, _, firmware = self._version.partition("/")
        return DeviceFacts(f"Elatec {model}", firmware or "unknown", self._port.path, stack=1)

    def close(self) -> None:
        self._line.close()

    # what lies there

    def inventory(self) -> frozenset[TagUid]:
        self._pace.keep(empty=not self._lying)
        told = self._ask(_SEARCH + _LONGEST_ID)  # found, type, bits of the ID, length, ID
        found = told[:1] == b"\x01" and len(told) > 4
        self._lying = frozenset({TagUid(told[4 : 4 + told[3]].hex().upper())} if found else ())
        self._known = {uid: known for uid, known in self._known.items() if uid in self._lying}
        return self._lying

    # what a tag holds

    def read(self, uid: TagUid) -> TagContent:
        return self._content(uid, FIRST_BLOCKS)

    def read_all(self, uid: TagUid) -> TagContent:
        return self._content(uid, None)

    def _content(self, uid: TagUid, count: int | None) -> TagContent:
        if not is_iso15693(uid):
            return TagContent(uid, b"")
        known = self._describe(uid)
        return TagContent(uid, self._read_blocks(uid, known.size.blocks if count is None else count), known.dsfid)

    def _read_blocks(self, uid: TagUid, count: int) -> bytes:
        """Read blocks from 0: several a request, singly where that is refused, until the tag ends."""
        memory, first, step = b"", 0, FIRST_BLOCKS
        while first < count:
            asked = min(step, count - first)
            several = (Air.READ_MULTIPLE, bytes([first, asked - 1]))
            told = self._pass_on(uid, *(several if step > 1 else (Air.READ_SINGLE, bytes([first]))))
            if told is not None:
                memory, first = memory + told, first + asked
            elif step > 1:
                step = 1
            elif memory:
                break
            else:
                self._expect_there(uid, f"read tag {uid}")
                raise DeviceRefused(f"Elatec TWN4 could not read tag {uid}: lay the book flat, away from metal")
        return memory

    def _describe(self, uid: TagUid) -> SystemInformation:
        if uid not in self._known:
            self._known[uid] = self._system_information(uid)
        return self._known[uid]

    def _system_information(self, uid: TagUid) -> SystemInformation:
        told = self._pass_on(uid, Air.SYSTEM_INFORMATION)
        if told is None:
            self._expect_there(uid, f"ask tag {uid} what it is")
            raise DeviceRefused(f"tag {uid} does not tell what it is: it cannot be used with this device")
        return parse_system_information(told)

    def write_blocks(self, uid: TagUid, first: int, data: bytes) -> None:
        size = self.block_size(uid)
        expect_whole_blocks(uid, data, size)
        for at in range(0, len(data), size):
            block = first + at // size
            self._write(
                f"write block {block} of tag {uid}", uid, Air.WRITE_SINGLE, bytes([block]) + data[at : at + size]
            )

    # the workshop

    def block_size(self, uid: TagUid) -> int:
        return self._describe(uid).size.block_size

    def write_dsfid(self, uid: TagUid, dsfid: int) -> None:
        self._write(f"write DSFID 0x{dsfid:02X} to tag {uid}", uid, Air.WRITE_DSFID, bytes([dsfid]))
        self._known.pop(uid, None)

    def lock_blocks(self, uid: TagUid, first: int, count: int) -> None:
        for block in range(first, first + count):
            self._write(f"lock block {block} of tag {uid}", uid, Air.LOCK_BLOCK, bytes([block]))

    # the gate

    def read_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        """Read EAS first, which a tag answers only when it is on: one that tells its AFI afterwards was there."""
        on = self._pass_on(uid, Air.EAS_ALARM) is not None if eas and has_eas(uid) else None
        return GateReading(self._system_information(uid).afi, on)

    def write_afi(self, uid: TagUid, afi: int) -> None:
        self._write(f"write AFI 0x{afi:02X} to tag {uid}", uid, Air.WRITE_AFI, bytes([afi]))

    def write_eas(self, uid: TagUid, *, on: bool) -> None:
        if not has_eas(uid):
            raise no_eas(uid)
        self._write(f"switch the EAS bit of tag {uid}", uid, Air.SET_EAS if on else Air.RESET_EAS)

    def _write(self, attempt: str, uid: TagUid, command: Air, parameters: bytes = b"") -> None:
        """Have a tag changed. The device never says why not: a tag that is there and refuses on and on is locked."""
        for _ in range(WRITE_TRIES):
            if self._pass_on(uid, command, parameters) is not None:
                return
        self._expect_there(uid, attempt)
        raise TagLocked(f"Elatec TWN4 could not {attempt}: the tag is there and refuses, so it is locked or worn out")

    def _expect_there(self, uid: TagUid, attempt: str) -> None:
        if self._pass_on(uid, Air.READ_SINGLE, b"\0") is None:
            raise TagGone(f"Elatec TWN4 could not {attempt}: the tag does not answer, lay the book flat on it")

    # the line

    def _pass_on(self, uid: TagUid, command: Air, parameters: bytes = b"") -> bytes | None:
        """Pass an ISO 15693 request on to a tag; return its answer, or None when it said no or nothing."""
        maker = _NXP if command >= Air.FIRST_CUSTOM else b""
        data = maker + uid_bytes(uid)[::-1] + parameters
        told = self._ask(_PASS_ON + bytes([_ADDRESSED, command, len(data)]) + data + bytes([_MOST_HEARD]))
        return told[2 : 2 + told[1]] if len(told) > 1 and told[0] else (b"" if told[:1] == b"\x01" else None)

    def _ask(self, request: bytes) -> bytes:
        """Exchange a request, up to three times; return what follows the 00. Raises: DeviceRefused; DeviceLost."""

        def exchange() -> bytes:
            self._line.settle(self._ping)
            return self._line.exchange(self._to_line(request), lambda _reply: True, REPLY_WITHIN)

        reply = self._line.persist(exchange)
        if reply[0]:
            raise DeviceRefused(f"Elatec TWN4 {_WRONG_LINE.get(reply[0], 'refused a line')} (error {reply[0]})")
        return reply[1:]

    def _greet(self) -> str:
        for _ in range(2):
            try:
                return self._ping()
            except NoReplyError as missing:
                log.info("%s: %s", self._port.path, missing)
        raise DeviceLost(
            f"no Elatec TWN4 answered on {self._port.path}: check its power, the cable, `port` and `crc`, and that "
            "its firmware is the Simple Protocol (PRS)"
        )

    def _ping(self) -> str:
        """Ask for the version, the one reply that can be told from all others. Raises: NoReplyError; DeviceLost."""
        reply = self._line.exchange(self._to_line(_VERSION + b"\xff"), _is_version, PING_WITHIN)
        return reply[2:].decode("ascii", "replace").strip()

    def _to_line(self, request: bytes) -> bytes:
        check = crc16(request).to_bytes(2, "little") if self._crc else b""
        return (request + check).hex().upper().encode() + b"\r"

    def _parse(self, line: bytes) -> bytes | None:
        """Take the hex digits a line ends with: noise before them is no part of it."""
        found = _HEX_AT_THE_END.search(line[:-1])
        reply = bytes.fromhex(found[0].decode()) if found else b""
        if self._crc:
            whole = len(reply) > 2 and crc16(reply[:-2]) == int.from_bytes(reply[-2:], "little")
            return reply[:-2] if whole else None
        return reply or None


def _is_version(reply: bytes) -> bool:
    return reply[2:5] == b"TWN" and len(reply) == 2 + reply[1]
