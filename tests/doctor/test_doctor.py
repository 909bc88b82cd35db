"""The doctor's findings: what is sound, what is worrying, what fails, and that every complaint has a remedy."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from kiosk.devices import DeviceLost
from kiosk.doctor import (
    Finding,
    Level,
    check_browser,
    check_clock,
    check_device,
    check_disk_speed,
    check_libraries,
    check_port,
    check_python,
    check_room,
    examine_machine,
    examine_store,
)
from tests.privileges import ordinary_user

GB = 1 << 30


def full_disk() -> float:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("finding", "level"),
    [
        (check_python((3, 11)), Level.GOOD),
        (check_python((3, 10)), Level.FAILED),
        (check_python((3, 14)), Level.FAILED),
        (check_libraries(), Level.GOOD),
        (check_libraries("no-such-program"), Level.FAILED),
        (check_clock(now=2e9, installed_at=1.7e9), Level.GOOD),
        (check_clock(now=0.0, installed_at=1.7e9), Level.FAILED),
        (check_browser("/nonexistent"), Level.WORRYING),
        (check_disk_speed(lambda: 0.004), Level.GOOD),
        (check_disk_speed(lambda: 0.4), Level.WORRYING),
        (check_disk_speed(full_disk), Level.FAILED),
        (check_room(5 * GB), Level.GOOD),
        (check_room(GB // 2), Level.WORRYING),
        (check_room(1 << 20), Level.FAILED),
    ],
)
def test_a_check_tells_sound_from_worrying_from_failed_and_says_how_to_mend(finding: Finding, level: Level) -> None:
    assert finding.level is level
    assert bool(finding.remedy) == (level is not Level.GOOD)


def test_this_very_computer_runs_the_program() -> None:
    findings = list(examine_machine())

    assert {finding.check for finding in findings} == {"python", "libraries", "clock", "time service", "browser"}
    assert Level.FAILED not in {finding.level for finding in findings}


def test_a_folder_for_the_database_is_measured_and_left_as_it_was(tmp_path: Path) -> None:
    findings = {finding.check: finding for finding in examine_store(tmp_path / "station.db")}

    assert set(findings) == {"database", "disk room", "disk speed"}
    assert findings["database"].level is Level.GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    (finding,) = examine_store(tmp_path / "littera" / "station.db")

    assert finding.level is Level.FAILED
    assert finding.remedy == f"mkdir -p {tmp_path / 'littera'}"


def test_a_database_of_somebody_else_names_the_command_that_gives_it() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)

        with ordinary_user():
            (finding,) = examine_store(Path(folder) / "station.db")

    assert finding.level is Level.FAILED
    assert finding.remedy.startswith("give it to this account: chown -R ")


@pytest.mark.parametrize(("port", "level"), [("/dev/null", Level.GOOD), ("/dev/littera-nothing", Level.FAILED)])
def test_a_port_is_there_or_the_finding_says_how_to_look_for_it(port: str, level: Level) -> None:
    finding = check_port("pad", port)

    assert finding is not None
    assert finding.level is level
    assert ("`kiosk devices list`" in finding.remedy) == (level is Level.FAILED)


@pytest.mark.parametrize("port", ["", "tcp://192.168.1.50:9100"])
def test_what_is_no_path_is_no_port_to_look_at(port: str) -> None:
    assert check_port("printer", port) is None


def test_a_device_that_answers_is_named_and_let_go() -> None:
    simulated = SimulatedEscposPrinter()

    finding = check_device("printer", lambda: EscposPrinter(EscposSettings(simulated.path)))

    assert finding == Finding("printer", Level.GOOD, f"ESC/POS TM-T20II {simulated.path}")
    EscposPrinter(EscposSettings(simulated.path)).close()
    simulated.unplug()


def test_a_device_that_is_lost_fails_with_its_own_words() -> None:
    def lost() -> EscposPrinter:
        raise DeviceLost("printer /dev/lp0 does not answer")

    finding = check_device("printer", lost)

    assert finding.level is Level.FAILED
    assert finding.seen == "printer /dev/lp0 does not answer"
    assert "stop it first" in finding.remedy
