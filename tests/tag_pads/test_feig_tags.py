"""What a tag on a FEIG pad holds, and its gate bit."""

import logging
import threading
import time

import pytest

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Code, Reply, Request
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_pad import Direction
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.devices import DeviceRefused, TagGone, TagLocked, TagUid
from tests.tag_pads.books import IN_LIBRARY, MEMORY, NOVEL, ON_LOAN, book
from tests.tag_pads.clock import codes


def test_the_dsfid_of_the_inventory_goes_with_what_is_read(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    feig.inventory()

    assert feig.read(NOVEL).dsfid == 0x3E


@pytest.mark.parametrize("blocks", [2, 8, 13, 28, 80, 256])
@pytest.mark.parametrize("block_size", [4, 8])
def test_tags_of_every_size_are_read(simulated: SimulatedFeigPad, feig: FeigPad, blocks: int, block_size: int):
    memory = bytes(number % 251 for number in range(blocks * block_size))
    simulated.lay(SimulatedTag.of(NOVEL, memory, blocks=blocks, block_size=block_size))

    short, whole = feig.read(NOVEL).data, feig.read_all(NOVEL).data

    assert short == memory[: 8 * block_size]
    assert whole == memory


def test_a_long_tag_is_read_in_as_few_commands_as_the_pad_allows(
    simulated: SimulatedFeigPad, feig: FeigPad, asked: list[Request]
):
    simulated.lay(SimulatedTag.of(NOVEL, blocks=80))

    feig.read_all(NOVEL)

    assert [request.body[0] for request in asked] == [0x2B, 0x23, 0x23]


@pytest.mark.parametrize("block_size", [4, 8])
def test_long_writes_are_cut_to_what_the_pad_takes(simulated: SimulatedFeigPad, feig: FeigPad, block_size: int):
    simulated.lay(SimulatedTag.of(NOVEL, blocks=64, block_size=block_size))
    memory = bytes(number % 251 for number in range(60 * block_size))

    feig.write_blocks(NOVEL, 3, memory)

    assert simulated.laid()[0].memory[3 * block_size : 63 * block_size] == memory


def test_half_a_block_is_not_written(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())

    with pytest.raises(DeviceRefused, match="blocks of 4 bytes: 3 bytes"):
        feig.write_blocks(NOVEL, 0, b"abc")

    assert simulated.laid()[0].memory == MEMORY


def test_a_locked_block_keeps_what_it_holds(simulated: SimulatedFeigPad, feig: FeigPad):
    tag = book()
    tag.lock("block 1")
    simulated.lay(tag)

    with pytest.raises(TagLocked):
        feig.write_blocks(NOVEL, 1, b"abcd")


def test_a_write_that_failed_names_the_block(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    simulated.fail_next_write(0x03, b"\x02")

    with pytest.raises(DeviceRefused, match="block 2"):
        feig.write_blocks(NOVEL, 0, bytes(12))


def test_eas_is_switched_and_read_back(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())

    before = feig.read_gate(NOVEL, eas=True)
    feig.write_eas(NOVEL, on=True)
    after = feig.read_gate(NOVEL, eas=True)

    assert (before.eas, after.eas) == (False, True)
    assert after.afi == IN_LIBRARY


def test_eas_is_not_asked_for_unless_wanted(simulated: SimulatedFeigPad, feig: FeigPad, asked: list[Request]):
    simulated.lay(book())

    assert feig.read_gate(NOVEL).eas is None
    assert codes(asked) == [Code.TAG]


def test_a_tag_without_eas_says_so(simulated: SimulatedFeigPad, feig: FeigPad):
    texas = TagUid("E00700000147677E")
    simulated.lay(book(texas))

    assert feig.read_gate(texas, eas=True).eas is None
    with pytest.raises(DeviceRefused, match="no EAS"):
        feig.write_eas(texas, on=True)


def test_a_classic_pro_pad_cannot_tell_eas():
    with SimulatedFeigPad([book()], profile="cpr") as simulated:
        feig = FeigPad(FeigSettings(simulated.port))

        told = feig.read_gate(NOVEL, eas=True)

        assert told.eas is None
        with pytest.raises(DeviceRefused, match="model of pad"):
            feig.write_eas(NOVEL, on=True)
        feig.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(0x83, b"", TagGone), (0x16, b"", TagLocked), (0x95, b"\x12", TagLocked), (0x95, b"\x13", DeviceRefused)],
)
def test_a_gate_bit_the_tag_does_not_take_is_told(
    simulated: SimulatedFeigPad, feig: FeigPad, status: int, body: bytes, kind: type[DeviceRefused]
):
    simulated.lay(book())
    simulated.fail_next_write(status, body)

    with pytest.raises(kind):
        feig.write_afi(NOVEL, ON_LOAN)

    assert simulated.laid()[0].afi == IN_LIBRARY


def test_a_pad_in_scan_mode_tells_how_to_get_it_out(simulated: SimulatedFeigPad, feig: FeigPad):
    memory = simulated.firmware.memory
    memory.records[1] = memory.records[1][:13] + b"\x01"

    with pytest.raises(DeviceRefused, match="host mode"):
        feig.inventory()


def test_the_pad_is_named_as_its_maker_names_it(feig: FeigPad, simulated: SimulatedFeigPad):
    assert feig.facts().model == "FEIG ID ISC.MR102"
    assert feig.facts().port == simulated.port


def test_every_frame_is_in_the_log_for_the_technician(
    simulated: SimulatedFeigPad, feig: FeigPad, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, logger="drivers.tag_pads.feig")

    feig.inventory()

    assert "> 08 ff b0 01 40 01 dd b0" in caplog.text
    assert Reply(Code.TAG, 0x01).to_bytes().hex(" ") in caplog.text


def test_an_empty_pad_is_asked_to_wait_and_answers_as_soon_as_a_tag_comes(
    simulated: SimulatedFeigPad, feig: FeigPad
) -> None:
    newcomer = SimulatedTag.of("E004010000000001")
    hand = threading.Timer(0.02, simulated.lay, [newcomer])
    began = time.monotonic()
    hand.start()

    found = feig.inventory()
    hand.join()

    assert found == {newcomer.uid}
    assert time.monotonic() - began >= 0.02


def test_a_pad_that_cannot_wait_is_asked_in_the_plain_way(simulated: SimulatedFeigPad, feig: FeigPad) -> None:
    asked: list[bytes] = []
    simulated.observe(lambda direction, frame: asked.append(frame) if direction is Direction.TO_PAD else None)
    simulated.firmware.commands.waits = False

    feig.inventory()
    feig.inventory()

    bodies = [frame[3:-2] for frame in asked]
    assert bodies == [b"\x01\x40\x01", b"\x01\x00", b"\x01\x00"]
