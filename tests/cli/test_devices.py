"""`kiosk devices` against simulated devices: what a technician is told."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from drivers.barcode_scanners.scanner_simulator import SimulatedSerialScanner
from drivers.printers.escpos_simulator import SimulatedEscposPrinter
from drivers.tag_pads.elatec_simulator import SimulatedElatecPad
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.simulated_tags import SimulatedTag, normal_uid
from drivers.tag_pads.threem_simulator import SimulatedThreeMPad
from kiosk.cli.devices import devices


def run(*arguments: str) -> Result:
    return CliRunner().invoke(devices, arguments)


@pytest.fixture
def printer() -> Iterator[SimulatedEscposPrinter]:
    simulated = SimulatedEscposPrinter()
    yield simulated
    simulated.unplug()


@pytest.fixture
def pad() -> Iterator[SimulatedFeigPad]:
    with SimulatedFeigPad() as simulated:
        yield simulated


def test_a_printer_that_answers_is_named_with_the_settings_for_it(printer: SimulatedEscposPrinter) -> None:
    result = run("probe", printer.path)

    assert result.exit_code == 0
    assert f'[printer]\ndriver = "escpos"\n\n[printer.escpos]\nport = "{printer.path}"\n' in result.output


def test_a_pad_that_answers_is_named_with_the_settings_for_it(pad: SimulatedFeigPad) -> None:
    result = run("probe", pad.port, "--json")

    found = json.loads(result.output)
    assert (found["driver"], found["options"]) == ("feig", {"port": pad.port, "parity": "E"})
    assert "MR102" in found["facts"]["model"]


def test_a_port_that_is_not_there_is_an_error_that_says_what_to_do() -> None:
    result = run("probe", "/dev/no-such-port")

    assert result.exit_code == 1
    assert "is it switched on and plugged in" in result.output


def test_the_list_is_json_for_programs_and_never_fails_for_a_missing_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")

    result = run("list", "--json")

    assert result.exit_code == 0
    assert {"ports", "card_readers", "pcsc"} == set(json.loads(result.stdout))


def test_a_tag_laid_on_the_pad_is_told_with_what_it_says(pad: SimulatedFeigPad) -> None:
    pad.lay(SimulatedTag(normal_uid("E00401003123AA26")))

    result = run("watch", "--pad", pad.port, "--driver", "feig", "--no-cards", "--for", "0.5", "--json")

    told: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert "MR102" in told[0]["watching"]
    assert told[1]["tag"] == "E00401003123AA26"


def test_what_is_scanned_is_told(tmp_path: Path) -> None:
    scanner = SimulatedSerialScanner(tmp_path / "scanner")
    later = threading.Timer(0.2, scanner.scan, ["]C031234"])
    later.start()

    result = run("watch", "--scanner", scanner.path, "--no-cards", "--for", "1.0", "--json")

    later.join()
    scanner.unplug()
    assert json.loads(result.stdout.splitlines()[1]) == {"scanned": "31234", "kind": "C0"}


def test_there_must_be_something_to_watch() -> None:
    result = run("watch", "--no-cards")

    assert result.exit_code == 2
    assert "there is nothing to watch" in result.output


def test_a_3m_pad_that_answers_is_named_with_the_settings_for_it() -> None:
    with SimulatedThreeMPad() as simulated:
        result = run("probe", simulated.port)

        assert result.exit_code == 0
        assert f'[pad]\ndriver = "threem"\n\n[pad.threem]\nport = "{simulated.port}"' in result.output


def test_a_pad_nobody_named_the_driver_of_is_found_out_and_watched() -> None:
    with SimulatedThreeMPad([SimulatedTag(normal_uid("E00401003123AA26"))]) as simulated:
        result = run("watch", "--pad", simulated.port, "--no-cards", "--for", "0.3", "--json")

    told: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert told[0] == {"watching": "3M 210/810"}
    assert told[1]["tag"] == "E00401003123AA26"


def test_an_elatec_device_that_answers_is_named_with_the_settings_for_it() -> None:
    with SimulatedElatecPad() as simulated:
        found = json.loads(run("probe", simulated.port, "--json").output)

        assert (found["driver"], found["options"]) == ("elatec", {"port": simulated.port})
