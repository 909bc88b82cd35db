"""The command as a person or a script runs it: its own process, real pipes, a real port."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.tag_pads.elatec import ElatecPad, ElatecSettings
from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.threem import ThreeMPad, ThreeMSettings
from kiosk.devices import DeviceLost
from tests.tag_pads.books import NOVEL, ON_LOAN, STACK

COMMAND = (sys.executable, "-c", "from kiosk.cli.simulate_pad import pad; pad()")


class Running:
    """A simulated pad in its own process."""

    def __init__(self, *arguments: str, stdin: int = subprocess.PIPE) -> None:
        self.process = subprocess.Popen([*COMMAND, *arguments], stdin=stdin, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()

    def tell(self, line: str) -> str:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    path = tmp_path / "tags.json"
    away = [{"uid": uid, "laid": False} for uid in STACK[:2]]
    path.write_text(json.dumps([{"uid": NOVEL, "item_id": "11223344", "owner": "UA-12"}, *away]), encoding="utf-8")
    return path


@pytest.fixture
def running(tags: Path) -> Iterator[Running]:
    started = Running("--protocol", "feig", "--tags", str(tags))
    yield started
    started.close()


@pytest.fixture
def pad(running: Running) -> Iterator[FeigPad]:
    opened = FeigPad(FeigSettings(running.port))
    yield opened
    opened.close()


def test_the_first_line_is_a_port_a_driver_can_open(pad: FeigPad):
    assert pad.inventory() == {NOVEL}
    assert pad.read(NOVEL).data[3:11] == b"11223344"


def test_tags_are_laid_and_lifted_as_told(running: Running, pad: FeigPad):
    laid = running.tell("lay all")
    seen = pad.inventory()
    lifted = running.tell(f"lift {STACK[0]}")

    assert laid == "ok 3 laid, 3 on the pad"
    assert seen == {NOVEL, *STACK[:2]}
    assert lifted == "ok 1 lifted, 2 on the pad"


def test_what_a_driver_wrote_is_shown(running: Running, pad: FeigPad):
    pad.write_afi(NOVEL, ON_LOAN)

    assert f"{NOVEL} laid afi C2" in running.tell("show")


@pytest.mark.parametrize(
    "line",
    ["dance", "lay", "lay E004", f"lay {STACK[9]}", "silent maybe", "split x", "noise xyz", 'lay "', "lock all 99"],
)
def test_a_line_that_makes_no_sense_gets_help_and_breaks_nothing(running: Running, line: str):
    answer = running.tell(line)

    assert answer.startswith("error: ")
    assert "there are: lay UID...|all" in answer
    assert running.tell("lift all") == "ok 1 lifted, 0 on the pad"


@pytest.mark.parametrize("line", ["split 1", "noise 00 FF", "delay 20", "corrupt 1", "silent off", f"lock {NOVEL}", ""])
def test_every_trouble_can_be_made(running: Running, pad: FeigPad, line: str):
    assert running.tell(line).startswith("ok")
    assert pad.inventory() == {NOVEL}


def test_the_plug_is_pulled_and_put_back(running: Running, pad: FeigPad):
    assert running.tell("unplug") == "ok unplugged"
    with pytest.raises(DeviceLost):
        pad.inventory()
    port = running.tell("plug").removeprefix("ok ")

    again = FeigPad(FeigSettings(port))

    assert again.inventory() == {NOVEL}
    again.close()


@pytest.mark.parametrize("asked_to_end", [signal.SIGTERM, signal.SIGINT])
def test_the_end_of_input_does_not_end_the_pad(tags: Path, tmp_path: Path, asked_to_end: signal.Signals):
    link = tmp_path / "pad"
    running = Running("--tags", str(tags), "--link", str(link), stdin=subprocess.DEVNULL)

    pad = FeigPad(FeigSettings(running.port))
    seen = pad.inventory()
    pad.close()
    running.process.send_signal(asked_to_end)

    assert running.process.wait(10) == 0
    assert running.port == str(link)
    assert seen == {NOVEL}
    assert not link.is_symlink()
    running.close()


def test_quit_ends_it(running: Running):
    assert running.tell("quit") == "ok bye"
    assert running.process.wait(10) == 0


def test_a_wrong_file_is_told_before_anything_is_opened(tmp_path: Path):
    path = tmp_path / "tags.json"
    path.write_text('["E004"]', encoding="utf-8")

    told = subprocess.run([*COMMAND, "--tags", str(path)], capture_output=True, text=True, check=False)

    assert told.returncode == 1
    assert "tags.json: tag 1 (E004)" in told.stderr
    assert told.stdout == ""


def test_a_3m_pad_is_served_with_its_quirks(tags: Path):
    running = Running("--protocol", "3M", "--profile", "210", "--tags", str(tags))
    pad = ThreeMPad(ThreeMSettings(running.port))

    told = [running.tell(line) for line in ("quirk transient 2", "quirk duplicates on", "quirk", "quirk dance 1")]
    pad.write_afi(NOVEL, ON_LOAN)
    seen = pad.inventory()
    pad.close()

    assert pad.facts().firmware == "5.2.27"
    assert told[2] == "ok duplicates True, transient 2, read_style both"
    assert "it has: duplicates, transient, read_style" in told[3]
    assert seen == {NOVEL}
    assert f"{NOVEL} laid afi C2" in running.tell("show")
    running.close()


def test_a_feig_pad_has_no_quirks(running: Running):
    assert running.tell("quirk") == "ok no quirks"


def test_a_model_a_protocol_does_not_have_is_answered_with_those_it_has(tags: Path):
    told = subprocess.run(
        [*COMMAND, "--protocol", "threem", "--profile", "mr102", "--tags", str(tags)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert "there are: 810, 210" in told.stderr


def test_an_elatec_device_is_served(tags: Path):
    running = Running("--protocol", "elatec", "--tags", str(tags))
    pad = ElatecPad(ElatecSettings(running.port))

    seen = pad.inventory()
    running.tell("lift all")
    left = pad.inventory()
    pad.close()
    running.close()

    assert (seen, left) == ({NOVEL}, frozenset())
