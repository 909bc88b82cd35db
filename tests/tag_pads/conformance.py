"""What every pad driver owes the station, whatever its protocol: inherit, give it a driver and its simulated twin.

A subclass has two fixtures: `twin`, a simulated pad (`SimulatedTwin`), and `pad`, the driver opened on it.
"""

import time
from typing import Protocol

import pytest

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.devices import DeviceLost, TagGone, TagLocked, TagPad, TagUid

NOVEL = TagUid("E00401003123AA26")
STACK = [TagUid(f"E0040100{number:08X}") for number in range(40)]
MEMORY = bytes(range(112))
PATIENCE = 2.0
"""Seconds: the contract says 0.4; a busy computer may be slower, a driver that never notices is not excused."""
IN_LIBRARY, ON_LOAN = 0x07, 0xC2


class SimulatedTwin(Protocol):
    """What the suite does to a simulated pad."""

    def lay(self, tag: SimulatedTag) -> None: ...
    def lift(self, uid: str) -> SimulatedTag | None: ...
    def unplug(self) -> None: ...


def book(uid: str = NOVEL, memory: bytes = MEMORY) -> SimulatedTag:
    return SimulatedTag.of(uid, memory)


class TagPadConformance:
    """The contract of `kiosk.devices.TagPad` as tests."""

    def test_an_empty_pad_holds_nothing(self, pad: TagPad):
        assert pad.inventory() == frozenset()

    def test_a_tag_laid_is_in_the_next_answer_and_stays_there(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())

        assert [pad.inventory() for _ in range(3)] == [{NOVEL}] * 3

    def test_a_tag_lifted_is_missed_within_its_time(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())
        pad.inventory()
        twin.lift(NOVEL)

        calls_until = time.monotonic() + PATIENCE
        while (seen := pad.inventory()) and time.monotonic() < calls_until:
            pass

        assert seen == frozenset()

    def test_a_tag_laid_again_is_seen_again(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())
        pad.inventory()
        twin.lay(twin.lift(NOVEL))

        assert pad.inventory() == {NOVEL}

    def test_forty_books_are_forty_books(self, pad: TagPad, twin: SimulatedTwin):
        for uid in STACK:
            twin.lay(book(uid))

        assert pad.inventory() == set(STACK)

    def test_reading_gives_the_memory_in_tag_order(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())
        pad.inventory()

        content = pad.read(NOVEL)

        assert content.uid == NOVEL
        assert content.data[:32] == MEMORY[:32]

    def test_reading_all_gives_every_block(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())

        assert pad.read_all(NOVEL).data == MEMORY

    def test_the_gate_bit_written_is_the_one_read_back(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())

        before = pad.read_gate(NOVEL).afi
        pad.write_afi(NOVEL, ON_LOAN)

        assert (before, pad.read_gate(NOVEL).afi) == (IN_LIBRARY, ON_LOAN)

    def test_blocks_written_are_the_ones_read_back(self, pad: TagPad, twin: SimulatedTwin):
        twin.lay(book())

        pad.write_blocks(NOVEL, 2, b"new item")

        assert pad.read_all(NOVEL).data == MEMORY[:8] + b"new item" + MEMORY[16:]

    def test_a_locked_gate_bit_is_told_as_locked(self, pad: TagPad, twin: SimulatedTwin):
        locked = book()
        locked.lock("afi")
        twin.lay(locked)

        with pytest.raises(TagLocked):
            pad.write_afi(NOVEL, ON_LOAN)

    def test_a_tag_that_left_is_told_as_gone(self, pad: TagPad):
        with pytest.raises(TagGone):
            pad.read(NOVEL)
        with pytest.raises(TagGone):
            pad.write_afi(NOVEL, ON_LOAN)
        with pytest.raises(TagGone):
            pad.read_gate(NOVEL)

    def test_a_pad_pulled_out_is_lost(self, pad: TagPad, twin: SimulatedTwin):
        twin.unplug()

        with pytest.raises(DeviceLost):
            pad.inventory()

    def test_closing_twice_and_after_the_plug_was_pulled_is_quiet(self, pad: TagPad, twin: SimulatedTwin):
        twin.unplug()

        pad.close()
        pad.close()

    def test_the_pad_says_what_it_is(self, pad: TagPad):
        facts = pad.facts()

        assert facts.model
        assert facts.firmware
        assert facts.port
