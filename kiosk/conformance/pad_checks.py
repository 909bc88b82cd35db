"""The contract of `kiosk.devices.TagPad` and `TagWorkshop` as checks, in the order that asks the least of hands."""

from typing import Final

from kiosk.conformance import pad_checks_gate, pad_checks_line
from kiosk.conformance.bench import Bench, Impossible, Unmet, must, must_refuse
from kiosk.conformance.device_checks import says_what_it_is
from kiosk.conformance.running import check
from kiosk.devices import DeviceRefused, TagGone, TagUid

NOBODY: Final = TagUid("E0FFFFFFFFFFFFFF")
"""A tag nobody makes: manufacturer FF, every bit of the serial number set."""
CARD: Final = TagUid("04A1B2C3D4E5F6")
FIRST: Final = 32
"""Bytes a first read gives of a tag that has them: every data model keeps the item there."""
_UID_DIGITS: Final = 16


def _empty_is_empty(bench: Bench) -> None:
    bench.have(0)


def _is_told_and_stays(bench: Bench) -> None:
    uid = bench.one()
    for _ in range(3):
        must(bench.pad.inventory() == {uid}, "a tag that lies still was not told every time")


def _uids_have_one_form(bench: Bench) -> None:
    uid = bench.one()
    ours = len(uid) == _UID_DIGITS and uid.startswith("E0") and uid == uid.upper() and _is_hex(uid)
    must(ours, f"{uid} is not 16 upper-case hex digits beginning with E0: is the byte order turned round?")


def _is_hex(text: str) -> bool:
    return all(digit in "0123456789ABCDEF" for digit in text)


def _reads_the_item(bench: Bench) -> str:
    uid = bench.one()
    first, whole = bench.pad.read(uid), bench.pad.read_all(uid)
    must(first.uid == whole.uid == uid, "the content read is another tag's")
    must(len(first.data) >= min(FIRST, len(whole.data)), f"a first read gave {len(first.data)} bytes")
    must(len(whole.data) > 0, "reading all gave nothing")
    must(whole.data[: len(first.data)] == first.data, "reading the first bytes and reading all give different bytes")
    return f"{len(first.data)} bytes at first, {len(whole.data)} in all"


def _reads_alike(bench: Bench) -> None:
    uid = bench.one()
    contents = {bench.pad.read_all(uid).data for _ in range(3)}
    must(len(contents) == 1, "the same tag read three times gave different bytes")


def _absent_is_gone(bench: Bench) -> None:
    pad = bench.pad
    must_refuse(TagGone, "reading a tag that is not there", lambda: pad.read(NOBODY))
    must_refuse(TagGone, "reading all of a tag that is not there", lambda: pad.read_all(NOBODY))
    must_refuse(TagGone, "reading the gate bit of a tag that is not there", lambda: pad.read_gate(NOBODY))
    must_refuse(TagGone, "writing the AFI of a tag that is not there", lambda: pad.write_afi(NOBODY, 0x07))


def _card_reads_as_nothing(bench: Bench) -> None:
    for read in (bench.pad.read, bench.pad.read_all):
        must(read(CARD).data == b"", "a card's number read as data")
    must_refuse(DeviceRefused, "writing the AFI of a card", lambda: bench.pad.write_afi(CARD, 0x07))


def _lifted_is_missed(bench: Bench) -> None:
    uid = bench.one()
    bench.have(0)
    must_refuse(TagGone, "reading a tag that was lifted", lambda: bench.pad.read(uid))
    must_refuse(TagGone, "writing the AFI of a tag that was lifted", lambda: bench.pad.write_afi(uid, 0x07))


def _laid_again_is_told_again(bench: Bench) -> None:
    before = bench.one()
    bench.have(0)
    must(bench.one() == before, "another tag is told now; if another one was laid, make this check again")


def _a_stack_is_told(bench: Bench) -> str:
    most = bench.pad.facts().stack
    if most is not None and most < bench.stack:
        raise Impossible(f"this pad tells {most} at a time")
    seen = bench.have(bench.stack)
    for uid in seen:
        must(bench.pad.read(uid).uid == uid, f"reading {uid} of the stack gave another tag")
    return f"{len(seen)} tags"


def _too_many_do_no_harm(bench: Bench) -> None:
    most = bench.pad.facts().stack
    if most is None:
        raise Impossible("this pad tells as many as lie there")
    bench.moved()
    if not bench.hands.lay(most + 1):
        raise Impossible("nobody laid the tags")
    try:
        seen = bench.pad.inventory()
    except DeviceRefused:
        return
    if len(seen) > most:
        raise Unmet(f"it told {len(seen)} tags and says it tells {most} at a time")


PAD_CHECKS: Final = (
    check(
        says_what_it_is,
        "it says what it is: model, firmware, port",
        "a technician cannot see from afar which pad stands there",
    ),
    check(
        _absent_is_gone,
        "a tag that is not there is told as gone",
        "the station would take a lifted book for a broken tag, or worse, for a written one",
    ),
    check(
        _card_reads_as_nothing,
        "a card's number reads as no data, and cannot be written",
        "a patron's card laid beside the books would stop the visit",
    ),
    check(_empty_is_empty, "an empty pad holds nothing", "books nobody laid there would be lent or taken back"),
    check(
        _is_told_and_stays,
        "a tag laid is told at once, and as long as it lies there",
        "a book would come and go on the screen while it lies still",
    ),
    check(
        _uids_have_one_form,
        "tags are named in one form: 16 hex digits, E0 first",
        "the same tag would be two tags for a station whose pad was replaced",
    ),
    check(
        _reads_the_item,
        "a tag is read: its first 32 bytes in one go, and all of it",
        "the station would not know which copy lies there",
    ),
    check(_reads_alike, "reading a tag again gives the same bytes", "a copy would be taken for another one"),
    *pad_checks_gate.GATE_CHECKS,
    check(
        _lifted_is_missed,
        "a tag that was lifted is missed within 0.4 s, and told as gone",
        "a book carried away would count as lying there, and its gate bit as written",
    ),
    check(
        _laid_again_is_told_again,
        "a tag laid again is told again",
        "a book put back would not be seen, and its loan not finished",
    ),
    check(
        _a_stack_is_told, "every tag of a stack is told, and each can be read", "a book of the stack would not be lent"
    ),
    check(
        _too_many_do_no_harm,
        "more tags than it can tell apart do no harm",
        "a second book would stop the station",
    ),
    *pad_checks_line.LINE_CHECKS,
)
"""Every check, in order."""
