"""The simulated pad against frames of real ones, and against what the manuals say of the rest."""

from dataclasses import replace

import pytest

from drivers.tag_pads.feig_config import InterfaceRecord
from drivers.tag_pads.feig_firmware import FeigFirmware
from drivers.tag_pads.feig_frames import Code, Reply, Request
from drivers.tag_pads.feig_memory import PROFILES, Outcome
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField
from tests.tag_pads.golden_frames import BY_NAME

NOVEL, SCORE = "E00401003123AA26", "E0040100017C0C38"
DANISH = bytes.fromhex("11010131313232333334340000000000000000513e4445373035000000000000")


def firmware(*tags: SimulatedTag, profile: str = "mr102") -> FeigFirmware:
    return FeigFirmware(PROFILES[profile], TagField(tags))


def told(pad: FeigFirmware, code: int, body: str = "", **frame: bool) -> Reply:
    answered = pad.answer(Request(code, bytes.fromhex(body), **frame))
    assert answered is not None
    return answered[0]


def novel(**facts: object) -> SimulatedTag:
    tag = SimulatedTag.of(NOVEL, DANISH)
    for name, fact in facts.items():
        setattr(tag, name, fact)
    return tag


def tag(uid: str, memory: bytes = b"", **facts: object) -> SimulatedTag:
    made = SimulatedTag.of(uid, memory, blocks=facts.pop("blocks", None), block_size=facts.pop("block_size", 4))
    for name, fact in facts.items():
        setattr(made, name, fact)
    return made


@pytest.mark.parametrize(
    ("name", "pad"),
    [
        ("get_software_version_std", firmware(profile="cpr")),
        ("get_software_version_adv", firmware(profile="cpr")),
        ("baud_detect", firmware()),
        ("cpu_reset", firmware()),
        ("inventory_std_no_tag", firmware()),
        ("inventory_std_one_tag_a", firmware(tag("E01680FF08005024", dsfid=0))),
        ("inventory_std_one_tag_icode", firmware(tag("E0040150A05F02B7", dsfid=0))),
        ("write_cfg1_eeprom", firmware()),
        ("write_cfg3", firmware()),
        ("write_cfg4", firmware()),
        ("write_cfg5", firmware()),
        ("get_sysinfo_resp_adv", firmware(tag("E004010809B9CB12", afi=0x01, blocks=80))),
        ("annexF_read_4byte_blocks", firmware(tag("E00700000147677E", bytes.fromhex("010203041112131421222324")))),
        ("rf_reset", firmware()),
        ("rf_off_std", firmware()),
        ("inventory_adv", firmware(novel(), tag(SCORE))),
        ("inventory_two_tags", firmware(novel(), tag(SCORE))),
        ("read_8_blocks", firmware(novel())),
        ("write_afi_checked_out", firmware(novel())),
        ("write_afi_checked_in", firmware(novel())),
        ("write_afi_adv", firmware(novel())),
        ("write_afi_locked", firmware(novel(afi_locked=True))),
        ("write_afi_tag_gone", firmware()),
        ("sysinfo_slix", firmware(novel())),
        ("stay_quiet", firmware(novel())),
        ("select", firmware(novel())),
        ("nxp_set_eas", firmware(novel())),
        ("nxp_reset_eas", firmware(novel())),
        ("unknown_command", firmware(novel(), profile="cpr")),
    ],
)
def test_the_simulated_pad_answers_as_the_real_one_did(name: str, pad: FeigFirmware):
    seen = BY_NAME[name]

    answered = pad.answer(Request.from_bytes(seen.request))

    assert answered[0].to_bytes().hex() == seen.reply.hex()


def test_a_request_cut_short_is_answered_with_a_length_error():
    pad = firmware(novel())

    answered = pad.answer(Request.from_bytes(BY_NAME["get_sysinfo_adv_bad"].request))

    assert answered[0] == Reply(Code.TAG, 0x81, advanced=True)
    assert told(pad, Code.TAG).to_bytes() == BY_NAME["status_length_error"].reply


def test_a_write_that_fails_tells_the_block():
    pad = firmware(novel())
    pad.commands.refuse_writes.append(Outcome(0x03, b"\x02"))

    answered = pad.answer(Request.from_bytes(BY_NAME["write_blocks_fail_at_2"].request))

    assert answered[0].to_bytes() == BY_NAME["write_blocks_fail_at_2"].reply


@pytest.mark.parametrize(
    ("name", "size", "first", "memory"),
    [
        ("annexF_write_4byte_blocks", 4, 0, "010203041112131421222324"),
        ("annexF_write_8byte_blocks", 8, 3, "010203040506070811121314151617182122232425262728"),
        ("write_1_block_adv", 4, 1, "38373635"),
    ],
)
def test_blocks_are_stored_the_right_way_round(name: str, size: int, first: int, memory: str):
    request = Request.from_bytes(BY_NAME[name].request)
    body = request.body[:2] + b"\xe0" + request.body[3:]  # the 8-byte example of the manual has a UID beginning with 60
    there = tag(body[2:10].hex(), blocks=8, block_size=size)

    reply, _ = firmware(there).answer(replace(request, body=body))

    assert reply.status == 0x00
    assert there.memory[first * size :].hex().startswith(memory)


def test_a_pad_answers_only_to_its_own_address():
    pad = firmware()

    answered = pad.answer(Request.from_bytes(BY_NAME["read_config_std"].request))

    assert answered is None


def test_a_tag_reported_once_keeps_quiet_until_the_field_drops():
    pad = firmware(novel(), profile="cpr")

    heard = [told(pad, Code.TAG, "0100").status, told(pad, Code.TAG, "0100").status]
    told(pad, Code.FIELD_RESET)
    heard.append(told(pad, Code.TAG, "0100").status)

    assert heard == [0x00, 0x01, 0x00]


def test_a_tag_lifted_and_laid_again_is_new():
    there = novel()
    pad = firmware(there, profile="cpr")

    told(pad, Code.TAG, "0100")
    pad.tags.lift(NOVEL)
    pad.tags.lay(there)

    assert told(pad, Code.TAG, "0100").status == 0x00


def test_without_ont_every_inventory_is_whole_and_costs_a_field_reset():
    pad = firmware(novel())
    request = Request(Code.TAG, b"\x01\x00")

    (first, spent), (second, _) = pad.answer(request), pad.answer(request)

    assert first == second
    assert spent > 15


def test_more_tags_than_a_frame_holds_come_page_by_page():
    pad = firmware(*(tag(f"E0040100{number:08X}") for number in range(40)))

    first, second, third = (told(pad, Code.TAG, body) for body in ("0100", "0180", "0180"))

    assert (first.status, first.body[0]) == (0x94, 24)
    assert (second.status, second.body[0]) == (0x00, 16)
    assert third.status == 0x01


def test_an_answer_too_long_for_a_standard_frame_comes_advanced():
    pad = firmware(tag(NOVEL, blocks=64))

    reply = told(pad, Code.TAG, f"2301{NOVEL}0035")

    assert reply.advanced
    assert len(reply.to_bytes()) > 255


@pytest.mark.parametrize(("blocks", "status"), [(32, 0x00), (33, 0x11)])
def test_a_classic_pro_pad_reads_128_bytes_at_once(blocks: int, status: int):
    pad = firmware(tag(NOVEL, blocks=64), profile="cpr")

    assert told(pad, Code.TAG, f"2301{NOVEL}00{blocks:02X}").status == status


def test_a_config_in_ram_is_gone_after_a_restart_and_in_eeprom_it_stays():
    pad = firmware()
    ram, eeprom = bytes([4, *range(14)]), bytes([0x85, *range(14)])

    told(pad, Code.WRITE_CONFIG, ram.hex())
    told(pad, Code.WRITE_CONFIG, eeprom.hex())
    told(pad, Code.CPU_RESET)

    assert told(pad, Code.READ_CONFIG, "04").body == PROFILES["mr102"].record(4)
    assert told(pad, Code.READ_CONFIG, "05").body == bytes(range(14))


def test_saving_keeps_what_ram_holds_and_the_default_comes_back_when_asked():
    pad = firmware()
    told(pad, Code.WRITE_CONFIG, bytes([4, *range(14)]).hex())

    told(pad, Code.SAVE_CONFIG, "44")
    told(pad, Code.CPU_RESET)
    saved = told(pad, Code.READ_CONFIG, "04").body
    told(pad, Code.DEFAULT_CONFIG, "04")

    assert saved == bytes(range(14))
    assert told(pad, Code.READ_CONFIG, "04").body == PROFILES["mr102"].record(4)


@pytest.mark.parametrize("record", ["FF000801000500060000000000", "000003010005000600000000", "0000080100000006"])
def test_an_implausible_interface_record_is_refused(record: str):
    assert told(firmware(), Code.WRITE_CONFIG, "01" + record.ljust(28, "0")).status == 0x11


def test_a_pad_in_scan_mode_does_no_tag_command():
    pad = firmware(novel())
    record = pad.memory.interface.record
    told(pad, Code.WRITE_CONFIG, "01" + record[:13].hex() + "01")

    assert told(pad, Code.TAG, "0100").status == 0x82
    assert told(pad, Code.SOFTWARE_VERSION).status == 0x00


def test_with_the_field_off_nothing_answers():
    pad = firmware(novel())

    told(pad, Code.FIELD_SWITCH, "00")
    dark = {told(pad, Code.TAG, body).status for body in (f"2B01{NOVEL}", "0100", "0100")}
    told(pad, Code.FIELD_SWITCH, "01")

    assert dark == {0x01}
    assert told(pad, Code.TAG, f"2B01{NOVEL}").status == 0x00


@pytest.mark.parametrize(
    ("body", "status", "rest"),
    [
        (f"2301{NOVEL}1B02", 0x95, "10"),
        (f"2201{NOVEL}0501", 0x95, "1105"),
        (f"2401{NOVEL}05010400000000", 0x95, "1205"),
        (f"2401{NOVEL}0001080000000000000000", 0x03, "00"),
        (f"2901{NOVEL}06", 0x00, ""),
        (f"2A01{NOVEL}", 0x00, ""),
        (f"2C01{NOVEL}0403", 0x00, "03000100"),
        ("77", 0x80, ""),
        ("2300", 0x81, ""),
    ],
)
def test_tag_commands_answer_like_the_manual(body: str, status: int, rest: str):
    pad = firmware(novel(locked_blocks={5}))

    reply = told(pad, Code.TAG, body)

    assert (reply.status, reply.body.hex()[: len(rest)]) == (status, rest)


def test_a_selected_tag_needs_no_address():
    pad = firmware(novel(), tag(SCORE))

    several = told(pad, Code.TAG, "2B00").status
    told(pad, Code.TAG, f"2501{SCORE}")

    assert several == 0x83
    assert told(pad, Code.TAG, "2B02").body[1:9].hex().upper() == SCORE


@pytest.mark.parametrize(("code", "status"), [("A5", 0x01), ("A2", 0x00), ("B2", 0x95), ("C0", 0x80)])
def test_custom_commands_of_nxp_tags(code: str, status: int):
    assert told(firmware(novel()), Code.CUSTOM, f"04{code}01{NOVEL}").status == status


def test_the_alarm_of_a_stack_is_one_voice():
    pad = firmware(novel(), tag(SCORE, eas=True))

    armed = told(pad, Code.CUSTOM, "04A500").status
    told(pad, Code.CUSTOM, f"04A301{SCORE}")

    assert (armed, told(pad, Code.CUSTOM, "04A500").status) == (0x00, 0x01)


def test_the_pad_tells_its_buffers():
    assert told(firmware(), Code.PAD_DESCRIPTION, "00").body[7:].hex() == "01180118"


def test_an_interface_record_speaks_of_seconds():
    record = InterfaceRecord(PROFILES["mr102"].record(1))

    assert (record.baud, record.gap, record.response_time) == (38400, 0.005, 3.0)
