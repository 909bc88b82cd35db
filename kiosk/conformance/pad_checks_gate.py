"""Checks of what a pad writes: gate bits, blocks, how data are laid out. Everything is put back; nothing is locked."""

from typing import Final

from kiosk.conformance.bench import Bench, Impossible, must, must_refuse
from kiosk.conformance.running import check
from kiosk.devices import TagLocked, TagPad, TagUid, TagWorkshop

ARMED, CLEARED = 0x07, 0xC2
"""The AFI of ISO 28560 for a copy in the library and for one on loan."""
_USUAL_BLOCK: Final = 4


def _afi_is_written(bench: Bench) -> None:
    uid = bench.one()
    was = bench.remember_gate(uid).afi
    if was is None:
        raise Impossible("this pad or tag tells no AFI")
    other = CLEARED if was != CLEARED else ARMED
    try:
        bench.pad.write_afi(uid, other)
    except TagLocked as locked:
        raise Impossible("the AFI of this tag is locked: lay another one") from locked
    must(bench.pad.read_gate(uid).afi == other, f"AFI {other:02X} was written and {_afi(bench.pad, uid)} is read")
    bench.pad.write_afi(uid, was)
    must(bench.pad.read_gate(uid).afi == was, f"AFI {was:02X} was written back and {_afi(bench.pad, uid)} is read")


def _afi(pad: TagPad, uid: TagUid) -> str:
    afi = pad.read_gate(uid).afi
    return "none" if afi is None else f"{afi:02X}"


def _afi_leaves_the_rest(bench: Bench) -> None:
    uid = bench.one()
    was = bench.remember_gate(uid).afi
    if was is None:
        raise Impossible("this pad or tag tells no AFI")
    before = bench.pad.read_all(uid).data
    try:
        bench.pad.write_afi(uid, was)
    except TagLocked as locked:
        raise Impossible("the AFI of this tag is locked: lay another one") from locked
    must(bench.pad.read_all(uid).data == before, "writing the AFI changed the memory of the tag")


def _eas_is_switched(bench: Bench) -> None:
    uid = bench.one()
    was = bench.remember_gate(uid, eas=True).eas
    if was is None:
        raise Impossible("this pad or tag has no EAS")
    try:
        bench.pad.write_eas(uid, on=not was)
    except TagLocked as locked:
        raise Impossible("the EAS of this tag is locked: lay another one") from locked
    must(bench.pad.read_gate(uid, eas=True).eas is not was, "EAS was switched and reads as before")
    bench.pad.write_eas(uid, on=was)
    must(bench.pad.read_gate(uid, eas=True).eas is was, "EAS was switched back and reads otherwise")


def _locked_is_told(bench: Bench) -> None:
    if not bench.hands.lay_locked():
        raise Impossible("nobody has a tag whose AFI is locked")
    bench.moved()
    (uid,) = bench.settles_at(1)
    was = bench.pad.read_gate(uid).afi
    other = CLEARED if was != CLEARED else ARMED
    must_refuse(TagLocked, "writing a locked AFI", lambda: bench.pad.write_afi(uid, other))
    must(bench.pad.read_gate(uid).afi == was, "a locked AFI was changed")


def _blocks_are_written(bench: Bench) -> None:
    """Write what a block holds already: nothing is lost should the write fail half-way."""
    uid, pad = bench.one(), bench.pad
    size = pad.block_size(uid) if isinstance(pad, TagWorkshop) else _USUAL_BLOCK
    before = pad.read_all(uid).data
    last = len(before) // size - 1
    for block in (last, max(0, last - 1)):
        try:
            pad.write_blocks(uid, block, before[block * size : (block + 1) * size])
        except TagLocked as locked:
            raise Impossible("blocks of this tag are locked: lay a new one") from locked
    must(pad.read_all(uid).data == before, "writing blocks with what they held changed the tag")


def _size_is_told(bench: Bench) -> str:
    workshop = _workshop(bench)
    uid = bench.one()
    size, memory = workshop.block_size(uid), len(bench.pad.read_all(uid).data)
    must(size > 0 and memory % size == 0, f"blocks of {size} bytes do not make up {memory} bytes")
    return f"{memory // size} blocks of {size} bytes"


def _layout_is_written(bench: Bench) -> None:
    workshop = _workshop(bench)
    uid = bench.one()
    bench.pad.inventory()
    was = bench.pad.read(uid).dsfid
    if was is None:
        raise Impossible("this pad does not tell how a tag's data are laid out")
    try:
        workshop.write_dsfid(uid, was)
    except TagLocked as locked:
        raise Impossible("the DSFID of this tag is locked: lay another one") from locked
    bench.pad.inventory()
    must(bench.pad.read(uid).dsfid == was, "writing the DSFID the tag had changed it")


def _workshop(bench: Bench) -> TagWorkshop:
    if not isinstance(bench.pad, TagWorkshop):
        raise Impossible("new tags cannot be prepared on this pad")
    return bench.pad


GATE_CHECKS: Final = (
    check(
        _afi_is_written,
        "the AFI written is the one read back, both ways",
        "a lent book would ring at the gate, or a returned one would not",
    ),
    check(_afi_leaves_the_rest, "writing the AFI leaves the memory alone", "lending a book would destroy its tag"),
    check(
        _eas_is_switched,
        "EAS switched on and off reads so",
        "gates that listen for EAS would ring for lent books; use a gate profile without EAS",
    ),
    check(_size_is_told, "the size of a tag is told in blocks", "tags could not be prepared on this pad"),
    check(_blocks_are_written, "blocks written are read back, the others untouched", "new tags would come out wrong"),
    check(
        _layout_is_written, "how data are laid out (DSFID) is written and told", "new tags would be read by guessing"
    ),
    check(
        _locked_is_told,
        "a locked AFI is told as locked, and stays",
        "the station would try on and on instead of taking the loan back",
    ),
)
