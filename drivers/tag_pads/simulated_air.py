"""What tags answer on the air: ISO/IEC 15693-3 requests as bytes, without CRC, for pads that let them through.

Any protocol's simulated pad can pass requests on to the tags of its field. A tag that is not there, or several that
answer at once, are silence (None).

Source: ISO/IEC 15693-3, sections 7 to 10; NXP SL2S2002 (ICODE SLIX), section 9.4 for the custom commands.
"""

from collections.abc import Callable
from enum import IntFlag

from drivers.tag_pads.iso15693 import Air
from drivers.tag_pads.request_body import RequestBody, ShortBodyError
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField, TagRefusalError

NXP_MAKER = 0x04
_OK, _ERROR = 0x00, 0x01
_UNSUPPORTED, _NOT_RECOGNISED = 0x01, 0x02


class Flags(IntFlag):
    """The first byte of a request; in an inventory SELECT means that an AFI follows, ADDRESS one slot."""

    INVENTORY = 0x04
    SELECT = 0x10
    ADDRESS = 0x20
    OPTION = 0x40


_CUSTOM = range(Air.FIRST_CUSTOM, 0xE0)
_EAS_SEQUENCE = bytes.fromhex("2FB36270D5A7907FE8B18038D281497682DA9A866FAF8BB0F19CD112A57237EF")
"""What a tag whose EAS is on sings; NXP SL2S2002, section 9.4.7."""


def matches_afi(wanted: int, afi: int) -> bool:
    """Whether an inventory for *wanted* is for a tag with *afi*: every tag, a whole family, or this one value.

    Source: ISO/IEC 15693-3, section 7.3, table 1; family 0 has no whole, its values are proprietary.
    """
    if wanted == 0:
        return True
    return afi >> 4 == wanted >> 4 if wanted & 0x0F == 0 else afi == wanted


def answer_on_air(tags: TagField, request: bytes) -> bytes | None:
    """Let the tags of a field answer *request*; return what comes back, or None for silence."""
    body = RequestBody(request)
    try:
        flags, command = Flags(body.byte()), body.byte()
        if flags & Flags.INVENTORY:
            return _inventory(tags, flags, body) if command == Air.INVENTORY else None
        if command in _CUSTOM and body.byte() != NXP_MAKER:
            return None
        tag = _meant(tags, flags, body)
    except ShortBodyError:
        return None
    return None if tag is None else _obey(tags, tag, flags, command, body)


def _inventory(tags: TagField, flags: Flags, body: RequestBody) -> bytes | None:
    afi = body.byte() if flags & Flags.SELECT else 0x00
    bits = body.byte()
    mask = int.from_bytes(body.take((bits + 7) // 8), "little") & ((1 << bits) - 1)
    heard = [
        tag
        for tag in tags.answering()
        if tag.is_iso15693 and matches_afi(afi, tag.afi) and int(tag.uid, 16) & ((1 << bits) - 1) == mask
    ]
    return bytes([_OK, heard[0].dsfid]) + heard[0].air_uid if len(heard) == 1 else None


def _meant(tags: TagField, flags: Flags, body: RequestBody) -> SimulatedTag | None:
    if flags & Flags.ADDRESS:
        return tags.find(body.take(8)[::-1].hex().upper())
    if flags & Flags.SELECT:
        return tags.selected()
    heard = [tag for tag in tags.answering() if tag.is_iso15693]
    return heard[0] if len(heard) == 1 else None


def _obey(tags: TagField, tag: SimulatedTag, flags: Flags, command: int, body: RequestBody) -> bytes | None:
    if command == Air.STAY_QUIET:
        tags.keep_quiet(tag.uid)
        return None
    if command == Air.EAS_ALARM and tag.is_nxp:
        return bytes([_OK]) + _EAS_SEQUENCE if tag.eas else None
    do = _COMMANDS.get(command)
    if do is None or (command in _CUSTOM and not tag.is_nxp):
        return bytes([_ERROR, _UNSUPPORTED])
    try:
        if command in {Air.SELECT, Air.RESET_TO_READY}:
            (tags.select if command == Air.SELECT else tags.make_ready)(tag.uid)
        return bytes([_OK]) + do(tag, body, bool(flags & Flags.OPTION))
    except ShortBodyError:
        return bytes([_ERROR, _NOT_RECOGNISED])
    except TagRefusalError as refusal:
        return bytes([_ERROR, refusal.code])


def _told(tag: SimulatedTag, first: int, count: int, security: bool) -> bytes:
    """Blocks as they travel; with *security* each has its lock status before it."""
    blocks = ((number, tag.read_block(number)) for number in range(first, first + count))
    return b"".join((bytes([number in tag.locked_blocks]) if security else b"") + block for number, block in blocks)


def _read_single(tag: SimulatedTag, body: RequestBody, option: bool) -> bytes:
    return _told(tag, body.byte(), 1, option)


def _read_multiple(tag: SimulatedTag, body: RequestBody, option: bool) -> bytes:
    first, others = body.take(2)
    return _told(tag, first, others + 1, option)


def _write_single(tag: SimulatedTag, body: RequestBody, _option: bool) -> bytes:
    tag.write_block(body.byte(), body.take(tag.block_size))
    return b""


def _describe(tag: SimulatedTag, _body: RequestBody, _option: bool) -> bytes:
    told = bytes([0x0F]) + tag.air_uid + bytes([tag.dsfid, tag.afi])
    return told + bytes([min(tag.blocks, 256) - 1, tag.block_size - 1, tag.ic_ref])


def _security(tag: SimulatedTag, body: RequestBody, _option: bool) -> bytes:
    first, others = body.take(2)
    tag.read_block(first + others)
    return bytes(number in tag.locked_blocks for number in range(first, first + others + 1))


def _silently(
    change: Callable[[SimulatedTag, RequestBody], object],
) -> Callable[[SimulatedTag, RequestBody, bool], bytes]:
    """Make a command that changes the tag and answers with nothing but its flags."""

    def do(tag: SimulatedTag, body: RequestBody, _option: bool) -> bytes:
        change(tag, body)
        return b""

    return do


_COMMANDS: dict[int, Callable[[SimulatedTag, RequestBody, bool], bytes]] = {
    Air.READ_SINGLE: _read_single,
    Air.READ_MULTIPLE: _read_multiple,
    Air.WRITE_SINGLE: _write_single,
    Air.LOCK_BLOCK: _silently(lambda tag, body: tag.lock_block(body.byte())),
    Air.SELECT: _silently(lambda _tag, _body: None),
    Air.RESET_TO_READY: _silently(lambda _tag, _body: None),
    Air.WRITE_AFI: _silently(lambda tag, body: tag.write_afi(body.byte())),
    Air.LOCK_AFI: _silently(lambda tag, _body: tag.lock_afi()),
    Air.WRITE_DSFID: _silently(lambda tag, body: tag.write_dsfid(body.byte())),
    Air.LOCK_DSFID: _silently(lambda tag, _body: tag.lock_dsfid()),
    Air.SYSTEM_INFORMATION: _describe,
    Air.BLOCK_SECURITY: _security,
    Air.SET_EAS: _silently(lambda tag, _body: tag.write_eas(on=True)),
    Air.RESET_EAS: _silently(lambda tag, _body: tag.write_eas(on=False)),
    Air.LOCK_EAS: _silently(lambda tag, _body: tag.lock_eas()),
}
