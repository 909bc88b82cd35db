"""The simulated pad as any client meets it: a port, bytes, time."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.tag_pads import air_time
from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Code, Reply, Request
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_pad import Direction
from tests.tag_pads.books import MEMORY, NOVEL, ON_LOAN, STACK, book
from tests.tag_pads.clock import open_files
from tests.tag_pads.golden_frames import BY_NAME

INVENTORY = BY_NAME["inventory_std_no_tag"].request
NOBODY = BY_NAME["inventory_std_no_tag"].reply
BAUD = 38400


@pytest.fixture
def simulated() -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad() as simulated:
        yield simulated


@pytest.fixture
def client(simulated: SimulatedFeigPad) -> Iterator[serial.Serial]:
    with serial.Serial(simulated.port, BAUD, timeout=1) as client:
        yield client


@pytest.mark.parametrize("parity", ["N", "E", "O"])
def test_a_client_with_any_parity_is_served(simulated: SimulatedFeigPad, parity: str):
    with serial.Serial(simulated.port, BAUD, parity=parity, timeout=1) as client:
        client.write(INVENTORY)

        assert client.read(len(NOBODY)) == NOBODY


def test_clients_with_even_parity_may_come_and_go(simulated: SimulatedFeigPad):
    answers = []

    for _ in range(3):
        with serial.Serial(simulated.port, BAUD, parity="E", timeout=1) as client:
            client.write(INVENTORY)
            answers.append(client.read(len(NOBODY)))
        served = threading.Event()
        served.wait(0.15)  # the pad puts its port in order when the line is idle

    assert answers == [NOBODY] * 3


@pytest.mark.parametrize("cut", [1, 2, 6])
def test_a_request_may_come_in_pieces(client: serial.Serial, cut: int):
    client.write(INVENTORY[:cut])
    client.flush()
    client.write(INVENTORY[cut:])

    assert client.read(len(NOBODY)) == NOBODY


def test_noise_before_a_request_does_not_hide_it(client: serial.Serial):
    client.write(b"\xff\x07\x00" + INVENTORY)

    assert client.read(len(NOBODY)) == NOBODY


@pytest.mark.parametrize("request_", [INVENTORY[:-1] + b"\x00", Request(0x65, address=0x12).to_bytes()])
def test_a_bad_request_or_one_for_another_pad_is_not_answered(client: serial.Serial, request_: bytes):
    client.timeout = 0.3

    client.write(request_)

    assert client.read(1) == b""


def test_an_advanced_request_is_answered_advanced(client: serial.Serial):
    client.write(Request(Code.SOFTWARE_VERSION, advanced=True).to_bytes())

    reply = Reply.from_bytes(client.read(15))

    assert reply.advanced
    assert reply.body[4] == 77


def test_a_tag_leaves_in_the_middle_of_the_work(simulated: SimulatedFeigPad, client: serial.Serial):
    simulated.lay(book())
    simulated.tear(NOVEL, at_request=2)
    read = BY_NAME["read_8_blocks"].request

    client.write(read)
    first = client.read(48)
    client.write(read)
    second = client.read(6)

    assert first[3] == 0x00
    assert second == NOBODY


def test_everything_said_is_told_to_who_watches(simulated: SimulatedFeigPad, client: serial.Serial):
    seen: list[tuple[Direction, bytes]] = []
    answered = threading.Event()
    simulated.observe(lambda way, raw: (seen.append((way, raw)), answered.set() if way is Direction.FROM_PAD else None))

    client.write(INVENTORY)

    assert answered.wait(5)
    assert seen == [(Direction.TO_PAD, INVENTORY), (Direction.FROM_PAD, NOBODY)]


def test_unplugging_hangs_up_and_plugging_in_starts_from_eeprom(tmp_path: Path):
    link = tmp_path / "pad"
    with SimulatedFeigPad([book()], link=link) as simulated:
        with FeigOn(link) as pad:
            pad.inventory()
        set_up = dict(simulated.firmware.memory.records)

        simulated.unplug()
        gone = not link.exists()
        simulated.plug()

        assert gone
        assert link.exists()
        assert simulated.firmware.memory.records != set_up
    assert not link.is_symlink()


def test_a_link_never_replaces_a_file_somebody_needs(tmp_path: Path):
    precious = tmp_path / "thesis.txt"
    precious.write_text("words")
    before = open_files()

    with pytest.raises(FileExistsError):
        SimulatedFeigPad(link=precious)

    assert precious.read_text() == "words"
    assert open_files() == before


def test_a_pad_that_was_closed_leaves_no_file_and_no_thread():
    threads, files = threading.active_count(), open_files()

    with SimulatedFeigPad([book()]) as simulated:
        simulated.unplug()
        simulated.plug()

    assert (threading.active_count(), open_files()) == (threads, files)


class FeigOn:
    """A driver for as long as a test needs it."""

    def __init__(self, port: object) -> None:
        self._pad = FeigPad(FeigSettings(str(port)))

    def __enter__(self) -> FeigPad:
        return self._pad

    def __exit__(self, *_: object) -> None:
        self._pad.close()


# time


@pytest.mark.parametrize(
    ("request_", "reply", "air"),
    [
        (BY_NAME["read_8_blocks"].request, 48, air_time.read_blocks_ms(8)),
        (BY_NAME["write_afi_checked_out"].request, 6, air_time.write_afi_ms()),
        (BY_NAME["sysinfo_slix"].request, 19, air_time.system_description_ms()),
    ],
    ids=["read", "AFI", "read back"],
)
def test_in_real_time_a_command_takes_what_wire_and_air_take(request_: bytes, reply: int, air: float):
    model = (air_time.wire_ms(len(request_) + reply, BAUD) + air) / 1000

    with (
        SimulatedFeigPad([book()], realtime=BAUD) as simulated,
        serial.Serial(simulated.port, BAUD, timeout=2) as client,
    ):
        times = []
        for _ in range(5):
            time.sleep(0.006)  # the gap a pad wants
            begun = time.perf_counter()
            client.write(request_)
            assert len(client.read(reply)) == reply
            times.append(time.perf_counter() - begun)

    assert min(times) >= model
    assert min(times) <= model * 1.5


def test_in_real_time_a_request_sent_into_the_gap_is_not_heard():
    with (
        SimulatedFeigPad(realtime=BAUD) as simulated,
        serial.Serial(simulated.port, BAUD, timeout=0.3) as client,
    ):
        record = simulated.firmware.memory.interface.asking_for(gap_ms=200, response_time=1)
        simulated.firmware.memory.records[1] = record.record
        client.write(INVENTORY)
        heard = client.read(len(NOBODY))
        client.write(INVENTORY)
        deaf = client.read(len(NOBODY))
        client.write(INVENTORY)

        assert (heard, deaf) == (NOBODY, b"")
        assert client.read(len(NOBODY)) == NOBODY


def test_a_stack_takes_no_less_than_the_physical_limit():
    stack = STACK[:5]
    with SimulatedFeigPad(realtime=BAUD) as simulated, FeigOn(simulated.port) as pad:
        for uid in stack:
            simulated.lay(book(uid))
        begun = time.perf_counter()
        seen = pad.inventory()
        contents = [pad.read(uid).data for uid in seen]
        for uid in seen:
            pad.write_afi(uid, ON_LOAN)
        gates = {pad.read_gate(uid).afi for uid in seen}
        lasted = (time.perf_counter() - begun) * 1000

    assert lasted >= air_time.floor_ms(len(stack), BAUD).total
    assert contents == [MEMORY[:32]] * 5
    assert gates == {ON_LOAN}


def test_a_pad_slower_than_it_says_is_served_at_its_own_pace():
    with SimulatedFeigPad([book()], realtime=BAUD) as simulated:
        simulated.troubles.stubborn_gap = 0.005
        with FeigOn(simulated.port) as pad:
            assert pad.inventory() == {NOVEL}
            assert pad.read(NOVEL).data == MEMORY[:32]


def test_a_host_that_never_reads_does_not_hang_the_pad(simulated: SimulatedFeigPad):
    simulated.troubles.noise = bytes(4000)
    kept = os.open(simulated.port, os.O_RDWR | os.O_NOCTTY)

    for _ in range(10):
        os.write(kept, INVENTORY)
        threading.Event().wait(0.01)
    os.close(kept)

    simulated.unplug()
    assert simulated.port == ""
