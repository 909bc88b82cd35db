"""Simulated pads as any client meets them: bytes that somebody else's program sends, however it sends them."""

import time
from collections.abc import Iterator

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from drivers.tag_pads import air_time
from drivers.tag_pads.elatec_simulator import ElatecFirmware, SimulatedElatecPad
from drivers.tag_pads.feig_firmware import FeigFirmware
from drivers.tag_pads.feig_memory import PROFILES
from drivers.tag_pads.pad_firmware import PadFirmware
from drivers.tag_pads.simulated_tags import TagField
from drivers.tag_pads.threem_firmware import ThreeMFirmware
from drivers.tag_pads.threem_frames import FrameError, Reply, Request
from drivers.tag_pads.threem_simulator import SimulatedThreeMPad
from tests.tag_pads.books import NOVEL, STACK, book
from tests.tag_pads.golden_frames import BY_NAME, THREEM_BY_NAME

INVENTORY = THREEM_BY_NAME["inventory_empty"].request
NOBODY = THREEM_BY_NAME["inventory_empty"].reply
BEGIN = THREEM_BY_NAME["init"].request
BEGUN = THREEM_BY_NAME["init"].reply


@pytest.fixture
def threem() -> Iterator[SimulatedThreeMPad]:
    with SimulatedThreeMPad() as simulated:
        yield simulated


@pytest.fixture
def client(threem: SimulatedThreeMPad) -> Iterator[serial.Serial]:
    with serial.Serial(threem.port, 19200, timeout=1) as client:
        yield client


def heard(client: serial.Serial) -> bytes:
    """Read one 3M frame as the drivers in the field do: three bytes, then as many as they say."""
    head = client.read(3)
    return head + client.read(int.from_bytes(head[1:3], "big"))


def test_a_session_as_drivers_in_the_field_hold_it(threem: SimulatedThreeMPad, client: serial.Serial):
    threem.lay(book(memory=bytes.fromhex("11010131313232333334340000000000000000513E44453730350000000000")))
    uid = bytes.fromhex(NOVEL)
    answers = []
    for request in (
        BEGIN,
        THREEM_BY_NAME["ext_info_2"].request,
        Request(0xFE, b"\x00\x05").to_bytes(),
        Request(0x02, uid + b"\x00\x08").to_bytes(),
        Request(0x02, uid + b"\x00\x08\x05").to_bytes(),
        Request(0x0A, uid).to_bytes(),
        Request(0x09, uid + b"\xc2").to_bytes(),
        Request(0x0A, uid).to_bytes(),
    ):
        client.write(request)
        answers.append(heard(client))

    assert answers[:3] == [BEGUN, THREEM_BY_NAME["ext_info_2"].reply, THREEM_BY_NAME["inventory_one"].reply]
    assert [len(answers[3]), len(answers[4])] == [3 + 2 + 8 + 1 + 8 * 6 + 2, 3 + 2 + 8 + 2 + 8 * 5 + 2]
    assert [Reply.from_bytes(answers[at]).fields[8:] for at in (5, 6, 7)] == [b"\x07", b"", b"\xc2"]


@pytest.mark.parametrize("cut", [1, 3, 7])
@pytest.mark.parametrize("pause", [0.0, 0.03])
def test_a_request_may_come_in_pieces(client: serial.Serial, cut: int, pause: float):
    client.write(INVENTORY[:cut])
    client.flush()
    time.sleep(pause)
    client.write(INVENTORY[cut:])

    assert heard(client) == NOBODY


@pytest.mark.parametrize("before", ["00", "FF FF", "D6 00 05 FE", "D5", "D6 00 05 FE 00 05 FA 41"])
def test_what_came_before_a_request_does_not_hide_it(client: serial.Serial, before: str):
    client.write(bytes.fromhex(before))
    client.write(INVENTORY)

    assert heard(client) == NOBODY


def test_a_request_sent_while_the_pad_works_is_lost_and_the_next_is_heard(client: serial.Serial):
    client.timeout = 0.3
    client.write(INVENTORY + THREEM_BY_NAME["spec_version"].request)
    answers = client.read(200)
    client.write(BEGIN)

    assert answers == NOBODY
    assert heard(client) == BEGUN


def test_a_request_sent_the_moment_the_answer_is_there_is_heard(client: serial.Serial):
    for _ in range(50):
        client.write(INVENTORY)
        assert heard(client) == NOBODY


def test_a_bad_check_is_met_with_silence(client: serial.Serial):
    client.timeout = 0.2
    client.write(INVENTORY[:-1] + b"\x00")

    assert client.read(1) == b""


def test_a_tag_lifted_between_two_requests_is_gone(threem: SimulatedThreeMPad, client: serial.Serial):
    threem.lay(book())
    threem.tear(NOVEL, at_request=2)
    client.write(INVENTORY)
    first = heard(client)
    client.write(Request(0x0A, bytes.fromhex(NOVEL)).to_bytes())

    assert first == THREEM_BY_NAME["inventory_one"].reply
    assert Reply.from_bytes(heard(client)) == Reply(0x0A, 0x06, bytes.fromhex(NOVEL))


def test_in_real_time_an_inventory_takes_what_wire_and_air_take():
    stack = STACK[:3]
    reply = 10 + 8 * len(stack)
    air = air_time.inventory_ms(stack) + 3 * air_time.stay_quiet_ms() + air_time.inventory_ms(())
    model = (air_time.wire_ms(len(INVENTORY) + reply, 19200, 10) + air) / 1000

    with (
        SimulatedThreeMPad([book(uid) for uid in stack], realtime=19200) as simulated,
        serial.Serial(simulated.port, 19200, timeout=2) as client,
    ):
        begun = time.perf_counter()
        client.write(INVENTORY)
        told = client.read(reply)
        lasted = time.perf_counter() - begun

    assert len(told) == reply
    assert lasted >= model


@given(st.integers(0, 255), st.binary(max_size=80), st.sampled_from([0xD6, 0xD5]))
def test_whatever_a_3m_pad_is_asked_it_answers_with_a_frame_or_not_at_all(command: int, fields: bytes, start: int):
    firmware = ThreeMFirmware(TagField([book(), book(STACK[0])]))

    answered = firmware.respond(Request(command, fields, start).to_bytes())

    if answered is not None:
        assert Reply.from_bytes(answered[0]).command == command


@given(st.sampled_from([*range(16), 0xFE]), st.binary(max_size=40))
def test_whatever_is_asked_of_a_tag_it_answers_with_its_address(command: int, fields: bytes):
    firmware = ThreeMFirmware(TagField([book(), book(STACK[0])]))

    answered = firmware.respond(Request(command, bytes.fromhex(NOVEL) + fields).to_bytes())

    reply = Reply.from_bytes(answered[0])
    assert command in {0x00, 0xFE} or reply.fields[:8] == bytes.fromhex(NOVEL)


@given(st.binary(max_size=60))
def test_no_bytes_at_all_stop_a_3m_pad(raw: bytes):
    try:
        Request.from_bytes(raw)
    except FrameError:
        assert ThreeMFirmware(TagField([book()])).respond(raw) is None


@given(st.binary(max_size=40) | st.binary(min_size=2, max_size=40).map(lambda raw: raw.hex().encode()))
def test_whatever_line_an_elatec_device_is_sent_it_answers_with_a_line(line: bytes):
    firmware = ElatecFirmware(TagField([book(), book(STACK[0])]))

    answered = firmware.respond(line.replace(b"\r", b"").replace(b"\n", b"") + b"\r")

    if answered is not None:
        assert bytes.fromhex(answered[0].decode().removesuffix("\r"))
        assert answered[0].endswith(b"\r")


def test_a_person_may_type_a_line_slowly_into_a_terminal():
    with SimulatedElatecPad([book()]) as simulated, serial.Serial(simulated.port, 9600, timeout=1) as terminal:
        terminal.write(b"0500")
        time.sleep(0.3)
        terminal.write(b"10\r")

        assert terminal.read_until(b"\r") == f"0001824008{NOVEL}\r".encode()


@pytest.mark.parametrize(
    ("firmware", "frame", "writes"),
    [
        (ThreeMFirmware(TagField()), THREEM_BY_NAME["afi_DA"].request, True),
        (ThreeMFirmware(TagField()), THREEM_BY_NAME["spec_eas_control"].request, True),
        (ThreeMFirmware(TagField()), THREEM_BY_NAME["spec_get_afi"].request, False),
        (ThreeMFirmware(TagField()), b"\x00", False),
        (ElatecFirmware(TagField()), b"0D00222709A1B2C3D4E5F6A7B8C2FF\r", True),
        (ElatecFirmware(TagField()), b"0D0022A20904A1B2C3D4E5F6A7B8FF\r", True),
        (ElatecFirmware(TagField()), b"0D00222B08A1B2C3D4E5F6A7B8FF\r", False),
        (ElatecFirmware(TagField()), b"zz\r", False),
        (FeigFirmware(PROFILES["mr102"], TagField()), BY_NAME["write_afi_checked_out"].request, True),
        (FeigFirmware(PROFILES["mr102"], TagField()), BY_NAME["read_8_blocks"].request, False),
        (FeigFirmware(PROFILES["mr102"], TagField()), b"\x05", False),
    ],
)
def test_a_pad_knows_which_requests_the_gate_will_hear_of(firmware: PadFirmware, frame: bytes, writes: bool):
    assert firmware.writes_gate(frame) is writes
