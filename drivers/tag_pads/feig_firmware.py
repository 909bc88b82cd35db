"""What a FEIG pad does with a request: the firmware of the simulated pad, without port, thread or clock.

An answer comes with the air time it took; whoever delivers it decides whether to wait that long. Tag
commands are in `feig_tag_commands.py`. Source: FEIG H01113-4e (ID ISC.MR102) and H20800-16e (classic-pro),
control commands.
"""

from dataclasses import replace

from drivers.tag_pads import air_time
from drivers.tag_pads.feig_config import (
    ALL_RECORDS,
    IN_EEPROM,
    INTERFACE,
    RECORD_LENGTH,
    RECORDS,
    InterfaceRecord,
)
from drivers.tag_pads.feig_frames import (
    ANY_ADDRESS,
    LONGEST_STANDARD,
    Code,
    CustomCode,
    FrameError,
    Reply,
    Request,
    TagCode,
    frame_splitter,
)
from drivers.tag_pads.feig_memory import Outcome, PadMemory, Profile
from drivers.tag_pads.feig_status import Status
from drivers.tag_pads.feig_tag_commands import FeigTagCommands
from drivers.tag_pads.frame_splitter import FrameSplitter
from drivers.tag_pads.simulated_tags import TagField

EEPROM_WRITE = 22.5
"""Milliseconds a configuration record needs in EEPROM; FEIG H01113-4e, chapter 4."""
_STANDARD_HEAD, _ADVANCED_HEAD = 6, 8
_EAS_WRITES = (CustomCode.SET_EAS, CustomCode.RESET_EAS)


class FeigFirmware:
    """A pad that is switched on, with tags in its field."""

    name = "FEIG pad"
    bits_per_byte = air_time.BITS_PER_BYTE_8E1
    half_kept = 0.1  # a real one: 12 ms
    deaf_while_busy = False

    def __init__(self, profile: Profile, tags: TagField) -> None:
        self.profile = profile
        self.tags = tags
        self.memory = PadMemory(profile)
        self.commands = FeigTagCommands(tags, self.memory)

    @property
    def gap(self) -> float:
        return self.memory.interface.gap

    def splitter(self) -> FrameSplitter:
        return frame_splitter()

    def look_ms(self) -> float:
        return air_time.inventory_ms((), slots=self.memory.slots)

    def patience(self, frame: bytes) -> float:
        try:
            request = Request.from_bytes(frame)
        except FrameError:
            return 0.0
        return self.commands.patience(request.body) if request.code == Code.TAG else 0.0

    def writes_gate(self, frame: bytes) -> bool:
        try:
            request = Request.from_bytes(frame)
        except FrameError:
            return False
        if request.code == Code.TAG:
            return request.body[:1] == bytes([TagCode.WRITE_AFI])
        return request.code == Code.CUSTOM and request.body[1:2] in {bytes([code]) for code in _EAS_WRITES}

    def respond(self, frame: bytes) -> tuple[bytes, float] | None:
        try:
            answered = self.answer(Request.from_bytes(frame))
        except FrameError:
            return None
        return None if answered is None else (answered[0].to_bytes(), answered[1])

    def restart(self) -> None:
        """Start again from EEPROM; the field drops."""
        self.memory.wake()
        self.tags.reset()

    def answer(self, request: Request) -> tuple[Reply, float] | None:
        """Do what is asked; return the reply and the milliseconds it took, or None when another pad is meant."""
        address = self.memory.interface.address
        if request.address not in {ANY_ADDRESS, address}:
            return None
        room = self.profile.tx_buffer - _ADVANCED_HEAD if request.advanced else LONGEST_STANDARD - _STANDARD_HEAD
        outcome = self._do(request, room)
        reply = Reply(request.code, outcome.status, outcome.body, address, request.advanced)
        if len(outcome.body) > LONGEST_STANDARD - _STANDARD_HEAD:
            reply = replace(reply, advanced=True)
        return reply, outcome.spent

    def _do(self, request: Request, room: int) -> Outcome:
        match request.code:
            case Code.TAG | Code.CUSTOM if self.memory.interface.scans:
                return Outcome(Status.NOT_AVAILABLE)
            case Code.TAG:
                return self.commands.do_tag(request.body, room)
            case Code.CUSTOM if self.profile.has_custom:
                return self.commands.do_custom(request.body)
            case Code.READ_CONFIG | Code.WRITE_CONFIG | Code.SAVE_CONFIG | Code.DEFAULT_CONFIG:
                return self._configure(request.code, request.body)
            case _:
                return self._control(request.code, request.body)

    def _control(self, code: int, body: bytes) -> Outcome:
        match code, len(body):
            case (Code.BAUD_DETECT, 0 | 1) | (Code.LOGIN, _):
                return Outcome()
            case (Code.OUTPUT | Code.OUTPUTS, length) if length > 0:
                return Outcome()
            case (Code.SOFTWARE_VERSION, 0):
                return Outcome(body=self.profile.version)
            case (Code.PAD_DESCRIPTION, 1):
                return self._describe(body[0])
            case (Code.FIELD_RESET, 0):
                self.tags.reset()
                return Outcome(spent=air_time.FIELD_RESET)
            case (Code.FIELD_SWITCH, 1):
                self.tags.switch(on=body[0] == 0x01)
                return Outcome()
            case (Code.CPU_RESET | Code.SYSTEM_RESET, _):
                self.restart()
                return Outcome()
            case (Code.DIAGNOSTIC, 1) | (Code.INPUTS, 0):
                return Outcome(body=b"\0\0" if code == Code.DIAGNOSTIC else b"\0")
            case _:
                known = code in set(Code) and code != Code.CUSTOM
                return Outcome(Status.LENGTH if known else Status.UNKNOWN_COMMAND)

    def _describe(self, mode: int) -> Outcome:
        if mode != 0x00:
            return Outcome(Status.RANGE)
        buffers = self.profile.rx_buffer.to_bytes(2, "big") + self.profile.tx_buffer.to_bytes(2, "big")
        return Outcome(body=self.profile.version + buffers)

    def _configure(self, code: int, body: bytes) -> Outcome:
        if len(body) != (1 + RECORD_LENGTH if code == Code.WRITE_CONFIG else 1):
            return Outcome(Status.LENGTH)
        eeprom = bool(body[0] & IN_EEPROM)
        number = body[0] & 0x3F
        if number >= RECORDS:
            return Outcome(Status.RANGE)
        numbers = range(RECORDS) if body[0] & ALL_RECORDS else range(number, number + 1)
        match code:
            case Code.READ_CONFIG:
                return Outcome(body=(self.memory.eeprom if eeprom else self.memory.records)[number])
            case Code.WRITE_CONFIG if number == INTERFACE and not InterfaceRecord(body[1:]).is_plausible:
                return Outcome(Status.RANGE)
            case Code.WRITE_CONFIG:
                wanted = {number: body[1:]}
            case Code.SAVE_CONFIG:
                wanted, eeprom = {each: self.memory.records[each] for each in numbers}, True
            case _:
                wanted = {each: self.profile.record(each) for each in numbers}
        self.memory.keep(wanted, eeprom=eeprom)
        return Outcome(spent=EEPROM_WRITE * len(wanted) if eeprom else 0.0)
