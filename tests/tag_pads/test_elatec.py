"""The Elatec driver and its simulated device: lines as seen and as the manual prints them, and what goes wrong."""

from collections.abc import Iterator

import pytest

from drivers.tag_pads.elatec import ElatecPad, ElatecSettings
from drivers.tag_pads.elatec_simulator import ElatecFirmware, SimulatedElatecPad
from drivers.tag_pads.iso15693 import SystemInformation, parse_system_information
from drivers.tag_pads.simulated_pad import Direction
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField
from drivers.tag_pads.tag_facts import TagSize
from kiosk.devices import DeviceLost, DeviceRefused, TagGone, TagLocked, TagUid
from tests.tag_pads.books import MEMORY, NOVEL, ON_LOAN, STACK, book
from tests.tag_pads.clock import open_files
from tests.tag_pads.golden_frames import ELATEC, Exchange

HAWK = "E00401502D4210E3"
UID_ON_AIR = bytes.fromhex(NOVEL)[::-1].hex().upper()


def device(*tags: SimulatedTag, crc: bool = False) -> ElatecFirmware:
    return ElatecFirmware(TagField(tags), crc=crc)


def said(firmware: ElatecFirmware, line: str) -> str | None:
    answered = firmware.respond(line.encode() + b"\r")
    return answered[0].decode().removesuffix("\r") if answered else None


@pytest.fixture
def twin() -> Iterator[SimulatedElatecPad]:
    with SimulatedElatecPad() as simulated:
        yield simulated


@pytest.fixture
def pad(twin: SimulatedElatecPad) -> Iterator[ElatecPad]:
    opened = ElatecPad(ElatecSettings(twin.port))
    yield opened
    opened.close()


@pytest.fixture
def asked(twin: SimulatedElatecPad, pad: ElatecPad) -> list[bytes]:
    """The lines the device was sent since it was opened."""
    seen: list[bytes] = []
    twin.observe(lambda way, raw: seen.append(raw) if way is Direction.TO_PAD else None)
    return seen


# the device


@pytest.mark.parametrize("seen", [each for each in ELATEC if each.reply], ids=lambda seen: seen.name)
def test_the_device_answers_a_recorded_line_with_the_recorded_line(seen: Exchange):
    firmware = device(SimulatedTag.of(HAWK, bytes.fromhex("11010131")))
    said(firmware, "050010")

    assert firmware.respond(seen.request)[0] == seen.reply


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("0005", "0001"),
        ("0504", "002FFE0700F7000000"),
        ("0502FFFFFFFFFFFFFFFF", "00"),
        ("0501", "00"),
        ("0D001020010020", "00010400000000"),
        ("0D03E0163C01061B7850", "00FF"),
        ("0D050500FF", "00010400000000"),
        ("0D060000FF", "00010400000000"),
        ("0D0705000411223344", "0001"),
        ("0D08000004426C612E", "0001"),
        ("0407646009F401F401", "00"),
        ("041107", "00"),
    ],
)
def test_the_device_answers_the_examples_of_the_manual(line: str, reply: str):
    firmware = device(SimulatedTag.of(NOVEL))
    said(firmware, "050010")

    assert said(firmware, line) == reply


def test_the_device_describes_the_tag_it_found_as_the_manual_prints_it():
    tag = SimulatedTag.of("E0163C01061B7850", blocks=66)
    tag.dsfid, tag.afi, tag.ic_ref = 0x02, 0x00, 0x0F
    firmware = device(tag)
    said(firmware, "050010")

    assert said(firmware, "0D01") == "00010F50781B06013C16E002000442000F"


@pytest.mark.parametrize(("line", "reply"), [("0005", "000131E1"), ("000515A7", None)])
def test_a_check_on_every_line_is_the_one_of_the_manual(line: str, reply: str | None):
    assert said(device(crc=True), "000515A7") == "000131E1"
    assert said(device(crc=True), "0005") != "000131E1"


@pytest.mark.parametrize(
    ("line", "reply"),
    [("9999", "01"), ("05", "01"), ("0500", "02"), ("05001000", "03"), ("05O0", "05"), ("050", "05"), ("0D0022", "02")],
)
def test_a_wrong_line_is_answered_with_what_is_wrong(line: str, reply: str):
    assert said(device(), line) == reply


def test_lines_may_be_written_small_and_end_with_a_line_feed_too(twin: SimulatedElatecPad):
    splitter = twin.firmware.splitter()

    assert splitter.feed(b"0500") == []
    assert splitter.feed(b"10\r\n0d0") == [b"050010\r"]
    assert splitter.feed(b"1\r\n") == [b"0d01\r"]
    assert said(device(), "0d01") == "0000"


def test_an_empty_line_and_a_restart_are_not_answered():
    assert said(device(), "") is None
    assert said(device(), "0001") is None


def test_a_card_is_found_only_when_cards_are_searched_for():
    firmware = device(SimulatedTag.of("66CF4DC2"))

    assert said(firmware, "050010") == "000180200466CF4DC2"
    said(firmware, "05020000000004000000")
    assert said(firmware, "050010") == "0000"


# the driver


def test_it_says_what_it_is_and_that_it_tells_one_tag(pad: ElatecPad):
    facts = pad.facts()

    assert (facts.model, facts.firmware, facts.stack) == ("Elatec TWN4", "B1.06/CCF4.51/PRS1.04", 1)


def test_what_is_passed_on_is_addressed_to_the_tag(pad: ElatecPad, twin: SimulatedElatecPad, asked: list[bytes]):
    twin.lay(book())

    pad.write_afi(NOVEL, ON_LOAN)

    assert asked == [f"0D00222709{UID_ON_AIR}C2FF\r".encode()]


def test_of_several_tags_it_tells_one_and_reads_the_one_that_is_meant(pad: ElatecPad, twin: SimulatedElatecPad):
    twin.lay(book(memory=b"A" * 32), book(STACK[0], b"B" * 32))

    assert len(pad.inventory()) == 1
    assert pad.read(STACK[0]).data == b"B" * 32


@pytest.mark.parametrize("on", [True, False])
def test_eas_is_read_although_off_is_silence(pad: ElatecPad, twin: SimulatedElatecPad, on: bool):
    twin.lay(book())

    pad.write_eas(NOVEL, on=on)

    assert pad.read_gate(NOVEL, eas=True).eas is on


def test_a_tag_of_another_maker_has_no_eas(pad: ElatecPad, twin: SimulatedElatecPad):
    twin.lay(book("E005000000000001"))

    assert pad.read_gate(TagUid("E005000000000001"), eas=True).eas is None
    with pytest.raises(DeviceRefused, match="no EAS"):
        pad.write_eas(TagUid("E005000000000001"), on=True)


def test_a_no_of_a_tag_that_is_there_is_a_lock_and_of_one_that_left_is_not(pad: ElatecPad, twin: SimulatedElatecPad):
    locked = book()
    locked.lock("afi")
    twin.lay(locked)

    with pytest.raises(TagLocked):
        pad.write_afi(NOVEL, ON_LOAN)
    twin.lift(NOVEL)
    with pytest.raises(TagGone):
        pad.write_afi(NOVEL, ON_LOAN)


def test_a_new_tag_is_prepared_and_locked(pad: ElatecPad, twin: SimulatedElatecPad):
    twin.lay(book())

    pad.write_dsfid(NOVEL, 0x06)
    pad.write_blocks(NOVEL, 1, b"new item")
    pad.lock_blocks(NOVEL, 1, 2)

    content = pad.read_all(NOVEL)
    assert (content.dsfid, content.data) == (0x06, MEMORY[:4] + b"new item" + MEMORY[12:])
    assert twin.laid()[0].locked_blocks == {1, 2}
    with pytest.raises(TagLocked):
        pad.lock_blocks(NOVEL, 1, 1)
    with pytest.raises(DeviceRefused, match="not whole blocks"):
        pad.write_blocks(NOVEL, 0, b"abc")


@pytest.mark.parametrize("bytes_", [20, 32, 112])
def test_a_tag_is_read_to_its_end(pad: ElatecPad, twin: SimulatedElatecPad, bytes_: int):
    short = book()
    short.memory = short.memory[:bytes_]
    twin.lay(short)

    assert pad.read(NOVEL).data == MEMORY[: min(bytes_, 32)]
    assert pad.read_all(NOVEL).data == MEMORY[:bytes_]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("0F 26AA233100 0104E0 3E 07 1B 03 01", SystemInformation(0x3E, 0x07, TagSize(4, 28))),
        ("04 26AA233100 0104E0 3F 03", SystemInformation(None, None, TagSize(4, 64))),
        ("02 26AA233100 0104E0 C2", SystemInformation(None, 0xC2, TagSize(4, 64))),
        ("00 26AA233100 0104E0", SystemInformation(None, None, TagSize(4, 64))),
    ],
)
def test_what_a_tag_tells_of_itself_is_what_its_mask_says(told: str, known: SystemInformation):
    assert parse_system_information(bytes.fromhex(told)) == known


def test_a_description_shorter_than_its_mask_is_refused():
    with pytest.raises(DeviceRefused, match="too few bytes"):
        parse_system_information(bytes.fromhex("0F 26AA2331000104E0 3E"))


# faults of the line


@pytest.mark.parametrize("trouble", [{"chunk": 1}, {"noise": b"\xff\x00 "}, {"corrupt": 2}, {"delay": 0.3}])
def test_a_bad_line_is_heard_through(pad: ElatecPad, twin: SimulatedElatecPad, trouble: dict[str, object]):
    twin.lay(book())
    for name, value in trouble.items():
        setattr(twin.troubles, name, value)

    assert pad.inventory() == {NOVEL}
    assert pad.read(NOVEL).data == MEMORY[:32]


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next(
    pad: ElatecPad, twin: SimulatedElatecPad, monkeypatch: pytest.MonkeyPatch
):
    twin.lay(book(memory=b"A" * 32))
    monkeypatch.setattr("drivers.tag_pads.elatec.REPLY_WITHIN", 0.05)
    twin.troubles.delay = 0.2
    with pytest.raises(DeviceLost):
        pad.read(NOVEL)
    monkeypatch.undo()
    twin.troubles.delay = 0.0

    assert pad.inventory() == {NOVEL}
    assert pad.read(NOVEL).data == b"A" * 32


def test_damage_in_a_line_with_a_check_is_noticed():
    with SimulatedElatecPad([book()], profile="twn4-crc") as simulated:
        pad = ElatecPad(ElatecSettings(simulated.port, crc=True))
        damaged: list[bytes] = []
        known = simulated.firmware.respond

        def damaging(frame: bytes) -> tuple[bytes, float] | None:
            answered = known(frame)
            if not damaged and frame.startswith(b"0500"):
                damaged.append(answered[0])
                return answered[0][:-7] + b"0" + answered[0][-6:], answered[1]
            return answered

        simulated.firmware.respond = damaging

        assert pad.inventory() == {NOVEL}
        pad.close()

    assert len(damaged) == 1


def test_a_silent_device_is_lost(pad: ElatecPad, twin: SimulatedElatecPad):
    twin.troubles.silent = True

    with pytest.raises(DeviceLost, match="stopped answering"):
        pad.inventory()


def test_a_device_that_is_not_there_is_lost_and_leaves_nothing_open(twin: SimulatedElatecPad):
    twin.troubles.silent = True
    before = open_files()

    with pytest.raises(DeviceLost, match="no Elatec TWN4 answered"):
        ElatecPad(ElatecSettings(twin.port))

    assert open_files() == before


def test_a_speed_no_device_can_have_is_named():
    with pytest.raises(ValueError, match="baud 0"):
        ElatecSettings("/dev/pad", baud=0)
