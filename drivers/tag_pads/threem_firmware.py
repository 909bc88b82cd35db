"""What a 3M pad does with a request: the firmware of the simulated pad, without port, thread or clock.

Commands about one tag are in `threem_tag_commands.py`. Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0,
section 7, and recordings of a Model 810.
"""

from dataclasses import dataclass, field

from drivers.tag_pads import air_time
from drivers.tag_pads.frame_splitter import FrameSplitter
from drivers.tag_pads.request_body import RequestBody, ShortBodyError
from drivers.tag_pads.simulated_air import answer_on_air, matches_afi
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField
from drivers.tag_pads.threem_errors import Error
from drivers.tag_pads.threem_frames import (
    SESSION_COMMAND,
    SESSION_FIELDS,
    SESSION_START,
    Command,
    FrameError,
    Reply,
    Request,
    frame_splitter,
)
from drivers.tag_pads.threem_tag_commands import Quirks, ThreeMTagCommands, has_address

BITS_PER_BYTE_8N1 = 10
MAKER = 0x0A
PROFILES = {"810": (5, 0, 2), "210": (5, 2, 27)}
"""Firmware versions seen on real pads: major, minor, build."""

WITH_UID, WITH_DSFID, ONE_POLL, WITH_PROTOCOL = 0x01, 0x02, 0x20, 0x40
_TAG_IT, _ISO15693 = 0x01, 0x02
_MOST_TOLD = 255
_OWN_RF_FLAGS = 0x8000
_RESULT_GOOD = 0x83  # as recorded; its bits are for 3M's debugging
_EXTENDED = {bytes.fromhex("040100020003000400"): bytes.fromhex("0201010302020300")}
"""Questions of the undocumented command 0x13 whose answer was recorded."""


@dataclass(slots=True)
class ThreeMFirmware:
    """A pad that is switched on, with tags in its field."""

    tags: TagField
    version: tuple[int, int, int] = PROFILES["810"]
    quirks: Quirks = field(default_factory=Quirks)
    refuse_writes: list[int] = field(default_factory=list)
    """Errors the next writes to a tag come to instead of being done."""
    name: str = "3M pad"
    bits_per_byte: int = BITS_PER_BYTE_8N1
    half_kept: float = 1.0
    deaf_while_busy: bool = True
    gap: float = 0.0

    def splitter(self) -> FrameSplitter:
        return frame_splitter()

    def restart(self) -> None:
        self.tags.reset()

    def patience(self, _frame: bytes) -> float:
        return 0.0

    def writes_gate(self, frame: bytes) -> bool:
        try:
            return Request.from_bytes(frame).command in {Command.WRITE_AFI, Command.CONTROL_EAS}
        except FrameError:
            return False

    def look_ms(self) -> float:
        return air_time.inventory_ms(())

    def respond(self, frame: bytes) -> tuple[bytes, float] | None:
        try:
            answered = self.answer(Request.from_bytes(frame))
        except FrameError:
            return None
        return None if answered is None else (answered[0].to_bytes(), answered[1])

    def answer(self, request: Request) -> tuple[Reply, float] | None:
        """Do what is asked; return the reply and the milliseconds it took, or None where a real pad is silent."""
        if request.start == SESSION_START:
            return self._begin(request)
        command = request.command
        if has_address(command):
            return ThreeMTagCommands(self.tags, self.quirks, self.refuse_writes).do(command, request.fields)
        try:
            match command:
                case Command.INVENTORY:
                    return self._inventory(RequestBody(request.fields))
                case Command.VERSION:
                    return Reply(command, Error.NONE, self._identity), 0.0
                case Command.PASS_THROUGH:
                    return self._pass_through(RequestBody(request.fields))
                case Command.EXTENDED_INFO:
                    told = _EXTENDED.get(request.fields)
                    return Reply(command, Error.PARAMETER if told is None else Error.NONE, told or b""), 0.0
        except ShortBodyError:
            return Reply(command, Error.PARAMETER), 0.0
        return Reply(command, Error.NOT_IMPLEMENTED), 0.0

    @property
    def _identity(self) -> bytes:
        return bytes([MAKER, *self.version])

    def _begin(self, request: Request) -> tuple[Reply, float] | None:
        if (request.command, request.fields) != (SESSION_COMMAND, SESSION_FIELDS):
            return None
        return Reply(request.command, Error.NONE, SESSION_FIELDS[1:] + self._identity, SESSION_START), 0.0

    def _inventory(self, body: RequestBody) -> tuple[Reply, float]:
        afi, options = body.take(2)
        wanted = body.byte() if options & WITH_PROTOCOL else _TAG_IT | _ISO15693
        found = [tag for tag in self.tags.answering() if _protocol(tag) & wanted and matches_afi(afi, tag.afi)]
        spent = air_time.inventory_ms([tag.uid for tag in found])
        if not options & ONE_POLL:
            spent += len(found) * air_time.stay_quiet_ms() + air_time.inventory_ms(())
        if self.quirks.duplicates:
            found += found
        told = b"".join(_record(tag, options) for tag in found[:_MOST_TOLD])
        head = bytes([afi, options, min(len(found), _MOST_TOLD)])
        return Reply(Command.INVENTORY, Error.NONE, head + told), spent

    def _pass_through(self, body: RequestBody) -> tuple[Reply, float]:
        size, most, control = (body.number(2) for _ in range(3))
        if control & _OWN_RF_FLAGS:
            body.byte()
        heard = answer_on_air(self.tags, body.take(size))
        spent = air_time.request_ms(size + 2) + air_time.T1 + air_time.reply_ms(2 + len(heard or b""))
        if heard is None:
            return Reply(Command.PASS_THROUGH, Error.NO_TAG, bytes(3)), spent
        if len(heard) > most:
            return Reply(Command.PASS_THROUGH, Error.NO_MEMORY, bytes(3)), spent
        told = bytes([_RESULT_GOOD]) + len(heard).to_bytes(2, "big") + heard
        return Reply(Command.PASS_THROUGH, Error.NONE, told), spent


def _protocol(tag: SimulatedTag) -> int:
    """Tell by its address what a tag speaks; a card of another kind is not seen at all."""
    if tag.is_iso15693:
        return _ISO15693
    return _TAG_IT if len(tag.uid) == 16 and tag.uid.startswith("00000000") else 0


def _record(tag: SimulatedTag, options: int) -> bytes:
    """One tag in the answer to an inventory."""
    dsfid = bytes([tag.dsfid]) if options & WITH_DSFID else b""
    return dsfid + (bytes.fromhex(tag.uid) if options & WITH_UID else b"")
