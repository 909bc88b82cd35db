"""ISO 15693 commands of the simulated FEIG pad: what 0xB0 and 0xB1 do with the tags in the field.

Blocks travel with their bytes turned round (FEIG H20800-16e, annex F); memory size travels as the tag tells
it, minus one.
Source: FEIG H01113-4e, chapter 7; H60301-3e, section 8.3 for NXP's custom commands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from drivers.tag_pads import air_time
from drivers.tag_pads.feig_frames import CustomCode, TagCode
from drivers.tag_pads.feig_memory import Outcome, PadMemory
from drivers.tag_pads.feig_status import Status, TagError
from drivers.tag_pads.request_body import RequestBody, ShortBodyError
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField, TagRefusalError

MORE = 0x80
WAIT_FOR_TAG = 0x40
WANT_SECURITY = 0x08
NXP_MAKER = 0x04

_ADDRESSED, _SELECTED = 1, 2
_HOW_MEANT = 0x07
_ISO15693, _ISO14443A = 0x03, 0x04
_PROTECT_EAS_AFI = 0xA6
_PASSWORD_COMMANDS = range(0xA7, 0xBC)


class _AbsentError(Exception):
    """The tag meant is not in the field, or it cannot be told which one is meant."""

    def __init__(self, status: int = Status.NO_TAG) -> None:
        super().__init__(status)
        self.status = status


def _record(tag: SimulatedTag) -> bytes:
    """One tag in the answer to an inventory."""
    raw = bytes.fromhex(tag.uid)
    if tag.is_iso15693:
        return bytes([_ISO15693, tag.dsfid]) + raw
    return bytes([_ISO14443A, 0x00, 0x00]) + (raw if len(raw) == 10 else raw[:7].rjust(7, b"\0"))


def _blocks(first: int, turned: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(turned), size):
        yield first + at // size, turned[at : at + size][::-1]


def _alarm(rings: bool) -> Outcome:
    """Answer to the EAS alarm. Tags sing it in one voice, so several of them are no collision."""
    return Outcome(Status.OK if rings else Status.NO_TAG, spent=air_time.addressed_ms(35))


def _answered(command: Callable[[], Outcome]) -> Outcome:
    """Turn what went wrong on the air into the status a pad answers with."""
    try:
        return command()
    except ShortBodyError:
        return Outcome(Status.LENGTH)
    except _AbsentError as absent:
        return Outcome(absent.status, spent=air_time.unanswered_ms())
    except TagRefusalError as refusal:
        where = b"" if refusal.block is None else bytes([refusal.block])
        return Outcome(Status.TAG_ERROR, bytes([refusal.code]) + where, air_time.addressed_ms(4))


@dataclass(slots=True)
class FeigTagCommands:
    """Does tag commands for a pad. `refuse_writes` are outcomes the next writes come to instead of being done.

    `waits` is whether it knows MODE bit 6 of the inventory: old firmware takes it for a request of the wrong length.
    """

    tags: TagField
    memory: PadMemory
    refuse_writes: list[Outcome] = field(default_factory=list)
    waits: bool = True
    _unreported: list[SimulatedTag] = field(default_factory=list)

    def do_tag(self, body: bytes, room: int) -> Outcome:
        """Do a 0xB0 command; an inventory tells as many tags as *room* bytes hold and keeps the rest."""
        return _answered(lambda: self._tag_command(RequestBody(body), room))

    def do_custom(self, body: bytes) -> Outcome:
        """Do a 0xB1 command."""
        return _answered(lambda: self._custom_command(RequestBody(body)))

    def _tag_command(self, body: RequestBody, room: int) -> Outcome:
        code = body.byte()
        if code == TagCode.INVENTORY:
            return self._inventory(body.byte(), room, body)
        if code not in set(TagCode):
            return Outcome(Status.UNKNOWN_COMMAND)
        mode = body.byte()
        tag = self._meant(mode, body)
        if code == TagCode.READ_BLOCKS:
            return self._read(tag, body, security=bool(mode & WANT_SECURITY))
        if code in {TagCode.SYSTEM_DESCRIPTION, TagCode.BLOCK_SECURITY}:
            return self._describe(tag, body, code)
        if code in {TagCode.STAY_QUIET, TagCode.SELECT, TagCode.RESET_TO_READY}:
            return self._change_state(tag, code)
        if self.refuse_writes:
            return self.refuse_writes.pop(0)
        return self._write(tag, body, code)

    def _meant(self, mode: int, body: RequestBody) -> SimulatedTag:
        """Find the tag the request is for: by UID, the selected one, or the only one that answers."""
        if mode & _HOW_MEANT == _ADDRESSED:
            tag = self.tags.find(body.take(8).hex().upper())
        elif mode & _HOW_MEANT == _SELECTED:
            tag = self.tags.selected()
        else:
            heard = [each for each in self.tags.answering() if each.is_iso15693]
            if len(heard) > 1:
                raise _AbsentError(Status.RF_COMMUNICATION)
            tag = heard[0] if heard else None
        if tag is None:
            raise _AbsentError
        return tag

    def patience(self, body: bytes) -> float:
        """Say for how many seconds a 0xB0 command may wait for a tag to come; 0 for one that does not wait."""
        waits = (
            self.waits
            and len(body) > 2
            and body[0] == TagCode.INVENTORY
            and body[1] & WAIT_FOR_TAG
            and not body[1] & MORE
        )
        return body[2] / 10 if waits else 0.0

    def _inventory(self, mode: int, room: int, body: RequestBody) -> Outcome:
        if mode & WAIT_FOR_TAG:
            if not self.waits:
                raise ShortBodyError
            body.byte()  # the waiting is done by whoever keeps the time
        spent = 0.0
        if not mode & MORE:
            spent = self._look()
        if not self._unreported:
            return Outcome(Status.NO_TAG, spent=spent)
        told = b""
        count = 0
        while self._unreported and 1 + len(told) + len(_record(self._unreported[0])) <= room:
            told += _record(self._unreported.pop(0))
            count += 1
        status = Status.MORE if self._unreported else Status.OK
        return Outcome(status, bytes([count]) + told, spent)

    def _look(self) -> float:
        """Run the anticollision; return the milliseconds it took."""
        spent = 0.0
        only_new = self.memory.reports_only_new
        if not only_new:
            self.tags.forget_all()
            spent += air_time.FIELD_RESET
        self._unreported = list(self.tags.answering())
        heard = [tag.uid for tag in self._unreported if tag.is_iso15693]
        spent += air_time.inventory_ms(heard, slots=self.memory.slots)
        if only_new:
            spent += len(heard) * air_time.stay_quiet_ms()
            for tag in self._unreported:
                self.tags.keep_quiet(tag.uid)
        return spent

    def _read(self, tag: SimulatedTag, body: RequestBody, *, security: bool) -> Outcome:
        first, count = body.take(2)
        most = self.memory.profile.most_read
        if count == 0 or (most is not None and count * tag.block_size > most):
            return Outcome(Status.RANGE)
        if 2 + count * (1 + tag.block_size) > self.memory.profile.tx_buffer - 8:
            return Outcome(Status.OVERFLOW)
        told = bytes([count, tag.block_size])
        for number in range(first, first + count):
            locked = security and number in tag.locked_blocks and not tag.is_nxp
            told += bytes([locked]) + tag.read_block(number)[::-1]
        return Outcome(body=told, spent=air_time.read_blocks_ms(count, tag.block_size, security=security))

    def _describe(self, tag: SimulatedTag, body: RequestBody, code: int) -> Outcome:
        if code == TagCode.BLOCK_SECURITY:
            first, count = body.take(2)
            if first + count > tag.blocks:
                raise TagRefusalError(TagError.NO_SUCH_BLOCK)
            told = bytes([count, *(number in tag.locked_blocks for number in range(first, first + count))])
            return Outcome(body=told, spent=air_time.addressed_ms(3 + count))
        size = bytes([tag.block_size - 1, min(tag.blocks, 256) - 1])
        told = bytes([tag.dsfid]) + bytes.fromhex(tag.uid) + bytes([tag.afi]) + size + bytes([tag.ic_ref])
        return Outcome(body=told, spent=air_time.system_description_ms())

    def _change_state(self, tag: SimulatedTag, code: int) -> Outcome:
        if code == TagCode.STAY_QUIET:
            self.tags.keep_quiet(tag.uid)
            return Outcome(spent=air_time.stay_quiet_ms())
        if code == TagCode.SELECT:
            self.tags.select(tag.uid)
        else:
            self.tags.make_ready(tag.uid)
        return Outcome(spent=air_time.addressed_ms())

    def _write(self, tag: SimulatedTag, body: RequestBody, code: int) -> Outcome:
        match code:
            case TagCode.WRITE_BLOCKS:
                return self._write_blocks(tag, body)
            case TagCode.LOCK_BLOCKS:
                first, count = body.take(2)
                for number in range(first, first + count):
                    tag.lock_block(number)
                return Outcome(spent=count * air_time.write_afi_ms())
            case TagCode.WRITE_AFI:
                tag.write_afi(body.byte())
            case TagCode.LOCK_AFI:
                tag.lock_afi()
            case TagCode.WRITE_DSFID:
                tag.write_dsfid(body.byte())
            case _:
                tag.lock_dsfid()
        return Outcome(spent=air_time.write_afi_ms())

    def _write_blocks(self, tag: SimulatedTag, body: RequestBody) -> Outcome:
        first, count, size = body.take(3)
        turned = body.take(count * size)
        if size != tag.block_size:
            return Outcome(Status.WRITE_ERROR, bytes([first]), air_time.unanswered_ms())
        for number, block in _blocks(first, turned, size):
            tag.write_block(number, block)
        return Outcome(spent=count * air_time.write_block_ms(size))

    def _custom_command(self, body: RequestBody) -> Outcome:
        maker, code, mode = body.take(3)
        if maker == NXP_MAKER and code == CustomCode.EAS_ALARM and not mode & _HOW_MEANT:
            return _alarm(any(tag.eas for tag in self.tags.powered() if tag.is_nxp))
        tag = self._meant(mode, body)
        if maker != NXP_MAKER:
            return Outcome(Status.WRONG_TYPE)
        if not tag.is_nxp or code == _PROTECT_EAS_AFI or code in _PASSWORD_COMMANDS:
            raise TagRefusalError(TagError.UNSUPPORTED)
        if code == CustomCode.EAS_ALARM:
            return _alarm(tag.eas)
        if code not in set(CustomCode):
            return Outcome(Status.UNKNOWN_COMMAND)
        if self.refuse_writes:
            return self.refuse_writes.pop(0)
        if code == CustomCode.LOCK_EAS:
            tag.lock_eas()
        else:
            tag.write_eas(on=code == CustomCode.SET_EAS)
        return Outcome(spent=air_time.write_afi_ms())
