"""`kiosk simulate card`, as a process of its own, seen by the real driver."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from drivers.card_readers.pcsc import PcscCardReader, PcscSettings
from drivers.card_readers.virtual_card import VirtualCard
from kiosk.cli.simulate_card import CardControls, card
from kiosk.devices import CardFailed, CardFault, CardInserted, CardTaken
from tests.pcsc_bench import SOON, PcscBench

ROOT = Path(__file__).parents[2]
RUN = [sys.executable, "-c", "from kiosk.cli.simulate_card import card; card()"]


@contextmanager
def simulated(*options: str, stdin: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*RUN, *options], stdin=stdin, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT)
    with process:
        try:
            yield process
        finally:
            process.terminate()


def order(process: subprocess.Popen[str], line: str) -> str:
    process.stdin.write(line + "\n")
    return process.stdout.readline().strip()


def test_a_card_with_its_own_service_is_read_lifted_and_changed() -> None:
    with simulated("--number", "L0001", "--pcscd") as process:
        _, _, socket = process.stdout.readline().strip().partition("PCSCLITE_CSOCK_NAME=")
        card_reader = PcscCardReader(PcscSettings(socket=socket, settle=0.1))
        try:
            assert card_reader.wait(SOON).card.number == "L0001"

            assert order(process, "remove") == "ok removed"
            assert isinstance(card_reader.wait(SOON), CardTaken)

            assert order(process, "number L0002") == "ok number L0002 from the next insert on"
            assert order(process, "tear 3").startswith("ok torn away")
            assert order(process, "insert") == "ok inserted"
            failed = card_reader.wait(SOON)
            assert isinstance(failed, CardFailed)
            assert failed.fault == CardFault.TORN
            assert isinstance(card_reader.wait(SOON), CardTaken)

            order(process, "tear off")
            order(process, "insert")
            assert card_reader.wait(SOON).card.number == "L0002"
        finally:
            card_reader.close()

        assert order(process, "quit") == "ok bye"
        assert process.wait(SOON) == 0


@pytest.mark.parametrize("asked_to_end", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_serving_without_input_and_takes_its_service_along(asked_to_end: signal.Signals) -> None:
    with simulated("--pcscd", stdin=subprocess.DEVNULL) as process:
        _, _, socket = process.stdout.readline().strip().partition("=")
        card_reader = PcscCardReader(PcscSettings(socket=socket))
        assert isinstance(card_reader.wait(SOON), CardInserted)
        card_reader.close()
        services = psutil.Process(process.pid).children()

        process.send_signal(asked_to_end)

        assert process.wait(SOON) == 0
        assert len(services) == 1
        assert not services[0].is_running()
        assert not Path(socket).parent.exists()


def test_it_lays_its_card_on_the_port_it_is_given(bench: PcscBench) -> None:
    card_reader = bench.open()
    port = str(bench.pcscd.slots[0].port)

    with simulated("--port", port, "--away") as process:
        assert process.stdout.readline() == f"127.0.0.1:{port}\n"
        assert card_reader.wait(0.2) is None
        order(process, "insert")

        assert isinstance(card_reader.wait(SOON), CardInserted)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "1"], "no virtual card reader listens on port 1"),
        (["--uid", "04"], "4, 7, 8 or 10 bytes"),
        (["--uid", "no hex"], "hexadecimal"),
        (["--number", "Л1"], "1 to 32"),
        (["--atr", ""], "1 to 64 bytes"),
        (["--pcscd", "--port", "35963"], "chooses its own port"),
    ],
)
def test_what_cannot_be_is_said_in_words(options: list[str], words: str) -> None:
    outcome = CliRunner().invoke(card, options)

    assert outcome.exit_code != 0
    assert words in outcome.output


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", "ok"),
        ("show", "ok away, port 1, uid 04A1B2C3D4E5F6, number L1, 0 commands"),
        ("SHOW", "ok away, port 1, uid 04A1B2C3D4E5F6, number L1, 0 commands"),
        ("remove", "ok removed"),
        ("delay 20", "ok answers 20 ms late"),
        ("cut 1", "ok answers cut to 1 bytes"),
        ("uid", "error: 'uid': too many words or too few"),
        ("uid 04", "error: 'uid 04': a UID has 4, 7, 8 or 10 bytes"),
        ("number L 1", "error: 'number L 1': too many words or too few"),
        ("tear 0", "error: 'tear 0': '0' is not a number from 1 on"),
        ("atr zz", "error: 'atr zz': non-hexadecimal"),
        ("insert", "error: 'insert': [Errno 111]"),
        ("eat", "error: 'eat' is no command; there are: insert, remove"),
    ],
)
def test_every_control_line_is_answered_with_one_line(line: str, answer: str) -> None:
    said = CardControls(VirtualCard(1, number="L1")).obey(line)

    assert said.startswith(answer)
    assert "\n" not in said


def test_a_line_that_cannot_be_done_changes_nothing() -> None:
    virtual = VirtualCard(1, number="L1")
    before = (virtual.uid, virtual.number, virtual.atr, virtual.tear_at, virtual.cut_to, virtual.delay)

    for line in ("uid 04", "number -_-", "atr", "atr zz", "tear x", "cut 0", "delay -1"):
        assert CardControls(virtual).obey(line).startswith("error")

    assert (virtual.uid, virtual.number, virtual.atr, virtual.tear_at, virtual.cut_to, virtual.delay) == before
