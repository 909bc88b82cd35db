"""`kiosk doctor`: its exit code and its words."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from kiosk.cli.doctor import doctor

CONFIG = Path(__file__).parents[2] / "config"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(doctor, arguments, env={"KIOSK_BRANCH": None, "KIOSK_CONFIG": None})


def test_a_sound_computer_with_the_shipped_settings_passes() -> None:
    result = run("--config", str(CONFIG))

    assert result.exit_code == 0, result.output
    assert "ok    settings of central:" in result.output


def test_a_station_without_its_devices_fails_and_every_failure_says_how_to_mend_it(tmp_path: Path) -> None:
    result = run("--config", str(CONFIG), "--branch", "children-2", "--json")

    findings = [json.loads(line) for line in result.stdout.splitlines()]
    failed = {finding["check"]: finding for finding in findings if finding["level"] == "failed"}
    assert result.exit_code == 1
    assert "pad port" in failed
    assert all(finding["remedy"] for finding in failed.values())


def test_settings_that_cannot_be_used_are_told_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "network.toml").write_text("", encoding="utf-8")
    (tmp_path / "branches").mkdir()
    (tmp_path / "branches" / "north.toml").write_text("[branch]\nid = 7\n", encoding="utf-8")

    result = run("--config", str(tmp_path))

    assert result.exit_code == 1
    assert "FAIL  settings of north:" in result.output
    assert "branches/north.toml" in result.output
