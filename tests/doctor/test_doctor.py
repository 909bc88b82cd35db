"""The doctor's findings: what is sound, what is worrying, what fails, and that every complaint has a remedy."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from drivers.printers.escpos import EscposPrinter, EscposSettings
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from kiosk.devices import DeviceLost, PaperState
from kiosk.doctor.devices import check_device, check_port, devices_at_work
from kiosk.doctor.finding import Finding, Level
from kiosk.doctor.machine import (
    check_browser,
    check_clock,
    check_fonts,
    check_libraries,
    check_python,
    check_time_service,
    examine_machine,
)
from kiosk.doctor.store import check_disk_speed, check_durable, check_room, check_secrets, examine_store
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
        (check_time_service("yes"), Level.GOOD),
        (check_time_service("no"), Level.WORRYING),
        (check_time_service(None), Level.WORRYING),
        (check_fonts("Noto Sans\nNoto Serif"), Level.GOOD),
        (check_fonts(""), Level.WORRYING),
        (check_fonts(None), Level.WORRYING),
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
    assert finding.why


def test_this_very_computer_runs_the_program() -> None:
    findings = list(examine_machine())

    looked_at = {"python", "libraries", "clock", "time service", "browser", "fonts"}
    assert {finding.check for finding in findings} == looked_at
    assert Level.FAILED not in {finding.level for finding in findings}


def test_a_folder_for_the_database_is_measured_and_left_as_it_was(tmp_path: Path) -> None:
    findings = {finding.check: finding for finding in examine_store(tmp_path / "station.db")}

    assert set(findings) == {"database", "disk", "secrets", "disk room", "disk speed"}
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
            finding = next(iter(examine_store(Path(folder) / "station.db")))

    assert finding.level is Level.FAILED
    assert "chown -R nobody" in finding.remedy or os.geteuid() != 0


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


# ---- what the ledger lies on --------------------------------------------------------------------------------------

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
30 22 0:25 / /run rw,nosuid - tmpfs tmpfs rw,size=1g
31 22 179:2 / /card rw - ext4 /dev/mmcblk0p2 rw
32 22 8:1 / /stick rw - vfat /dev/sda1 rw
33 22 8:2 / /fast rw - ext4 /dev/sdb1 rw,nobarrier
34 22 0:40 / /box rw - overlay overlay rw,lowerdir=/l
35 22 8:3 / /with\\040space rw - xfs /dev/sdc1 rw
36 31 0:41 / /card/memory rw - tmpfs none rw
"""


@pytest.mark.parametrize(
    ("folder", "level", "says"),
    [
        ("/var/lib/littera", Level.GOOD, "ext4 on /dev/vda1"),
        ("/with space/littera", Level.GOOD, "xfs on /dev/sdc1"),
        ("/run/littera", Level.FAILED, "in memory"),
        ("/card/memory/littera", Level.FAILED, "in memory"),
        ("/stick/littera", Level.FAILED, "vfat"),
        ("/fast/littera", Level.FAILED, "without barriers"),
        ("/card/littera", Level.WORRYING, "memory card"),
        ("/box/littera", Level.WORRYING, "overlay"),
    ],
)
def test_a_ledger_lies_where_it_outlives_a_power_cut(folder: str, level: Level, says: str) -> None:
    finding = check_durable(Path(folder), MOUNTS)

    assert finding.level is level
    assert says in finding.seen
    assert bool(finding.remedy) == (level is not Level.GOOD)


def test_where_nobody_can_say_what_it_lies_on_that_is_said() -> None:
    assert check_durable(Path("/var/lib/littera"), "").level is Level.WORRYING


@pytest.mark.parametrize(("mode", "level"), [(0o600, Level.GOOD), (0o640, Level.FAILED), (0o604, Level.FAILED)])
def test_a_key_others_may_read_is_told(tmp_path: Path, mode: int, level: Level) -> None:
    key = tmp_path / "station.db.key"
    key.touch(mode=mode)
    key.chmod(mode)

    finding = check_secrets(tmp_path / "station.db")

    assert finding.level is level
    assert (f"chmod 600 {key}" == finding.remedy) == (level is Level.FAILED)


# ---- devices and whose they are -------------------------------------------------------------------------------------


def test_a_port_the_account_may_not_use_names_the_group_to_join(tmp_path: Path) -> None:
    port = tmp_path / "littera-pad"
    port.touch()
    port.chmod(0o600)

    finding = check_port("pad", str(port), "daemon")

    assert finding is not None
    assert finding.level is Level.FAILED
    assert f"usermod -aG {port.group()} daemon" in finding.remedy


def test_a_device_without_its_name_is_offered_one(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB3").touch()

    finding = check_port("pad", str(tmp_path / "littera-pad"))

    assert finding is not None
    assert f"if it is {tmp_path}/ttyUSB3, give it its name: SUBSYSTEM==" in finding.remedy
    assert 'SYMLINK+="littera-pad"' in finding.remedy


def test_a_running_station_is_asked_how_its_devices_are() -> None:
    told = """\
# TYPE littera_station_device_ok gauge
littera_station_device_ok{driver="feig",kind="pad"} 1.0
littera_station_device_ok{driver="pcsc",kind="card-reader"} 0.0
"""
    pad, card_reader = devices_at_work(told)

    assert (pad.check, pad.level) == ("pad", Level.GOOD)
    assert (card_reader.check, card_reader.level) == ("card reader", Level.FAILED)
    assert "journalctl -u littera-station" in card_reader.remedy


@pytest.mark.parametrize(
    ("state", "level", "remedy"),
    [
        (PaperState.GOOD, Level.GOOD, ""),
        (PaperState.LOW, Level.WORRYING, "have a new roll at hand"),
        (PaperState.OUT, Level.FAILED, "put in a new roll"),
        (PaperState.COVER_OPEN, Level.FAILED, "close it"),
        (PaperState.JAMMED, Level.FAILED, "switch it off, clear the cutter, switch it on"),
    ],
)
def test_how_a_printer_is_is_said_whether_the_station_runs_or_not(state: PaperState, level: Level, remedy: str) -> None:
    printer = SimulatedEscposPrinter()
    printer.firmware.cover_open = state is PaperState.COVER_OPEN
    printer.firmware.fault = state if state is PaperState.JAMMED else None
    if printer.firmware.fault is None and not printer.firmware.cover_open:
        printer.firmware.paper = state
    states = "\n".join(f'littera_station_printer{{state="{one}"}} {float(one is state)}' for one in PaperState)
    told = f'littera_station_device_ok{{driver="escpos",kind="printer"}} 1.0\n{states}\n'

    stopped = check_device("printer", lambda: EscposPrinter(EscposSettings(printer.path)))
    (running,) = devices_at_work(told)

    printer.unplug()
    assert (stopped.level, stopped.remedy) == (level, remedy)
    assert (running.level, running.remedy) == (level, remedy)
