"""`kiosk devices conform` as a technician runs it: asked for books and plugs, told in plain words."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.tag_pads.protocols import AnySimulatedPad
from drivers.tag_pads.threem_simulator import SimulatedThreeMPad
from kiosk.cli.devices import devices
from kiosk.devices import PaperState
from tests.tag_pads.books import IN_LIBRARY, STACK, book

Deed = Callable[[], object]


class Technician(io.RawIOBase):
    """Does the next thing each time an answer is waited for, and presses Enter."""

    def __init__(self, deeds: list[Deed | None]) -> None:
        super().__init__()
        self._deeds = iter(deeds)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        deed = next(self._deeds, None)
        if deed is not None:
            deed()
        answer = b"s\n" if deed is None else b"\n"
        buffer[: len(answer)] = answer
        return len(answer)


@pytest.fixture
def pad(tmp_path: Path) -> Iterator[AnySimulatedPad]:
    with SimulatedThreeMPad(link=tmp_path / "pad") as simulated:
        yield simulated


def conform(pad: AnySimulatedPad, *arguments: str, deeds: list[Deed | None] = []) -> Result:  # noqa: B006 - read only
    runner = CliRunner()
    told = ("conform", pad.port or str(pad._link), "--driver", "threem", *arguments)
    return runner.invoke(devices, told, input=io.BufferedReader(Technician(deeds), buffer_size=8))


def laying(pad: AnySimulatedPad, count: int) -> Deed:
    def lay() -> None:
        pad.lift_all()
        pad.lay(*(book(uid) for uid in STACK[:count]))

    return lay


def test_a_pad_is_checked_with_the_books_a_technician_lays(pad: AnySimulatedPad):
    books = [laying(pad, count) for count in (0, 1)]
    after_locked = [laying(pad, count) for count in (0, 1, 0, 1, 3, 1)]

    result = conform(pad, deeds=[*books, None, *after_locked, pad.unplug, pad.plug])

    assert "FAIL" not in result.output
    assert result.exit_code == 0
    assert "> Lay exactly one book on the pad, flat, and nothing else, then press Enter" in result.output
    assert "ok    the AFI written is the one read back, both ways" in result.output
    assert "skip  a locked AFI is told as locked, and stays (nobody has a tag whose AFI is locked)" in result.output
    assert "keeps what was checked of the contract: " in result.output
    assert {tag.afi for tag in pad.laid()} == {IN_LIBRARY}


def test_what_fails_says_what_was_found_and_what_it_means(pad: AnySimulatedPad):
    pad.lay(book())

    result = conform(pad, deeds=[lambda: None])  # a book was forgotten on the pad

    assert result.exit_code == 1
    assert "FAIL  an empty pad holds nothing" in result.output
    assert "found: one tag told for 2 s, while no tag lay there" in result.output
    assert "means: books nobody laid there would be lent or taken back" in result.output
    assert "does not keep the contract" in result.output


def test_without_hands_only_what_needs_none_is_checked_and_programs_can_read_it(pad: AnySimulatedPad):
    result = conform(pad, "--no-hands", "--json")

    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert {"check": "absent_is_gone", "outcome": "met"}.items() <= told[1].items()
    assert told[-1]["driver"] == "threem"
    assert told[-1]["unmet"] == 0


def test_a_port_nothing_answers_on_is_an_error_that_says_what_to_do():
    result = CliRunner().invoke(devices, ["conform", "/dev/no-such-port", "--driver", "threem"])

    assert result.exit_code == 1
    assert "check the cable and `port`" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--driver", "threee"], "did you mean"), (["--driver", "threem", "--option", "x"], "KEY=VALUE")],
)
def test_a_wrong_word_is_answered_with_the_right_one(arguments: list[str], words: str):
    result = CliRunner().invoke(devices, ["conform", "/dev/null", *arguments])

    assert result.exit_code != 0
    assert words in result.output


def test_a_printer_is_checked_with_somebody_who_looks_at_it(tmp_path: Path):
    printer = SimulatedEscposPrinter(link=tmp_path / "printer")

    def take_paper() -> None:
        printer.firmware.paper = PaperState.OUT

    nothing: Deed = lambda: None  # noqa: E731 - a deed without a name
    technician = Technician([nothing, take_paper, printer.refill, nothing, printer.unplug, printer.plug])
    result = CliRunner().invoke(
        devices, ["conform", printer.path, "--driver", "escpos"], input=io.BufferedReader(technician, buffer_size=8)
    )
    slips = len(printer.firmware.slips)
    printer.unplug()

    assert result.exit_code == 0
    assert "ok    without paper it refuses, and prints nothing of it later" in result.output
    assert "7 met, 0 not met, 0 not checked" in result.output
    assert slips == 2
