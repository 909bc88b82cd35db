"""The real driver on a real port, the simulated pad behind it."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Code, Reply, Request
from drivers.tag_pads.feig_line import SLOW_GAP
from drivers.tag_pads.feig_memory import Outcome
from drivers.tag_pads.feig_simulator import Direction, SimulatedPad
from drivers.tag_pads.feig_status import Status
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.devices import DeviceLost, DeviceRefused, TagGone, TagLocked, TagUid
from tests.tag_pads.conformance import IN_LIBRARY, MEMORY, NOVEL, ON_LOAN, STACK, TagPadConformance, book

PATRON_CARD = TagUid("04A1B2C3D4E5F6")


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["mr102", "cpr"])
def twin(request: pytest.FixtureRequest) -> Iterator[SimulatedPad]:
    with SimulatedPad(profile=request.param) as simulated:
        yield simulated


@pytest.fixture
def pad(twin: SimulatedPad) -> Iterator[FeigPad]:
    opened = FeigPad(FeigSettings(twin.port))
    yield opened
    opened.close()


class TestFeigKeepsTheContract(TagPadConformance):
    """On both profiles."""


@pytest.fixture
def simulated() -> Iterator[SimulatedPad]:
    with SimulatedPad() as simulated:
        yield simulated


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feig(simulated: SimulatedPad, clock: Clock) -> Iterator[FeigPad]:
    opened = FeigPad(FeigSettings(simulated.port), clock)
    yield opened
    opened.close()


@pytest.fixture
def asked(simulated: SimulatedPad, feig: FeigPad) -> list[Request]:
    """What the pad was asked since it was opened."""
    seen: list[Request] = []
    simulated.observe(lambda way, raw: seen.append(Request.from_bytes(raw)) if way is Direction.TO_PAD else None)
    return seen


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def codes(asked: list[Request]) -> list[int]:
    return [request.code for request in asked]


# answers that come badly


@pytest.mark.parametrize("chunk", [1, 3])
def test_an_answer_may_arrive_in_pieces(simulated: SimulatedPad, feig: FeigPad, chunk: int):
    simulated.lay(book())
    simulated.troubles.chunk = chunk

    assert feig.inventory() == {NOVEL}
    assert feig.read(NOVEL).data == MEMORY[:32]


@pytest.mark.parametrize("noise", ["00", "02", "FF", "0600B0005555", "30 00 B0 00 08 04"])
def test_noise_before_every_answer_is_heard_through(simulated: SimulatedPad, feig: FeigPad, noise: str):
    simulated.lay(book())
    simulated.troubles.noise = bytes.fromhex(noise)

    assert feig.inventory() == {NOVEL}
    assert feig.read(NOVEL).data == MEMORY[:32]


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_answer_is_asked_for_again(simulated: SimulatedPad, feig: FeigPad, damaged: int):
    simulated.lay(book())
    simulated.troubles.corrupt = damaged

    assert feig.read(NOVEL).data == MEMORY[:32]


def test_tags_named_in_a_damaged_answer_are_not_forgotten(simulated: SimulatedPad, feig: FeigPad):
    for uid in STACK:
        simulated.lay(book(uid))
    simulated.troubles.corrupt = 1

    assert feig.inventory() == set(STACK)


def test_an_afi_write_whose_answer_was_damaged_is_done_once_more(
    simulated: SimulatedPad, feig: FeigPad, asked: list[Request]
):
    simulated.lay(book())
    simulated.troubles.corrupt = 1

    feig.write_afi(NOVEL, ON_LOAN)

    assert codes(asked) == [Code.TAG, Code.BAUD_DETECT, Code.TAG]
    assert simulated.laid()[0].afi == ON_LOAN


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book(memory=b"A" * 32))
    simulated.lay(book(STACK[0], b"B" * 32))
    feig._line.response_time = -0.25
    simulated.troubles.delay = 0.25
    with pytest.raises(DeviceLost):
        feig.read(NOVEL)
    feig._line.response_time = 1.0

    simulated.troubles.delay = 0.0

    assert feig.read(STACK[0]).data[:32] == b"B" * 32


def test_a_slow_answer_is_waited_for(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    simulated.troubles.delay = 0.5

    assert feig.read(NOVEL).data == MEMORY[:32]


def test_a_silent_pad_is_lost(simulated: SimulatedPad, feig: FeigPad):
    simulated.troubles.silent = True

    with pytest.raises(DeviceLost, match="power and cable"):
        feig.read_gate(NOVEL)


def test_a_pad_that_is_not_there_is_lost_and_leaves_nothing_open(simulated: SimulatedPad):
    simulated.troubles.silent = True
    before = open_files()

    with pytest.raises(DeviceLost, match="no FEIG pad answered"):
        FeigPad(FeigSettings(simulated.port))

    assert open_files() == before


def test_a_port_that_is_not_there_is_lost():
    with pytest.raises(DeviceLost, match="cannot open /dev/no-such-pad"):
        FeigPad(FeigSettings("/dev/no-such-pad"))


def test_the_pad_can_be_opened_again_after_the_plug_was_pulled(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    simulated.unplug()
    with pytest.raises(DeviceLost):
        feig.inventory()
    feig.close()
    simulated.plug()

    again = FeigPad(FeigSettings(simulated.port))

    assert again.inventory() == {NOVEL}
    again.close()


def test_two_drivers_do_not_share_a_port(simulated: SimulatedPad, feig: FeigPad):
    with pytest.raises(DeviceLost, match="cannot open"):
        FeigPad(FeigSettings(simulated.port))


def test_a_pseudo_terminal_without_parity_is_opened_all_the_same(
    simulated: SimulatedPad, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    kept = os.open(simulated.port, os.O_RDWR | os.O_NOCTTY)
    serial.Serial(simulated.port, 38400).close()

    for _ in range(3):
        FeigPad(FeigSettings(simulated.port, parity="E")).close()

    os.close(kept)


# the stack


def test_reading_32_bytes_is_one_command(simulated: SimulatedPad, feig: FeigPad, asked: list[Request]):
    simulated.lay(book())

    feig.read(NOVEL)

    assert codes(asked) == [Code.TAG]


def test_standard_frames_are_used_where_the_pad_speaks_them(feig: FeigPad, asked: list[Request]):
    feig.inventory()

    assert not any(request.advanced for request in asked)


def test_an_idle_poll_is_one_command_and_drops_no_field(feig: FeigPad, clock: Clock, asked: list[Request]):
    for _ in range(5):
        clock.now += 1
        feig.inventory()

    assert codes(asked) == [Code.TAG] * 5


def test_nobody_is_missed_before_the_sweep_and_everybody_after(simulated: SimulatedPad, feig: FeigPad, clock: Clock):
    simulated.lay(book())
    feig.inventory()
    simulated.lift(NOVEL)

    early = feig.inventory()
    clock.now += 0.31
    late = feig.inventory()

    assert (early, late) == ({NOVEL}, frozenset())


def test_newcomers_are_read_before_the_field_drops(
    simulated: SimulatedPad, feig: FeigPad, clock: Clock, asked: list[Request]
):
    simulated.lay(book())
    feig.inventory()
    clock.now += 0.29
    simulated.lay(book(STACK[0]))
    feig.inventory()
    asked.clear()

    clock.now += 0.02
    feig.inventory()

    assert codes(asked) == [Code.TAG]


def test_a_book_being_laid_every_moment_does_not_hide_one_that_left(
    simulated: SimulatedPad, feig: FeigPad, clock: Clock
):
    simulated.lay(book())
    feig.inventory()
    simulated.lift(NOVEL)

    for uid in STACK[:5]:
        clock.now += 0.08
        simulated.lay(book(uid))
        seen = feig.inventory()

    assert NOVEL not in seen


def test_a_tag_that_was_gone_when_asked_is_looked_for_at_once(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    feig.inventory()
    simulated.tear(NOVEL)

    with pytest.raises(TagGone):
        feig.read(NOVEL)

    assert feig.inventory() == frozenset()


def test_tags_kept_quiet_by_an_earlier_visit_are_seen_by_the_next(simulated: SimulatedPad):
    simulated.lay(book())
    first = FeigPad(FeigSettings(simulated.port))
    first.inventory()
    first.close()

    second = FeigPad(FeigSettings(simulated.port))

    assert second.inventory() == {NOVEL}
    second.close()


def test_a_pad_that_takes_no_configuration_is_swept_every_time(simulated: SimulatedPad):
    simulated.firmware._configure = lambda *_: Outcome(Status.LOGIN_NEEDED)
    feig = FeigPad(FeigSettings(simulated.port))
    simulated.lay(book())

    seen = [feig.inventory(), feig.inventory()]
    simulated.lift(NOVEL)
    seen.append(feig.inventory())

    assert seen == [{NOVEL}, {NOVEL}, frozenset()]
    assert simulated.firmware.memory.interface.gap == SLOW_GAP
    feig.close()


def test_nothing_is_ever_written_to_the_pads_eeprom(simulated: SimulatedPad, feig: FeigPad):
    before = dict(simulated.firmware.memory.eeprom)

    feig.inventory()

    assert simulated.firmware.memory.eeprom == before
    assert simulated.firmware.memory.records != before


def test_a_card_laid_on_the_pad_is_seen_and_holds_nothing(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    simulated.lay(SimulatedTag.of(PATRON_CARD))
    simulated.lay(SimulatedTag.of("08112233445566778899"))

    seen = feig.inventory()

    assert seen == {NOVEL, PATRON_CARD, TagUid("08112233445566778899")}
    assert feig.read(PATRON_CARD).data == b""
    with pytest.raises(DeviceRefused, match="take it off"):
        feig.write_afi(PATRON_CARD, ON_LOAN)


# what a tag holds


def test_the_dsfid_of_the_inventory_goes_with_what_is_read(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    feig.inventory()

    assert feig.read(NOVEL).dsfid == 0x3E


@pytest.mark.parametrize("blocks", [2, 8, 13, 28, 80, 256])
@pytest.mark.parametrize("block_size", [4, 8])
def test_tags_of_every_size_are_read(simulated: SimulatedPad, feig: FeigPad, blocks: int, block_size: int):
    memory = bytes(number % 251 for number in range(blocks * block_size))
    simulated.lay(SimulatedTag.of(NOVEL, memory, blocks=blocks, block_size=block_size))

    short, whole = feig.read(NOVEL).data, feig.read_all(NOVEL).data

    assert short == memory[: 8 * block_size]
    assert whole == memory


def test_a_long_tag_is_read_in_as_few_commands_as_the_pad_allows(
    simulated: SimulatedPad, feig: FeigPad, asked: list[Request]
):
    simulated.lay(SimulatedTag.of(NOVEL, blocks=80))

    feig.read_all(NOVEL)

    assert [request.body[0] for request in asked] == [0x2B, 0x23, 0x23]


@pytest.mark.parametrize("block_size", [4, 8])
def test_long_writes_are_cut_to_what_the_pad_takes(simulated: SimulatedPad, feig: FeigPad, block_size: int):
    simulated.lay(SimulatedTag.of(NOVEL, blocks=64, block_size=block_size))
    memory = bytes(number % 251 for number in range(60 * block_size))

    feig.write_blocks(NOVEL, 3, memory)

    assert simulated.laid()[0].memory[3 * block_size : 63 * block_size] == memory


def test_half_a_block_is_not_written(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())

    with pytest.raises(DeviceRefused, match="blocks of 4 bytes: 3 bytes"):
        feig.write_blocks(NOVEL, 0, b"abc")

    assert simulated.laid()[0].memory == MEMORY


def test_a_locked_block_keeps_what_it_holds(simulated: SimulatedPad, feig: FeigPad):
    tag = book()
    tag.lock("block 1")
    simulated.lay(tag)

    with pytest.raises(TagLocked):
        feig.write_blocks(NOVEL, 1, b"abcd")


def test_a_write_that_failed_names_the_block(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())
    simulated.fail_next_write(0x03, b"\x02")

    with pytest.raises(DeviceRefused, match="block 2"):
        feig.write_blocks(NOVEL, 0, bytes(12))


# the gate


def test_eas_is_switched_and_read_back(simulated: SimulatedPad, feig: FeigPad):
    simulated.lay(book())

    before = feig.read_gate(NOVEL, eas=True)
    feig.write_eas(NOVEL, on=True)
    after = feig.read_gate(NOVEL, eas=True)

    assert (before.eas, after.eas) == (False, True)
    assert after.afi == IN_LIBRARY


def test_eas_is_not_asked_for_unless_wanted(simulated: SimulatedPad, feig: FeigPad, asked: list[Request]):
    simulated.lay(book())

    assert feig.read_gate(NOVEL).eas is None
    assert codes(asked) == [Code.TAG]


def test_a_tag_without_eas_says_so(simulated: SimulatedPad, feig: FeigPad):
    texas = TagUid("E00700000147677E")
    simulated.lay(book(texas))

    assert feig.read_gate(texas, eas=True).eas is None
    with pytest.raises(DeviceRefused, match="no EAS"):
        feig.write_eas(texas, on=True)


def test_a_classic_pro_pad_cannot_tell_eas():
    with SimulatedPad([book()], profile="cpr") as simulated:
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
    simulated: SimulatedPad, feig: FeigPad, status: int, body: bytes, kind: type[DeviceRefused]
):
    simulated.lay(book())
    simulated.fail_next_write(status, body)

    with pytest.raises(kind):
        feig.write_afi(NOVEL, ON_LOAN)

    assert simulated.laid()[0].afi == IN_LIBRARY


def test_a_pad_in_scan_mode_tells_how_to_get_it_out(simulated: SimulatedPad, feig: FeigPad):
    memory = simulated.firmware.memory
    memory.records[1] = memory.records[1][:13] + b"\x01"

    with pytest.raises(DeviceRefused, match="host mode"):
        feig.inventory()


def test_the_pad_is_named_as_its_maker_names_it(feig: FeigPad, simulated: SimulatedPad):
    assert feig.facts().model == "FEIG ID ISC.MR102"
    assert feig.facts().port == simulated.port


def test_every_frame_is_in_the_log_for_the_technician(
    simulated: SimulatedPad, feig: FeigPad, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, logger="drivers.tag_pads.feig")

    feig.inventory()

    assert "> 07 ff b0 01 00 1c 56" in caplog.text
    assert Reply(Code.TAG, 0x01).to_bytes().hex(" ") in caplog.text
