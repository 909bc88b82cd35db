"""How well tags can be read and written is counted on the way, and cards leave no trace."""

from dataclasses import dataclass, field

import pytest

from kiosk.circulation.model import ItemId, Reason, Refusal
from kiosk.devices import DeviceRefused, GateReading, TagContent, TagGone, TagUid
from kiosk.library.port import GateOrder, OrderId, TagReading
from kiosk.station.pad_work import Sweep, read_tags, set_gates
from kiosk.station.pieces import Piece
from kiosk.station.tag_log import MOST, TagLog
from kiosk.tags.afi import GATE_PROFILES
from kiosk.tags.encode import encode
from kiosk.tags.health import TagCounts
from kiosk.tags.model import TagModel

UID, ITEM = TagUid("E004010000000001"), ItemId("0012000001")
MEMORY = encode(TagModel.ISO_28560_3, ITEM, "UA-ZT0001")


@dataclass
class ScriptedPad:
    """A pad that fails as told: each entry of `reads` and `writes` is an error to raise, or None to do it."""

    memory: bytes = MEMORY
    reads: list[Exception | None] = field(default_factory=list)
    writes: list[Exception | None] = field(default_factory=list)
    afi: int = 0x07

    def read(self, uid: TagUid) -> TagContent:
        if self.reads and (error := self.reads.pop(0)) is not None:
            raise error
        return TagContent(uid, self.memory)

    read_all = read

    def write_afi(self, _uid: TagUid, afi: int) -> None:
        if self.writes and (error := self.writes.pop(0)) is not None:
            raise error
        self.afi = afi

    def read_gate(self, _uid: TagUid, *, eas: bool = False) -> GateReading:
        assert not eas
        return GateReading(self.afi)


def learnt(pad: ScriptedPad, *, gate: bool = False) -> tuple[TagReading, ...]:
    sweep = Sweep()
    list(read_tags(pad, (UID,), sweep))  # type: ignore[arg-type]  # as much of a pad as is asked for
    if gate:
        order = GateOrder(OrderId("o1"), UID, ITEM, armed=False)
        list(set_gates(pad, (order,), GATE_PROFILES["iso28560"], sweep))  # type: ignore[arg-type]  # likewise
    return sweep.log.take()


def test_a_tag_that_reads_at_once_counts_as_read_and_nothing_else() -> None:
    assert learnt(ScriptedPad()) == (TagReading(UID, ITEM, TagCounts(reads=1)),)


def test_further_tries_are_counted() -> None:
    pad = ScriptedPad(reads=[DeviceRefused("noise"), DeviceRefused("noise")])

    assert learnt(pad) == (TagReading(UID, ITEM, TagCounts(reads=1, retries=2)),)


def test_a_tag_nobody_can_make_anything_of_is_counted_without_its_copy() -> None:
    broken = bytes([MEMORY[0], *MEMORY[1:4], MEMORY[4] ^ 1, *MEMORY[5:]])

    assert learnt(ScriptedPad(broken)) == (TagReading(UID, None, TagCounts(reads=1, retries=2, unread=1)),)


def test_tries_at_the_gate_bit_are_counted_and_so_is_one_that_would_not_obey() -> None:
    slow = ScriptedPad(writes=[DeviceRefused("noise")])
    stubborn = ScriptedPad(writes=[DeviceRefused("no")] * 3)

    assert learnt(slow, gate=True)[0].counts == TagCounts(reads=1, gate_retries=1)
    assert learnt(stubborn, gate=True)[0].counts == TagCounts(reads=1, gate_retries=2, gate_failed=1)


def test_a_tag_that_leaves_in_the_middle_is_weak_once_it_has_been_read() -> None:
    sweep = Sweep()
    pad = ScriptedPad(reads=[None, TagGone("gone"), None])
    for _ in range(3):
        list(read_tags(pad, (UID,), sweep))  # type: ignore[arg-type]  # likewise

    assert sweep.log.take()[0].counts == TagCounts(reads=2, weak=1)


@pytest.mark.parametrize(
    "piece",
    [
        Piece(TagUid("04A1B2C3D4E5F6"), fault=Reason(Refusal.PATRON_CARD_ON_PAD)),
        Piece(UID, fault=Reason(Refusal.FOREIGN_TAG)),
        Piece(UID, fault=Reason(Refusal.BLANK_TAG)),
        Piece(UID, ITEM, owner="DE-1"),
    ],
)
def test_a_card_and_what_is_not_ours_leave_no_trace(piece: Piece) -> None:
    log = TagLog(frozenset({"UA-ZT0001"}))
    log.read(piece, retries=2)
    log.weak(piece.uid)

    assert log.take() == ()


def test_what_was_taken_is_not_told_twice_and_no_night_fills_the_memory() -> None:
    log = TagLog()
    for n in range(MOST + 10):
        log.read(Piece(TagUid(f"E0{n:014X}"), ITEM), retries=0)

    assert len(log.take()) == MOST
    assert log.take() == ()


@pytest.mark.parametrize(
    ("counts", "worn"),
    [
        (TagCounts(reads=100, retries=4), False),
        (TagCounts(reads=100, retries=10), False),
        (TagCounts(reads=20, retries=3, weak=2), True),
        (TagCounts(reads=100, unread=1), False),
        (TagCounts(reads=100, unread=2), True),
        (TagCounts(reads=100, gate_failed=2), True),
    ],
)
def test_a_tag_is_worn_when_it_is_often_in_trouble_or_twice_dead(counts: TagCounts, *, worn: bool) -> None:
    assert counts.worn is worn
