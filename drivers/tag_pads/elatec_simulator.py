"""An Elatec TWN4 that is not there: what its Simple Protocol firmware does with a line, on a pseudo-terminal.

It knows what a driver of book tags may ask: the system, the search, ISO 15693; and says yes to lamps and beeps.
Source: ELATEC TWN4 Simple Protocol DocRev25 (2022), sections 1.1 to 1.5.4 and 1.5.12.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path

from drivers.tag_pads import air_time
from drivers.tag_pads.crc16_mcrf4xx import crc16
from drivers.tag_pads.frame_splitter import LineSplitter
from drivers.tag_pads.iso15693 import Air
from drivers.tag_pads.request_body import RequestBody, ShortBodyError
from drivers.tag_pads.simulated_air import Flags, answer_on_air
from drivers.tag_pads.simulated_pad import FrameObserver, SimulatedPad
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField

VERSION = b"TWN4/B1.06/CCF4.51/PRS1.04"
BITS_PER_BYTE_8N1 = 10
FACTORY_TYPES = bytes.fromhex("2FFE0700F7000000")
"""Kinds of tags searched for after a start, LF and HF; section 1.5.4.4."""
_MIFARE, _ISO15693 = 0x80, 0x82
_PASS_ON = b"\x0d\x00"
_HIGH_RATE = 0x02
_UNKNOWN_TAG_TYPE = b"\xff"
_GATE_WRITES = {Air.WRITE_AFI, Air.SET_EAS, Air.RESET_EAS}


class LineError(IntEnum):
    """What a reply begins with; section 1.2."""

    NONE = 0
    UNKNOWN_FUNCTION = 1
    MISSING_PARAMETER = 2
    UNUSED_PARAMETERS = 3
    PARSER = 5


class ElatecFirmware:
    """A device that is switched on, with tags in its field. *crc* puts a check on every line."""

    name = "Elatec TWN4"
    bits_per_byte = BITS_PER_BYTE_8N1
    half_kept = float("inf")  # a person at a terminal may type
    deaf_while_busy = False
    gap = 0.0

    def __init__(self, tags: TagField, *, crc: bool = False) -> None:
        self.tags = tags
        self._crc = crc
        self._types = FACTORY_TYPES
        self._found: str | None = None
        self._functions: dict[bytes, Callable[[RequestBody], bytes]] = {
            b"\x00\x03": lambda _body: bytes(4),
            b"\x00\x04": lambda body: _counted(VERSION[: body.byte()]),
            b"\x00\x05": lambda _body: b"\x01",
            b"\x00\x06": lambda _body: b"\x0b",
            b"\x00\x08": lambda _body: bytes(12),
            b"\x00\x0a": lambda _body: bytes(4),
            b"\x05\x00": self._search,
            b"\x05\x01": self._switch_off,
            b"\x05\x02": self._set_types,
            b"\x05\x03": lambda _body: self._types,
            b"\x05\x04": lambda _body: FACTORY_TYPES,
            _PASS_ON: self._pass_on,
            b"\x0d\x01": self._describe,
            b"\x0d\x02": self._describe,
            b"\x0d\x03": lambda body: body.take(8) and _UNKNOWN_TAG_TYPE,
            b"\x0d\x04": lambda body: body.take(15) and _UNKNOWN_TAG_TYPE,
            b"\x0d\x05": self._read,
            b"\x0d\x06": self._read,
            b"\x0d\x07": self._write,
            b"\x0d\x08": self._write,
        } | {bytes([4, number]): _obeying(length) for number, length in _LAMPS_AND_BEEPS.items()}

    def splitter(self) -> LineSplitter:
        return LineSplitter()

    def restart(self) -> None:
        self.tags.reset()
        self._types, self._found = FACTORY_TYPES, None

    def patience(self, _frame: bytes) -> float:
        return 0.0

    def look_ms(self) -> float:
        return air_time.inventory_ms(())

    def writes_gate(self, frame: bytes) -> bool:
        try:
            line = bytes.fromhex(frame.decode())
        except ValueError:
            return False
        return line[:2] == _PASS_ON and line[3:4] in {bytes([code]) for code in _GATE_WRITES}

    def respond(self, frame: bytes) -> tuple[bytes, float] | None:
        if not frame.strip():
            return None  # an empty line, such as hosts send to wake a device
        reply = self._answer(frame.strip())
        if reply is None:
            return None
        check = crc16(reply).to_bytes(2, "little") if self._crc else b""
        return (reply + check).hex().upper().encode() + b"\r", air_time.addressed_ms()

    def _answer(self, line: bytes) -> bytes | None:
        try:
            request = bytes.fromhex(line.decode("ascii"))
        except ValueError:
            return bytes([LineError.PARSER])
        if self._crc:
            if len(request) < 2 or crc16(request[:-2]) != int.from_bytes(request[-2:], "little"):
                return bytes([LineError.PARSER])
            request = request[:-2]
        if request == b"\x00\x01":
            self.restart()
            return None
        function, body = self._functions.get(request[:2]), RequestBody(request[2:])
        if function is None:
            return bytes([LineError.UNKNOWN_FUNCTION])
        try:
            told = function(body)
        except ShortBodyError:
            return bytes([LineError.MISSING_PARAMETER])
        return bytes([LineError.UNUSED_PARAMETERS]) if body.rest else bytes([LineError.NONE]) + told

    # the search

    def _search(self, body: RequestBody) -> bytes:
        """Tell one tag of the kinds that are searched for: the first one there is."""
        most = body.byte()
        tag = next((tag for tag in self.tags.powered() if self._searches_for(tag)), None)
        self._found = tag.uid if tag is not None and tag.is_iso15693 else None
        if tag is None:
            return b"\0"
        uid = bytes.fromhex(tag.uid)[:most]
        kind = _ISO15693 if tag.is_iso15693 else _MIFARE
        return bytes([1, kind, 8 * len(bytes.fromhex(tag.uid))]) + _counted(uid)

    def _searches_for(self, tag: SimulatedTag) -> bool:
        hf = int.from_bytes(self._types[4:], "little")
        return bool(hf >> ((_ISO15693 if tag.is_iso15693 else _MIFARE) & 0x1F) & 1)

    def _switch_off(self, _body: RequestBody) -> bytes:
        self.tags.reset()
        self._found = None
        return b""

    def _set_types(self, body: RequestBody) -> bytes:
        self._types = body.take(8)
        return b""

    # ISO 15693

    def _pass_on(self, body: RequestBody) -> bytes:
        flags, command = body.take(2)
        data, most = body.take(body.byte()), body.byte()
        return self._heard(bytes([flags, command]) + data, most)

    def _heard(self, request: bytes, most: int = 0xFF) -> bytes:
        """Let the tags answer: false for a tag that says no as for one that says nothing."""
        if request[0] & Flags.SELECT and not request[0] & (Flags.INVENTORY | Flags.ADDRESS) and self._found is not None:
            self.tags.select(self._found)
        heard = answer_on_air(self.tags, request)
        if heard is None or heard[0] or len(heard) - 1 > most:
            return b"\0"
        return b"\1" + _counted(heard[1:])

    def _to_found(self, command: Air, parameters: bytes = b"") -> bytes:
        """Have the tag found last answer; b"" when it says no or is gone."""
        if self._found is None:
            return b""
        uid = bytes.fromhex(self._found)[::-1]
        heard = answer_on_air(self.tags, bytes([_HIGH_RATE | Flags.ADDRESS, command]) + uid + parameters)
        return b"" if heard is None or heard[0] else heard

    def _describe(self, _body: RequestBody) -> bytes:
        """Tell what the tag says of itself, sizes as they are: UID, DSFID, AFI, block size, blocks, IC reference."""
        heard = self._to_found(Air.SYSTEM_INFORMATION)
        if not heard:
            return b"\0"
        mask, uid, (dsfid, afi, blocks, size, ic) = heard[1], heard[2:10], heard[10:15]
        told = bytes([dsfid, afi, size + 1]) + (blocks + 1).to_bytes(2, "little") + bytes([ic])
        return b"\1" + bytes([mask]) + uid + told

    def _read(self, body: RequestBody) -> bytes:
        block, most = body.number(2, "little"), body.byte()
        heard = self._to_found(Air.READ_SINGLE, bytes([block & 0xFF])) if block < 0x100 else b""
        return b"\1" + _counted(heard[1:]) if heard and len(heard) - 1 <= most else b"\0"

    def _write(self, body: RequestBody) -> bytes:
        block, data = body.number(2, "little"), body.take(body.byte())
        return bytes([bool(block < 0x100 and self._to_found(Air.WRITE_SINGLE, bytes([block]) + data))])


_LAMPS_AND_BEEPS = {
    0x00: 3, 0x01: 2, 0x02: 1, 0x03: 1, 0x04: 1, 0x05: 5, 0x07: 7, 0x08: 0, 0x09: 0, 0x0A: 0, 0x10: 1, 0x11: 1, 0x12: 1,
    0x13: 1, 0x14: 5, 0x16: 3, 0x17: 0,
}  # fmt: skip
"""Functions of API 04 that answer with nothing, and how many bytes each takes; section 1.5.3."""


def _obeying(length: int) -> Callable[[RequestBody], bytes]:
    return lambda body: body.take(length)[:0]


def _counted(told: bytes) -> bytes:
    return bytes([len(told)]) + told


class SimulatedElatecPad(SimulatedPad[ElatecFirmware]):
    """A TWN4 MultiTech with the Simple Protocol; *profile* `twn4-crc` is one whose lines carry a check."""

    profiles = ("twn4", "twn4-crc")

    def __init__(
        self,
        tags: Iterable[SimulatedTag] = (),
        *,
        profile: str = "twn4",
        realtime: int | None = None,
        link: Path | None = None,
        on_frame: FrameObserver | None = None,
    ) -> None:
        firmware = ElatecFirmware(TagField(tags), crc=profile == "twn4-crc")
        super().__init__(firmware, realtime=realtime, link=link, on_frame=on_frame)
