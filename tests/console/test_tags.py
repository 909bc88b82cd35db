"""Tags written on a simulated pad through the real driver: the very bytes, read back, locked; and what goes wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import TagCode
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_pad import Direction
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.console.tags import Label, NotWritten, inspect_all, lock_label, set_gate, write_label
from kiosk.devices import DeviceRefused, TagUid
from kiosk.tags import iso28560_3
from kiosk.tags.afi import GATE_PROFILES, Gate
from kiosk.tags.model import TagModel
from tests.tags.golden_tags import octets_of

PROFILE = GATE_PROFILES["iso28560"]
UID = TagUid("E00401003123AA26")
LABEL = Label("1000000136", "DK-718500")
OTHER = Label("11223344", "DE-705")
BYTES = octets_of("ds_example_truncated_32")
"""What another library's code writes for the well-known example."""


@pytest.fixture
def table(tmp_path: Path) -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad(link=tmp_path / "pad") as table:
        yield table


@pytest.fixture
def pad(table: SimulatedFeigPad, tmp_path: Path) -> Iterator[FeigPad]:
    pad = FeigPad(FeigSettings(str(tmp_path / "pad"), parity="N"))
    yield pad
    pad.close()


def blank(uid: str = UID, **more: object) -> SimulatedTag:
    return SimulatedTag.of(uid, **more)  # type: ignore[arg-type]


def test_a_blank_tag_is_written_verified_and_armed(table, pad):
    tag = blank()
    table.lay(tag)

    after = write_label(pad, LABEL, PROFILE)

    assert bytes(tag.memory[:34]) == BYTES.ljust(34, b"\0")
    assert not any(tag.memory[34:])
    assert (tag.dsfid, tag.afi) == (iso28560_3.DSFID, PROFILE.armed_afi)
    assert after.gate is Gate.ARMED
    assert after.data is not None
    assert (after.data.model, after.data.item_id, after.data.crc_ok) == (TagModel.ISO_28560_3, "1000000136", True)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("thw_foobar_35", Label("foobar", "DE-526")),
        ("hsu_hamburg_truncated_32", Label("11223344", "DE-705")),
        ("ukrainian_test_item", Label("0012345678", "UA-0001")),
    ],
)
def test_the_bytes_on_the_tag_are_those_other_libraries_publish(table, pad, name, label):
    tag, published = blank(), octets_of(name)
    table.lay(tag)

    write_label(pad, label, PROFILE)

    assert bytes(tag.memory[: len(published)]) == published


def test_writing_the_same_again_writes_no_block(table, pad):
    table.lay(blank())
    write_label(pad, LABEL, PROFILE)
    written: list[bytes] = []
    table.observe(lambda to, frame: written.append(frame) if to is Direction.TO_PAD and _writes(frame) else None)

    write_label(pad, LABEL, PROFILE)

    assert written == []


def _writes(frame: bytes) -> bool:
    return bytes([0xB0, TagCode.WRITE_BLOCKS]) in frame


def test_a_tag_of_another_copy_is_overwritten_only_when_told_so(table, pad):
    tag = blank()
    table.lay(tag)
    write_label(pad, LABEL, PROFILE)

    with pytest.raises(NotWritten) as refused:
        write_label(pad, OTHER, PROFILE)
    assert (refused.value.why, refused.value.detail) == ("taken", "1000000136")

    after = write_label(pad, OTHER, PROFILE, overwrite=True)
    assert after.data is not None
    assert after.data.item_id == "11223344"


@pytest.mark.parametrize(
    ("tags", "why"),
    [((), "none"), ((UID, "E00401003123AA27"), "several"), (("04A1B2C3D4E5F6",), "card")],
)
def test_only_one_tag_is_ever_written(table, pad, tags, why):
    for uid in tags:
        table.lay(blank(uid))

    with pytest.raises(NotWritten) as refused:
        write_label(pad, LABEL, PROFILE)

    assert refused.value.why == why


def test_a_locked_tag_says_so(table, pad):
    tag = blank()
    tag.lock_block(0)
    table.lay(tag)

    with pytest.raises(NotWritten) as refused:
        write_label(pad, LABEL, PROFILE)

    assert refused.value.why == "locked"


def test_a_tag_lifted_in_the_middle_can_be_laid_back_and_written(table, pad):
    tag, lifted = blank(), []
    table.lay(tag)

    def lift(to: Direction, frame: bytes) -> None:
        if to is Direction.TO_PAD and _writes(frame) and len(lifted) < 4:
            lifted.append(frame)
            if len(lifted) == 4:
                table.lift(UID)

    table.observe(lift)
    with pytest.raises(NotWritten) as refused:
        write_label(pad, LABEL, PROFILE)
    assert refused.value.why == "refused"
    table.lay(tag)

    write_label(pad, LABEL, PROFILE, overwrite=True)

    assert bytes(tag.memory[:34]) == BYTES.ljust(34, b"\0")


def test_too_small_a_tag_is_told(table, pad):
    table.lay(blank(blocks=4))

    with pytest.raises(NotWritten) as refused:
        write_label(pad, LABEL, PROFILE)

    assert refused.value.why == "unfit"


def test_a_locked_label_stays_and_its_gate_bit_still_moves(table, pad):
    tag = blank()
    table.lay(tag)
    write_label(pad, LABEL, PROFILE)

    lock_label(pad, UID, PROFILE)

    assert tag.locked_blocks == set(range(9))  # 34 bytes in blocks of 4
    with pytest.raises(DeviceRefused):
        pad.write_blocks(UID, 0, bytes(4))
    assert set_gate(pad, UID, PROFILE, armed=False).gate is Gate.CLEARED


def test_a_blank_tag_is_never_locked(table, pad):
    tag = blank()
    table.lay(tag)

    with pytest.raises(NotWritten) as refused:
        lock_label(pad, UID, PROFILE)

    assert refused.value.why == "unsound"
    assert not tag.locked_blocks


def test_everything_that_lies_there_is_inspected(table, pad):
    table.lay(blank())
    table.lay(blank("04A1B2C3D4E5F6"))

    card, tag = inspect_all(pad, PROFILE)

    assert card.is_card
    assert tag.is_blank
    assert len(tag.blocks) == 28
    assert dict(tag.elements()) == {"model": "blank"}
