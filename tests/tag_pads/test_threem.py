"""The 3M driver on a real port, the simulated pad behind it: the habits of real pads, and the faults of a line."""

from collections.abc import Iterator

import pytest

from drivers.tag_pads.simulated_pad import Direction, SimulatedPad
from drivers.tag_pads.simulated_tags import TagField
from drivers.tag_pads.threem import ThreeMPad, ThreeMSettings
from drivers.tag_pads.threem_errors import Error
from drivers.tag_pads.threem_firmware import ThreeMFirmware
from drivers.tag_pads.threem_frames import SESSION_START, Command, Reply, Request
from drivers.tag_pads.threem_replies import parse_blocks
from drivers.tag_pads.threem_simulator import SimulatedThreeMPad
from kiosk.devices import DeviceLost, DeviceRefused, TagGone, TagUid
from tests.tag_pads.books import IN_LIBRARY, MEMORY, NOVEL, ON_LOAN, STACK, book
from tests.tag_pads.clock import open_files
from tests.tag_pads.golden_frames import THREEM_BY_NAME


@pytest.fixture
def twin() -> Iterator[SimulatedThreeMPad]:
    with SimulatedThreeMPad() as simulated:
        yield simulated


@pytest.fixture
def pad(twin: SimulatedThreeMPad) -> Iterator[ThreeMPad]:
    opened = ThreeMPad(ThreeMSettings(twin.port))
    yield opened
    opened.close()


@pytest.fixture
def asked(twin: SimulatedThreeMPad, pad: ThreeMPad) -> list[Request]:
    """What the pad was asked since it was opened."""
    seen: list[Request] = []
    twin.observe(lambda way, raw: seen.append(Request.from_bytes(raw)) if way is Direction.TO_PAD else None)
    return seen


@pytest.mark.parametrize(("profile", "version"), [("810", "5.0.2"), ("210", "5.2.27")])
def test_both_models_say_what_they_are(profile: str, version: str):
    with SimulatedThreeMPad(profile=profile) as simulated:
        pad = ThreeMPad(ThreeMSettings(simulated.port))
        facts = pad.facts()
        pad.close()

    assert (facts.model, facts.firmware, facts.port) == ("3M 210/810", version, simulated.port or facts.port)


# habits of real pads


def test_a_tag_listed_twice_is_one_tag(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.firmware.quirks.duplicates = True
    for uid in STACK[:3]:
        twin.lay(book(uid))

    assert pad.inventory() == set(STACK[:3])


@pytest.mark.parametrize("failures", [1, 30])
def test_an_afi_write_refused_for_a_moment_is_repeated(pad: ThreeMPad, twin: SimulatedThreeMPad, failures: int):
    twin.lay(book())
    twin.firmware.quirks.transient = failures

    pad.write_afi(NOVEL, ON_LOAN)

    assert twin.laid()[0].afi == ON_LOAN


def test_an_afi_write_that_is_refused_on_and_on_is_no_tag_that_went(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.lay(book())
    twin.firmware.quirks.transient = 1000

    with pytest.raises(DeviceRefused, match="though the tag is there") as told:
        pad.write_afi(NOVEL, ON_LOAN)

    assert not isinstance(told.value, TagGone)
    assert twin.firmware.quirks.transient > 900


def test_a_tag_that_left_is_not_written_to_again_and_again(pad: ThreeMPad, asked: list[Request]):
    with pytest.raises(TagGone):
        pad.write_afi(NOVEL, ON_LOAN)

    assert [request.command for request in asked] == [Command.WRITE_AFI, *[Command.GET_AFI] * 3]


@pytest.mark.parametrize("style", ["both", "ignores", "refuses"])
def test_a_tag_reads_the_same_in_every_style_a_pad_answers_in(pad: ThreeMPad, twin: SimulatedThreeMPad, style: str):
    twin.firmware.quirks.read_style = style
    twin.lay(book())

    assert pad.read(NOVEL).data == MEMORY[:32]
    assert pad.read_all(NOVEL).data == MEMORY


def test_a_pad_that_refused_the_new_style_is_not_asked_for_it_again(
    pad: ThreeMPad, twin: SimulatedThreeMPad, asked: list[Request]
):
    twin.firmware.quirks.read_style = "refuses"
    twin.lay(book())

    pad.read(NOVEL)
    pad.read(NOVEL)

    assert [len(request.fields) for request in asked] == [11, 10, 10]


@pytest.mark.parametrize("on", [True, False])
def test_eas_is_told_although_off_comes_as_an_error(pad: ThreeMPad, twin: SimulatedThreeMPad, on: bool):
    twin.lay(book())

    pad.write_eas(NOVEL, on=on)

    assert pad.read_gate(NOVEL, eas=True).eas is on


def test_a_tag_that_left_is_not_taken_for_one_whose_eas_is_off(pad: ThreeMPad):
    with pytest.raises(TagGone):
        pad.read_gate(NOVEL, eas=True)


def test_a_tag_without_eas_tells_none_and_cannot_be_switched(pad: ThreeMPad, twin: SimulatedThreeMPad):
    infineon = TagUid("E005000000000001")
    twin.lay(book(infineon))

    assert pad.read_gate(infineon, eas=True).eas is None
    with pytest.raises(DeviceRefused, match="no EAS"):
        pad.write_eas(infineon, on=True)


def test_a_write_that_did_not_take_is_repeated_as_the_makers_program_does(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.lay(book())
    twin.fail_next_write(Error.NOT_WRITTEN)
    twin.fail_next_write(Error.NO_TAG)

    pad.write_blocks(NOVEL, 0, b"once mor")

    assert pad.read(NOVEL).data[:8] == b"once mor"


class OlderFirmware(ThreeMFirmware):
    """Knows no DSFID in the list of tags."""

    def answer(self, request: Request) -> tuple[Reply, float] | None:
        if request.command == Command.INVENTORY and request.fields[1] & 0x02:
            return Reply(request.command, Error.OPTION), 0.0
        return super().answer(request)


def test_a_pad_that_tells_no_dsfid_in_its_list_is_asked_without():
    with SimulatedPad(OlderFirmware(TagField([book()]))) as older:
        asked: list[Request] = []
        pad = ThreeMPad(ThreeMSettings(older.port))
        older.observe(lambda way, raw: asked.append(Request.from_bytes(raw)) if way is Direction.TO_PAD else None)

        seen = [pad.inventory(), pad.inventory()]
        dsfid = pad.read(NOVEL).dsfid
        pad.close()

    assert (seen, dsfid) == ([{NOVEL}] * 2, None)
    assert [request.fields for request in asked[:3]] == [b"\x00\x07", b"\x00\x05", b"\x00\x05"]


def test_a_short_tag_is_read_to_its_end(pad: ThreeMPad, twin: SimulatedThreeMPad):
    short = book()
    short.memory = short.memory[:20]
    twin.lay(short)

    assert pad.read(NOVEL).data == MEMORY[:20]
    assert pad.read_all(NOVEL).data == MEMORY[:20]


def test_a_tag_with_blocks_of_eight_bytes_is_refused_in_words(pad: ThreeMPad, twin: SimulatedThreeMPad):
    my_d = book()
    my_d.block_size = 8
    twin.lay(my_d)

    assert pad.block_size(NOVEL) == 8
    with pytest.raises(DeviceRefused, match="this kind of tag"):
        pad.read(NOVEL)
    with pytest.raises(DeviceRefused, match="blocks of 4 only"):
        pad.write_blocks(NOVEL, 0, bytes(8))


@pytest.mark.parametrize(
    ("told", "blocks", "memory"),
    [
        ("00 02 01020304 05060708", 2, "0102030405060708"),
        ("00 02 00 01020304 01 05060708", 2, "0102030405060708"),
        ("02 00 00 01020304 01 00 05060708", 2, "0102030405060708"),
        ("01 00 00 01020304", 1, "01020304"),
        ("00 01 0102030405060708", 1, "0102030405060708"),
    ],
)
def test_blocks_are_understood_in_every_style_and_may_be_fewer(told: str, blocks: int, memory: str):
    assert parse_blocks(bytes.fromhex(told), 0, 2) == (blocks, bytes.fromhex(memory))


@pytest.mark.parametrize(
    "told", ["", "00", "00 02", "00 03 01020304 05060708 09101112", "01 02 01020304 05060708", "02 00 00 01"]
)
def test_blocks_that_do_not_add_up_are_refused(told: str):
    with pytest.raises(DeviceRefused, match="do not add up"):
        parse_blocks(bytes.fromhex(told), 0, 2)


class ShortAnswers(ThreeMFirmware):
    """Tells three blocks at most, and knows no tag information."""

    def answer(self, request: Request) -> tuple[Reply, float] | None:
        if request.command == Command.TAG_INFO:
            return Reply(request.command, Error.NOT_IMPLEMENTED), 0.0
        if request.command == Command.READ_BLOCKS:
            fields = request.fields
            request = Request(request.command, fields[:9] + bytes([min(3, fields[9])]) + fields[10:])
        return super().answer(request)


def test_a_pad_that_tells_fewer_blocks_than_it_was_asked_for_is_asked_for_the_rest():
    with SimulatedPad(ShortAnswers(TagField([book()]))) as other:
        pad = ThreeMPad(ThreeMSettings(other.port))

        first, whole = pad.read(NOVEL).data, pad.read_all(NOVEL).data
        pad.close()

    assert (first, whole) == (MEMORY[:32], MEMORY)


def test_a_pad_of_another_maker_that_speaks_the_protocol_says_so():
    class Other(ThreeMFirmware):
        def answer(self, request: Request) -> tuple[Reply, float] | None:
            if request.start == SESSION_START:
                return None
            return Reply(request.command, Error.NONE, bytes([0x0B, 1, 2, 3])), 0.0

    with SimulatedPad(Other(TagField())) as other:
        pad = ThreeMPad(ThreeMSettings(other.port))
        facts = pad.facts()
        pad.close()

    assert (facts.model, facts.firmware) == ("3M protocol, maker 0x0B", "1.2.3")


# the workshop


def test_a_new_tag_is_prepared_and_locked(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.lay(book())

    pad.write_dsfid(NOVEL, 0x06)
    pad.write_blocks(NOVEL, 0, bytes(range(40)))
    pad.lock_blocks(NOVEL, 0, 2)

    assert (pad.block_size(NOVEL), twin.laid()[0].locked_blocks) == (4, {0, 1})
    assert pad.read(NOVEL).dsfid == 0x06
    assert pad.read_all(NOVEL).data[:40] == bytes(range(40))


def test_what_is_not_whole_blocks_is_not_written(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.lay(book())

    with pytest.raises(DeviceRefused, match="not whole blocks"):
        pad.write_blocks(NOVEL, 0, b"abc")


# faults of the line


@pytest.mark.parametrize("chunk", [1, 5])
def test_an_answer_may_arrive_in_pieces(pad: ThreeMPad, twin: SimulatedThreeMPad, chunk: int):
    twin.lay(book())
    twin.troubles.chunk = chunk

    assert pad.inventory() == {NOVEL}
    assert pad.read_all(NOVEL).data == MEMORY


@pytest.mark.parametrize("noise", ["00", "FF 00 12", "D6", "D6 00 0D 09", "D5 00"])
def test_noise_before_every_answer_is_heard_through(pad: ThreeMPad, twin: SimulatedThreeMPad, noise: str):
    twin.lay(book())
    twin.troubles.noise = bytes.fromhex(noise)

    assert pad.inventory() == {NOVEL}
    assert pad.read(NOVEL).data == MEMORY[:32]


def test_a_damaged_answer_is_asked_for_again(pad: ThreeMPad, twin: SimulatedThreeMPad, asked: list[Request]):
    twin.lay(book())
    twin.troubles.corrupt = 1

    pad.write_afi(NOVEL, ON_LOAN)

    assert [request.command for request in asked] == [Command.WRITE_AFI, Command.VERSION, Command.WRITE_AFI]


def test_a_silent_pad_is_lost(pad: ThreeMPad, twin: SimulatedThreeMPad):
    twin.troubles.silent = True

    with pytest.raises(DeviceLost, match="power and cable"):
        pad.read_gate(NOVEL)


def test_a_pad_that_is_not_there_is_lost_and_leaves_nothing_open(twin: SimulatedThreeMPad):
    twin.troubles.silent = True
    before = open_files()

    with pytest.raises(DeviceLost, match="no 3M pad answered"):
        ThreeMPad(ThreeMSettings(twin.port))

    assert open_files() == before


def test_a_pad_still_busy_with_the_last_host_is_waited_for(twin: SimulatedThreeMPad):
    twin.troubles.delay = 0.7

    pad = ThreeMPad(ThreeMSettings(twin.port))

    twin.troubles.delay = 0.0
    assert pad.inventory() == frozenset()
    pad.close()


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next(
    pad: ThreeMPad, twin: SimulatedThreeMPad, monkeypatch: pytest.MonkeyPatch
):
    twin.lay(book(memory=b"A" * 32), book(STACK[0], b"B" * 32))
    monkeypatch.setattr("drivers.tag_pads.threem_line.REPLY_WITHIN", 0.05)
    twin.troubles.delay = 0.3
    with pytest.raises(DeviceLost):
        pad.read(NOVEL)
    monkeypatch.undo()

    twin.troubles.delay = 0.0

    assert pad.read(STACK[0]).data == b"B" * 32


def test_the_pad_can_be_opened_again_after_the_plug_was_pulled(twin: SimulatedThreeMPad, pad: ThreeMPad):
    twin.lay(book())
    twin.unplug()
    with pytest.raises(DeviceLost):
        pad.inventory()
    pad.close()
    twin.plug()

    again = ThreeMPad(ThreeMSettings(twin.port))

    assert again.inventory() == {NOVEL}
    assert again.read_gate(NOVEL).afi == IN_LIBRARY
    again.close()


def test_what_the_driver_asks_for_is_what_pads_in_the_field_are_asked(
    asked: list[Request], pad: ThreeMPad, twin: SimulatedThreeMPad
):
    twin.lay(book())

    pad.inventory()
    pad.read(NOVEL)

    assert asked[0].fields == b"\x00\x07"
    assert asked[1].to_bytes() == THREEM_BY_NAME["new_style_read"].request
