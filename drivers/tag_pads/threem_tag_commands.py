"""Commands of the simulated 3M pad that are about one tag: what they do with it, and what each answers.

Block data travel in tag order. A refused command is answered with the tag's address, and the commands that answer
with a count or a block number keep it (recordings of a Model 810: a read of a tag that left is `02 06 UID 00`).
Source: 3M RFID Reader Model 210 Protocol Specification 1.0.0, sections 7.4 to 7.18.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.tag_pads import air_time
from drivers.tag_pads.request_body import RequestBody, ShortBodyError
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField, TagRefusalError
from drivers.tag_pads.threem_errors import Error
from drivers.tag_pads.threem_frames import Command, Reply

BLOCK = 4
NEW_STYLE, WITHOUT_LOCKS = 0x04, 0x08
INFO_DSFID, INFO_AFI, INFO_SIZE, INFO_IC = 1, 2, 4, 8
_NO_SUCH_BLOCK, _ALREADY_LOCKED, _LOCKED, _UNKNOWN = 0x10, 0x11, 0x12, 0x0F
_MEANT = {
    _NO_SUCH_BLOCK: Error.NO_SUCH_MEMORY,
    _ALREADY_LOCKED: Error.LOCKED,
    _LOCKED: Error.LOCKED,
    _UNKNOWN: Error.PARAMETER,
}
"""What the pad makes of a tag's own error code (ISO/IEC 15693-3, section 7.4.2)."""
_WRITES = {
    Command.WRITE_BLOCKS, Command.WRITE_BLOCK, Command.WRITE_AND_LOCK_BLOCK, Command.LOCK_BLOCK, Command.WRITE_AFI,
    Command.LOCK_AFI, Command.CONTROL_EAS, Command.WRITE_DSFID, Command.LOCK_DSFID,
}  # fmt: skip


@dataclass(slots=True)
class Quirks:
    """What real pads do that no manual promises; all of it can be changed while the pad runs."""

    duplicates: bool = False  # lists every tag twice: the pad never removes what both polls found
    transient: int = 0  # AFI writes still to be answered "no tag", though the tag lies there
    read_style: str = "both"  # "ignores" the option of a read and answers in the old style; "refuses" it


class _RefusedError(Exception):
    """The command comes to an error; *rest* follows the tag's address in the answer."""

    def __init__(self, error: int, rest: bytes = b"") -> None:
        super().__init__(error)
        self.error = error
        self.rest = rest


def has_address(command: int) -> bool:
    """Whether a command is about one tag. Reading is not in the table: how it answers is a habit of the pad."""
    return command == Command.READ_BLOCKS or command in _DO


@dataclass(slots=True)
class ThreeMTagCommands:
    """Does one command with one tag."""

    tags: TagField
    quirks: Quirks
    refuse_writes: list[int]

    def do(self, command: int, fields: bytes) -> tuple[Reply, float]:
        """Return the reply and the milliseconds the air took."""
        body = RequestBody(fields)
        try:
            address = body.take(8)
        except ShortBodyError:
            return Reply(command, Error.PARAMETER), 0.0
        try:
            told, spent = self._do(command, address.hex().upper(), body)
        except ShortBodyError:
            return Reply(command, Error.PARAMETER, address), 0.0
        except TagRefusalError as refusal:
            error = _MEANT.get(refusal.code, Error.TAG_ERROR_1)
            return Reply(command, error, address + _absent(command)), air_time.addressed_ms()
        except _RefusedError as refused:
            return Reply(command, refused.error, address + refused.rest), air_time.unanswered_ms()
        return Reply(command, Error.NONE, address + told), spent

    def _do(self, command: int, uid: str, body: RequestBody) -> tuple[bytes, float]:
        tag = next((tag for tag in self.tags.powered() if tag.uid == uid), None)
        rest = body.rest[:1] if command == Command.WRITE_BLOCKS else _absent(command)
        if tag is None:
            raise _RefusedError(Error.NO_TAG, rest)
        if command == Command.WRITE_AFI and self.quirks.transient:
            self.quirks.transient -= 1
            raise _RefusedError(Error.NO_TAG)
        if command in _WRITES and self.refuse_writes:
            raise _RefusedError(self.refuse_writes.pop(0), rest)
        if command == Command.QUIET:
            self.tags.keep_quiet(uid)
        if command == Command.READ_BLOCKS:
            return self._read(tag, body)
        return _DO[command](tag, body)

    def _read(self, tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
        first, count = body.take(2)
        options = body.rest[0] if body.rest else 0
        if options and self.quirks.read_style == "refuses":
            raise _RefusedError(Error.OPTION, b"\0")
        _expect_four(tag, b"\0")
        blocks = [(number, tag.read_block(number)) for number in range(first, first + count)]
        locks = {number: bytes([number in tag.locked_blocks]) for number, _ in blocks}
        spent = air_time.read_blocks_ms(count)
        if not options & NEW_STYLE or self.quirks.read_style == "ignores":
            return bytes([count]) + b"".join(bytes([n]) + locks[n] + block for n, block in blocks), spent
        told = (block if options & WITHOUT_LOCKS else locks[n] + block for n, block in blocks)
        return bytes([first, count]) + b"".join(told), spent


def _absent(command: int) -> bytes:
    """What stands after the address when nothing came of a command: no blocks, EAS off, no facts."""
    return b"\0" if command in {Command.READ_BLOCKS, Command.CHECK_EAS, Command.TAG_INFO} else b""


def _expect_four(tag: SimulatedTag, rest: bytes = b"") -> None:
    """The pad's frames have room for blocks of four bytes only."""
    if tag.block_size != BLOCK:
        raise _RefusedError(Error.UNSUPPORTED, rest)


def _quiet(_tag: SimulatedTag, _body: RequestBody) -> tuple[bytes, float]:
    return b"", air_time.stay_quiet_ms()


def _write_blocks(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
    first, count, _reserved = body.take(3)
    _expect_four(tag, bytes([first]))
    blocks = [body.take(BLOCK) for _ in range(count)]
    for number, block in enumerate(blocks, start=first):
        try:
            tag.write_block(number, block)
        except TagRefusalError as refusal:
            raise _RefusedError(_MEANT.get(refusal.code, Error.NOT_WRITTEN), bytes([number])) from refusal
    return bytes([(first + count) & 0xFF]), count * air_time.write_block_ms()


def _write_block(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
    number, block = body.byte(), body.take(BLOCK)
    _expect_four(tag)
    tag.write_block(number, block)
    return b"", air_time.write_block_ms()


def _write_and_lock(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
    number = body.rest[0] if body.rest else 0
    told, spent = _write_block(tag, body)
    tag.lock_block(number)
    return told, spent + air_time.write_afi_ms()


def _check_eas(tag: SimulatedTag, _body: RequestBody) -> tuple[bytes, float]:
    """A tag whose EAS is off does not answer: for the pad there is no tag."""
    _expect_nxp(tag, b"\0")
    if not tag.eas:
        raise _RefusedError(Error.NO_TAG, b"\0")
    return b"\1", air_time.addressed_ms(35)


def _control_eas(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
    wanted = body.byte()
    _expect_nxp(tag)
    tag.write_eas(on=bool(wanted))
    return b"", air_time.write_afi_ms()


def _expect_nxp(tag: SimulatedTag, rest: bytes = b"") -> None:
    if not tag.is_nxp:
        raise _RefusedError(Error.UNSUPPORTED, rest)


def _tag_info(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
    wanted = body.byte() & (INFO_DSFID | INFO_AFI | INFO_SIZE | INFO_IC)
    told = bytes([wanted])
    told += bytes([tag.dsfid]) if wanted & INFO_DSFID else b""
    told += bytes([tag.afi]) if wanted & INFO_AFI else b""
    told += bytes([tag.block_size - 1, min(tag.blocks, 256) - 1]) if wanted & INFO_SIZE else b""
    told += bytes([0, tag.ic_ref]) if wanted & INFO_IC else b""
    return told, air_time.system_description_ms()


def _changed(
    change: Callable[[SimulatedTag, RequestBody], object],
) -> Callable[[SimulatedTag, RequestBody], tuple[bytes, float]]:
    """Make a command that changes the tag and answers with its address only."""

    def do(tag: SimulatedTag, body: RequestBody) -> tuple[bytes, float]:
        change(tag, body)
        return b"", air_time.write_afi_ms()

    return do


_DO: dict[int, Callable[[SimulatedTag, RequestBody], tuple[bytes, float]]] = {
    Command.QUIET: _quiet,
    Command.CHECK_EAS: _check_eas,
    Command.WRITE_BLOCKS: _write_blocks,
    Command.WRITE_BLOCK: _write_block,
    Command.LOCK_AFI: _changed(lambda tag, _body: tag.lock_afi()),
    Command.WRITE_AND_LOCK_BLOCK: _write_and_lock,
    Command.LOCK_BLOCK: _changed(lambda tag, body: tag.lock_block(body.byte())),
    Command.WRITE_AFI: _changed(lambda tag, body: tag.write_afi(body.byte())),
    Command.GET_AFI: lambda tag, _body: (bytes([tag.afi]), air_time.system_description_ms()),
    Command.WRITE_DSFID: _changed(lambda tag, body: tag.write_dsfid(body.byte())),
    Command.CONTROL_EAS: _control_eas,
    Command.TAG_INFO: _tag_info,
    Command.LOCK_DSFID: _changed(lambda tag, _body: tag.lock_dsfid()),
    Command.GET_DSFID: lambda tag, _body: (bytes([tag.dsfid]), air_time.system_description_ms()),
}
