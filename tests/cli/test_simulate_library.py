"""`kiosk simulate library`, run as a person runs it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.cli.simulate_library import _settings
from kiosk.sip2_simulator.manner import manner_names
from tests.sip2_simulator.terminal import NOW, Terminal, numbered

CARD, ITEM = "20000017", "0012300148"


@pytest.fixture
def process() -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-m", "kiosk", "simulate", "library", "--port", "0", "--login", "kiosk:secret"]
    with subprocess.Popen([*words, "--fault", "slow 0 on 99"], stdin=-1, stdout=-1, text=True) as made:
        yield made
        made.kill()


class Port:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.port = int(process.stdout.readline())


def say(process: "subprocess.Popen[str]", line: str) -> str:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_it_tells_what_it_hears_masked_and_does_what_it_is_told(process: "subprocess.Popen[str]") -> None:
    port = Port(process)
    with Terminal(port) as terminal:
        terminal.log_in()
        assert process.stdout.readline().strip() == "93 login  ->  94 yes"
        terminal.socket.sendall(numbered(f"11NN{NOW}{NOW}AOcentral|AA{CARD}|AB{ITEM}|AC|AD2580|", 1))
        terminal.line()
        heard = process.stdout.readline().strip()
        assert heard.startswith(f"11 lend {ITEM} to …017 with a PIN  ->  12 lent until")
        assert CARD not in heard
        assert "Ковальчук" not in heard
    assert say(process, "faults") == "ok slow 0 on 99 next 1"
    assert say(process, "mend") == "ok nothing is wrong"
    assert say(process, "fault cut on 11").startswith("ok cut on 11 next 1")
    assert "lend 0012300148 …017" in say(process, "deeds")
    assert "lent to …017 until" in say(process, f"show {ITEM}")
    assert say(process, f"block {CARD}") == "ok blocked"
    assert say(process, "restart").startswith("ok listens on port")
    assert say(process, "").startswith("ok")
    assert say(process, "fault rain").startswith("error: 'fault rain': 'rain' is no fault")
    assert say(process, "show").startswith("error: 'show': something is missing")
    assert say(process, "dance").startswith("error: 'dance' is no command")
    assert say(process, "quit") == "ok bye"
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--fault", "rain"], "is no fault"),
        (["--charset", "klingon"], "no character set"),
        (["--set", "wires.charset=utf-8"], "no part 'wires'"),
        (["--set", "wire.charsett=utf-8"], "charsett"),
        (["--set", "utf-8"], "part.key=value"),
        (["--tls", "README.md"], "no certificate"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_a_mistake_is_told_in_one_line(words: list[str], told: str) -> None:
    result = CliRunner().invoke(main, ["simulate", "library", "--port", "0", *words])
    assert result.exit_code == 1
    assert told in result.output


def test_any_setting_of_a_manner_can_be_changed() -> None:
    told = _settings(("session.telnet=true", 'lending.due="%d.%m.%Y"', "wire.charset=cp866", "wire.first_segment=3"))

    assert told == {
        "session": {"telnet": True},
        "lending": {"due": "%d.%m.%Y"},
        "wire": {"charset": "cp866", "first_segment": 3},
    }


def test_the_help_names_every_manner() -> None:
    result = CliRunner().invoke(main, ["simulate", "library", "--help"])
    assert all(name in result.output for name in manner_names())
