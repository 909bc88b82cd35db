"""The pads of 3M, now Bibliotheca: Model 210 and Model 810, the staff pad, on a USB serial line.

    inventory, read, AFI      yes, whole stacks
    EAS                       NXP tags only
    write, lock blocks        tags with blocks of 4 bytes

Asks, and says what the answers mean to the station. Frames and retries are in `threem_line.py`. What real pads do that
no manual says is dealt with here: tags listed twice, AFI writes refused a few times before they are done, both
styles of a read, and a tag whose EAS is off taken for no tag.
Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0 (2009), section 7.
"""

from dataclasses import dataclass
from typing import Final

from drivers.serial_port import SerialPort
from drivers.tag_pads.pace import Pace
from drivers.tag_pads.tag_facts import (
    FIRST_BLOCKS,
    TagSize,
    expect_whole_blocks,
    has_eas,
    is_iso15693,
    no_eas,
    uid_bytes,
)
from drivers.tag_pads.threem_errors import Error, refusal
from drivers.tag_pads.threem_frames import Command, Reply
from drivers.tag_pads.threem_line import ThreeMLine
from drivers.tag_pads.threem_replies import parse_blocks, parse_inventory, parse_size
from kiosk.devices import DeviceFacts, DeviceRefused, GateReading, TagContent, TagUid

BAUD: Final = 19200
THREEM: Final = 0x0A
"""How 3M's own pads sign their version."""
WRITE_TRIES: Final = 40
"""A pad answers some writes with "no tag" though the tag lies there, now and then many times running: drivers in the
field repeat them, up to a hundred times."""
LOOKS: Final = 3
"""How often a tag is looked for after such an answer, before it counts as gone."""
BLOCK: Final = 4
_MOST_WRITTEN = 7  # blocks in one command, as 3M's own program writes them
_EVERY_AFI = 0x00
_WITH_DSFID, _WITHOUT_DSFID = 0x07, 0x05  # options both seen on real lines; bit 2 is set by every host
_NEW_STYLE, _OLD_STYLE = b"\x0c", b""  # new style without lock bytes
_INFO_SIZE = b"\x04"
_OPTION_UNKNOWN = {Error.OPTION, Error.PARAMETER, Error.NOT_IMPLEMENTED, Error.UNKNOWN}
_PAST_THE_END = {Error.NO_SUCH_MEMORY, Error.TAG_ERROR_1, Error.TAG_ERROR_2, Error.TAG_ERROR_3}
_CANNOT_TELL = {Error.UNSUPPORTED, Error.NOT_IMPLEMENTED}
_OFTEN_BETTER_NEXT_TIME = {Error.NO_TAG, Error.NOT_WRITTEN}
_UNTOLD_SIZE = TagSize(BLOCK, 64)


@dataclass(frozen=True, slots=True)
class ThreeMSettings:
    """How the pad is connected: these pads speak 19200 baud without parity, and cannot be told otherwise."""

    port: str


class ThreeMPad:
    """A 3M pad; the contract is `kiosk.devices.TagWorkshop`. Opening begins a session and asks for its version."""

    def __init__(self, settings: ThreeMSettings) -> None:
        self._line = ThreeMLine(SerialPort(settings.port, BAUD))
        self._inventory_options = _WITH_DSFID
        self._read_options = _NEW_STYLE
        self._pace = Pace()
        self._known: dict[TagUid, int | None] = {}
        self._sizes: dict[TagUid, TagSize] = {}
        try:
            self._maker, *self._version = self._line.begin()
        except BaseException:
            self._line.close()
            raise

    def facts(self) -> DeviceFacts:
        model = "3M 210/810" if self._maker == THREEM else f"3M protocol, maker 0x{self._maker:02X}"
        return DeviceFacts(model, ".".join(str(byte) for byte in self._version), self._line.port.path)

    def close(self) -> None:
        self._line.close()

    # what lies in the field

    def inventory(self) -> frozenset[TagUid]:
        """Ask who is there. One question is enough: the pad looks twice and hushes in between whom it found."""
        self._pace.keep(empty=not self._known)
        reply = self._line.ask(Command.INVENTORY, bytes([_EVERY_AFI, self._inventory_options]))
        if reply.error in _OPTION_UNKNOWN and self._inventory_options == _WITH_DSFID:
            self._inventory_options = _WITHOUT_DSFID
            return self.inventory()
        if reply.error not in {Error.NONE, Error.NO_TAG}:
            raise refusal(reply, "find the tags")
        self._known = parse_inventory(reply.fields) if reply.error == Error.NONE else {}
        self._sizes = {uid: size for uid, size in self._sizes.items() if uid in self._known}
        return frozenset(self._known)

    # what a tag holds

    def read(self, uid: TagUid) -> TagContent:
        return self._content(uid, FIRST_BLOCKS)

    def read_all(self, uid: TagUid) -> TagContent:
        return self._content(uid, None)

    def _content(self, uid: TagUid, count: int | None) -> TagContent:
        if not is_iso15693(uid):
            return TagContent(uid, b"")
        memory = self._read_blocks(uid, self._size_of(uid).blocks if count is None else count)
        return TagContent(uid, memory, self._known.get(uid))

    def _read_blocks(self, uid: TagUid, count: int) -> bytes:
        """Read blocks from 0; fewer where the tag ends sooner. Raises: TagGone; DeviceRefused."""
        memory, first, step = b"", 0, FIRST_BLOCKS
        while first < count:
            asked = min(step, count - first)
            reply = self._read(uid, first, asked)
            if reply.error in _PAST_THE_END and asked > 1:
                step = 1
                continue
            if reply.error in _PAST_THE_END and first:
                break
            self._succeed(f"read tag {uid}", reply)
            blocks, told = parse_blocks(reply.fields[8:], first, asked)
            memory, first = memory + told, first + blocks
        return memory

    def _read(self, uid: TagUid, first: int, count: int) -> Reply:
        """Read in the style this pad knows: it may refuse the option that asks for the shorter one."""
        reply = self._ask(Command.READ_BLOCKS, uid, bytes([first, count]) + self._read_options)
        if reply.error in _OPTION_UNKNOWN and self._read_options == _NEW_STYLE:
            self._read_options = _OLD_STYLE
            return self._read(uid, first, count)
        return reply

    def _size_of(self, uid: TagUid) -> TagSize:
        """Ask for a tag's size. A tag that cannot tell is read until it ends."""
        if uid not in self._sizes:
            reply = self._ask(Command.TAG_INFO, uid, _INFO_SIZE)
            if reply.error not in _CANNOT_TELL:
                self._succeed(f"ask tag {uid} what it is", reply)
            self._sizes[uid] = parse_size(reply.fields[8:]) or _UNTOLD_SIZE
        return self._sizes[uid]

    def write_blocks(self, uid: TagUid, first: int, data: bytes) -> None:
        size = self._size_of(uid).block_size
        if size != BLOCK:
            raise DeviceRefused(f"tag {uid} has blocks of {size} bytes: this pad writes blocks of {BLOCK} only")
        expect_whole_blocks(uid, data, size)
        for at in range(0, len(data), _MOST_WRITTEN * BLOCK):
            piece = data[at : at + _MOST_WRITTEN * BLOCK]
            head = bytes([first + at // BLOCK, len(piece) // BLOCK, 0])
            self._write(f"write tag {uid}", Command.WRITE_BLOCKS, uid, head + piece)

    # the workshop

    def block_size(self, uid: TagUid) -> int:
        return self._size_of(uid).block_size

    def write_dsfid(self, uid: TagUid, dsfid: int) -> None:
        self._write(f"write DSFID 0x{dsfid:02X} to tag {uid}", Command.WRITE_DSFID, uid, bytes([dsfid]))
        self._known[uid] = dsfid

    def lock_blocks(self, uid: TagUid, first: int, count: int) -> None:
        for block in range(first, first + count):
            self._write(f"lock block {block} of tag {uid}", Command.LOCK_BLOCK, uid, bytes([block]))

    # the gate

    def read_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        """Read EAS first: a tag that tells its AFI afterwards was there, and its EAS is off indeed."""
        on = self._read_eas(uid) if eas else None
        reply = self._succeed(f"read the AFI of tag {uid}", self._ask(Command.GET_AFI, uid))
        if len(reply.fields) < 9:
            raise DeviceRefused(f"3M pad told no AFI of tag {uid}: {reply.fields.hex(' ')}")
        return GateReading(reply.fields[8], on)

    def _read_eas(self, uid: TagUid) -> bool | None:
        """Read EAS; the pad answers "no tag" for a tag whose EAS is off."""
        if not has_eas(uid):
            return None
        reply = self._ask(Command.CHECK_EAS, uid)
        if reply.error in {Error.NONE, Error.NO_TAG}:
            return reply.error == Error.NONE and reply.fields[8:9] != b"\0"
        if reply.error in _CANNOT_TELL:
            return None
        raise refusal(reply, f"read the EAS bit of tag {uid}")

    def write_afi(self, uid: TagUid, afi: int) -> None:
        self._write(f"write AFI 0x{afi:02X} to tag {uid}", Command.WRITE_AFI, uid, bytes([afi]))

    def write_eas(self, uid: TagUid, *, on: bool) -> None:
        if not has_eas(uid):
            raise no_eas(uid)
        self._write(f"switch the EAS bit of tag {uid}", Command.CONTROL_EAS, uid, bytes([on]))

    def _ask(self, command: Command, uid: TagUid, fields: bytes = b"") -> Reply:
        return self._line.ask(command, fields, uid=uid_bytes(uid))

    def _write(self, attempt: str, command: Command, uid: TagUid, fields: bytes) -> None:
        """Have a tag changed, and repeat what the pad refuses as long as the tag is there."""
        for _ in range(WRITE_TRIES):
            reply = self._ask(command, uid, fields)
            if reply.error not in _OFTEN_BETTER_NEXT_TIME:
                break
            if reply.error == Error.NO_TAG and not self._is_there(uid):
                break
        else:
            raise DeviceRefused(
                f"3M pad could not {attempt} in {WRITE_TRIES} tries, though the tag is there: replace it"
            )
        self._succeed(attempt, reply)

    def _is_there(self, uid: TagUid) -> bool:
        return any(self._ask(Command.GET_AFI, uid).error != Error.NO_TAG for _ in range(LOOKS))

    @staticmethod
    def _succeed(attempt: str, reply: Reply) -> Reply:
        if reply.error != Error.NONE:
            raise refusal(reply, attempt)
        return reply
