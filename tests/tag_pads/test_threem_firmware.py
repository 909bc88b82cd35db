"""The simulated 3M pad against frames of real ones, and against what the specification says of the rest."""

import pytest

from drivers.tag_pads.simulated_tags import SimulatedTag, TagField
from drivers.tag_pads.threem_errors import Error
from drivers.tag_pads.threem_firmware import ThreeMFirmware
from drivers.tag_pads.threem_frames import Command, Reply, Request
from tests.tag_pads.golden_frames import THREEM_BY_NAME

NOVEL, OTHER = "E00401003123AA26", "E0040100017C0C38"
OF_SPEC = "E007000001234567"
NXP_OF_SPEC = "E004000001234567"
TAG_IT = "0000000001234567"
MEMORY = bytes(range(112))


def tag(uid: str, memory: bytes = MEMORY, **facts: object) -> SimulatedTag:
    made = SimulatedTag.of(uid, memory)
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def pad(*tags: SimulatedTag, **facts: object) -> ThreeMFirmware:
    return ThreeMFirmware(TagField(tags), **facts)


def asked(firmware: ThreeMFirmware, command: int, fields: str | bytes = b"") -> Reply:
    body = bytes.fromhex(fields) if isinstance(fields, str) else fields
    answered = firmware.respond(Request(command, body).to_bytes())
    return Reply.from_bytes(answered[0])


BLANK = tag(NOVEL, b"")
RECORDED = [
    ("init", pad()),
    ("ext_info_2", pad()),
    ("inventory_empty", pad()),
    ("inventory_one", pad(BLANK)),
    ("inventory_one_b", pad(tag(OTHER))),
    ("inventory_two", pad(tag(NOVEL), tag(OTHER))),
    ("write_6_blocks_blank", pad(tag(NOVEL))),
    ("write_7_blocks", pad(tag(NOVEL))),
    ("write_7_blocks_b", pad(tag(NOVEL))),
    ("write_7_blocks_d", pad(tag(NOVEL))),
    ("afi_DA", pad(tag(NOVEL))),
    ("read_3_blocks", pad(tag(NOVEL, bytes.fromhex("041100013132333435363738")))),
    ("spec_inventory", pad(tag("0000000000AD6302"), tag("E0070000006000AE"))),
    ("spec_version", pad(version=(3, 2, 6))),
    ("spec_unknown_command", pad()),
    ("spec_iso_pass_through", pad(tag("E007000012736993", b"\x55" * 4))),
    ("spec_quiet", pad(tag(OF_SPEC))),
    ("spec_read_2_blocks", pad(tag(TAG_IT, bytes.fromhex("0011223300112233")))),
    ("spec_write_2_blocks", pad(tag(TAG_IT))),
    ("spec_write_block", pad(tag(TAG_IT))),
    ("spec_get_afi", pad(tag(OF_SPEC, afi=0xDA))),
    ("spec_write_afi", pad(tag(OF_SPEC))),
    ("spec_check_eas_1", pad(tag(NXP_OF_SPEC, eas=True))),
    ("spec_check_eas_0", pad(tag(NXP_OF_SPEC))),
    ("spec_eas_control", pad(tag(NXP_OF_SPEC))),
    ("spec_get_dsfid", pad(tag(OF_SPEC, dsfid=0x31))),
    ("spec_write_dsfid", pad(tag(OF_SPEC))),
    (
        "new_style_read",
        pad(tag(NOVEL, bytes.fromhex("11010131313232333334340000000000000000513E44453730350000000000"))),
    ),
    ("write_afi_locked", pad(tag(NOVEL, afi_locked=True))),
]


@pytest.mark.parametrize(("name", "firmware"), RECORDED, ids=[name for name, _ in RECORDED])
def test_the_pad_answers_a_recorded_question_with_the_recorded_bytes(name: str, firmware: ThreeMFirmware):
    seen = THREEM_BY_NAME[name]

    answered = firmware.respond(seen.request)

    assert answered[0].hex() == seen.reply.hex()


def test_the_version_of_a_newer_pad_is_told_at_the_start_of_a_session():
    told = pad(version=(5, 2, 27)).respond(bytes.fromhex("D500050400118C66"))

    assert told[0] == THREEM_BY_NAME["init_reply_b"].reply


def test_every_recorded_exchange_is_a_test():
    whole = {name for name, seen in THREEM_BY_NAME.items() if seen.request and seen.reply}

    assert whole == {name for name, _ in RECORDED}


def test_what_a_write_says_is_in_the_tag():
    book = tag(NOVEL)

    pad(book).respond(THREEM_BY_NAME["write_7_blocks"].request)

    assert book.memory[:8] == b"\x04\x11\x00\x011111"


@pytest.mark.parametrize(
    ("command", "fields", "rest"),
    [
        (Command.QUIET, "", ""),
        (Command.READ_BLOCKS, "00 08", "00"),
        (Command.CHECK_EAS, "", "00"),
        (Command.WRITE_BLOCKS, "05 01 00 01020304", "05"),
        (Command.WRITE_BLOCK, "00 01020304", ""),
        (Command.WRITE_AFI, "C2", ""),
        (Command.GET_AFI, "", ""),
        (Command.TAG_INFO, "0F", "00"),
        (Command.GET_DSFID, "", ""),
    ],
)
def test_a_tag_that_left_is_error_06_with_its_address(command: Command, fields: str, rest: str):
    reply = asked(pad(), command, f"{NOVEL} {fields}")

    assert reply == Reply(command, Error.NO_TAG, bytes.fromhex(NOVEL + rest))


@pytest.mark.parametrize(
    ("locked", "command", "fields", "rest"),
    [
        ("afi", Command.WRITE_AFI, "C2", ""),
        ("afi", Command.LOCK_AFI, "", ""),
        ("block 1", Command.WRITE_BLOCKS, "00 03 00 01020304 01020304 01020304", "01"),
        ("block 1", Command.WRITE_BLOCK, "01 01020304", ""),
        ("block 1", Command.LOCK_BLOCK, "01", ""),
        ("eas", Command.CONTROL_EAS, "01", ""),
        ("dsfid", Command.WRITE_DSFID, "06", ""),
        ("dsfid", Command.LOCK_DSFID, "", ""),
    ],
)
def test_what_is_locked_is_error_12(locked: str, command: Command, fields: str, rest: str):
    book = tag(NOVEL)
    book.lock(locked)

    reply = asked(pad(book), command, f"{NOVEL} {fields}")

    assert reply == Reply(command, Error.LOCKED, bytes.fromhex(NOVEL + rest))


def test_a_write_past_the_end_names_the_block_it_failed_at():
    reply = asked(pad(tag(NOVEL)), Command.WRITE_BLOCKS, f"{NOVEL} 1B 02 00 0102030405060708")

    assert reply == Reply(Command.WRITE_BLOCKS, Error.NO_SUCH_MEMORY, bytes.fromhex(NOVEL + "1C"))


def test_a_read_past_the_end_brings_no_blocks():
    reply = asked(pad(tag(NOVEL)), Command.READ_BLOCKS, f"{NOVEL} 1B 02")

    assert reply == Reply(Command.READ_BLOCKS, Error.NO_SUCH_MEMORY, bytes.fromhex(NOVEL + "00"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "02 02 01 08090A0B 03 00 0C0D0E0F"),
        ("04", "02 02 01 08090A0B 00 0C0D0E0F"),
        ("0C", "02 02 08090A0B 0C0D0E0F"),
    ],
)
def test_blocks_are_told_in_the_style_that_was_asked_for(options: str, told: str):
    book = tag(NOVEL)
    book.lock("block 2")

    reply = asked(pad(book), Command.READ_BLOCKS, f"{NOVEL} 02 02 {options}")

    assert reply.fields == bytes.fromhex(NOVEL + told)


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        ("01", "01 3E"),
        ("02", "02 07"),
        ("04", "04 03 1B"),
        ("08", "08 0001"),
        ("0F", "0F 3E 07 03 1B 0001"),
        ("F0", "00"),
    ],
)
def test_of_a_tag_is_told_what_the_mask_asks(mask: str, told: str):
    reply = asked(pad(tag(NOVEL)), Command.TAG_INFO, f"{NOVEL} {mask}")

    assert reply.fields == bytes.fromhex(NOVEL + told)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("00 01", f"00 01 02 {NOVEL} {OTHER}"),
        ("00 07", f"00 07 02 3E {NOVEL} 06 {OTHER}"),
        ("00 25", f"00 25 02 {NOVEL} {OTHER}"),
        ("07 05", f"07 05 01 {NOVEL}"),
        ("C0 05", f"C0 05 01 {OTHER}"),
        ("DA 05", "DA 05 00"),
        ("00 04", "00 04 02"),
        ("00 45 02", f"00 45 02 {NOVEL} {OTHER}"),
        ("00 45 01", "00 45 00"),
    ],
)
def test_an_inventory_tells_what_its_options_and_its_afi_ask(fields: str, told: str):
    reply = asked(pad(tag(NOVEL), tag(OTHER, dsfid=6, afi=0xC2)), Command.INVENTORY, fields)

    assert reply == Reply(Command.INVENTORY, Error.NONE, bytes.fromhex(told))


def test_a_tag_told_to_be_quiet_is_not_listed_and_can_still_be_read():
    firmware = pad(tag(NOVEL), tag(OTHER))
    asked(firmware, Command.QUIET, NOVEL)

    assert asked(firmware, Command.INVENTORY, "00 05").fields == bytes.fromhex(f"00 05 01 {OTHER}")
    assert asked(firmware, Command.GET_AFI, NOVEL).error == Error.NONE


def test_a_card_is_not_seen_by_this_pad():
    assert asked(pad(tag("04A1B2C3D4E5F6", b"")), Command.INVENTORY, "00 05").fields == b"\x00\x05\x00"


def test_a_pad_that_lists_twice_says_so_in_its_count():
    firmware = pad(tag(NOVEL))
    firmware.quirks.duplicates = True

    assert asked(firmware, Command.INVENTORY, "00 05").fields == bytes.fromhex(f"00 05 02 {NOVEL} {NOVEL}")


def test_an_afi_write_may_fail_for_a_moment_and_change_nothing():
    book, firmware = tag(NOVEL), None
    firmware = pad(book)
    firmware.quirks.transient = 1

    first = asked(firmware, Command.WRITE_AFI, f"{NOVEL} C2")
    before = book.afi
    second = asked(firmware, Command.WRITE_AFI, f"{NOVEL} C2")

    assert (first.error, before) == (Error.NO_TAG, 0x07)
    assert (second.error, book.afi) == (Error.NONE, 0xC2)


@pytest.mark.parametrize("eas", [Command.CHECK_EAS, Command.CONTROL_EAS])
def test_eas_is_for_nxp_tags(eas: Command):
    assert asked(pad(tag(OF_SPEC)), eas, f"{OF_SPEC} 01").error == Error.UNSUPPORTED


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (Command.INVENTORY, "00"),
        (Command.READ_BLOCKS, "E004"),
        (Command.READ_BLOCKS, NOVEL),
        (Command.WRITE_AFI, NOVEL),
        (Command.WRITE_BLOCKS, f"{NOVEL} 00 02 00 01020304"),
        (Command.PASS_THROUGH, "0003"),
        (Command.TAG_INFO, NOVEL),
    ],
)
def test_a_request_that_ends_too_early_is_a_wrong_parameter_and_changes_nothing(command: Command, fields: str):
    book = tag(NOVEL)

    assert asked(pad(book), command, fields).error == Error.PARAMETER
    assert (bytes(book.memory), book.afi) == (MEMORY, 0x07)


@pytest.mark.parametrize("raw", ["D60005FE0005FA41", "D500050400128C66", "D60002FA40", ""])
def test_what_is_no_request_of_this_pad_is_met_with_silence(raw: str):
    assert pad().respond(bytes.fromhex(raw)) is None


# requests passed on to the tags


def air(firmware: ThreeMFirmware, request: str, most: int = 64) -> Reply:
    raw = bytes.fromhex(request)
    return asked(firmware, Command.PASS_THROUGH, len(raw).to_bytes(2, "big") + most.to_bytes(2, "big") + b"\0\0" + raw)


UID_ON_AIR = bytes.fromhex(NOVEL)[::-1].hex()


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (f"22 2B {UID_ON_AIR}", f"00 0F {UID_ON_AIR} 3E 07 1B 03 01"),
        (f"22 23 {UID_ON_AIR} 00 01", "00 00010203 04050607"),
        (f"62 23 {UID_ON_AIR} 02 01", "00 01 08090A0B 00 0C0D0E0F"),
        (f"22 27 {UID_ON_AIR} C2", "00"),
        (f"22 21 {UID_ON_AIR} 02 01020304", "01 12"),
        (f"22 20 {UID_ON_AIR} 40", "01 10"),
        (f"22 2C {UID_ON_AIR} 01 01", "00 00 01"),
        (f"22 A2 04 {UID_ON_AIR}", "00"),
        (f"22 99 {UID_ON_AIR}", "01 01"),
        ("26 01 00", f"00 3E {UID_ON_AIR}"),
        ("36 01 07 00", f"00 3E {UID_ON_AIR}"),
        ("26 01 08 26", f"00 3E {UID_ON_AIR}"),
        ("02 20 00", "00 00010203"),
    ],
)
def test_a_request_is_passed_on_to_the_tag(request_: str, told: str):
    book = tag(NOVEL)
    book.lock("block 2")

    reply = air(pad(book), request_)

    heard = bytes.fromhex(told)
    assert reply == Reply(Command.PASS_THROUGH, Error.NONE, b"\x83" + len(heard).to_bytes(2, "big") + heard)


@pytest.mark.parametrize(
    "request_", ["26 01 08 27", "36 01 C2 00", f"22 A5 04 {UID_ON_AIR}", f"22 02 {UID_ON_AIR}", "22 20"]
)
def test_silence_on_the_air_is_told_as_no_tag(request_: str):
    assert air(pad(tag(NOVEL)), request_).error == Error.NO_TAG


def test_two_tags_answering_at_once_are_silence():
    assert air(pad(tag(NOVEL), tag(OTHER)), "26 01 00").error == Error.NO_TAG


def test_an_answer_longer_than_the_host_has_room_for_is_told():
    assert air(pad(tag(NOVEL)), f"22 23 {UID_ON_AIR} 00 07", most=6).error == Error.NO_MEMORY
