"""`kiosk blackbox`: the file for support of a station that need not run for it."""

import shutil
import zipfile
from pathlib import Path

from click.testing import CliRunner

from kiosk.cli.blackbox import blackbox
from tests.stand import CONFIG


def test_a_station_that_does_not_run_still_has_a_black_box(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    branch = folder / "branches" / "music.toml"
    place = f'\n[store]\npath = "{tmp_path / "station.db"}"\nballast_mb = 0\n\n[pin]\npepper_file = "/etc/a-secret"\n'
    branch.write_text(branch.read_text(encoding="utf-8") + place, encoding="utf-8")
    box = tmp_path / "box.zip"

    done = CliRunner().invoke(blackbox, [str(box), "--config", str(folder), "--branch", "music"])

    assert done.exit_code == 0, done.output
    kept = zipfile.ZipFile(box)
    whole = "".join(kept.read(name).decode() for name in kept.namelist())
    assert '"ledger_check": "ok"' in whole
    assert "does not run" in kept.read("devices.json").decode()
    assert "a-secret" not in whole


def test_a_branch_nobody_knows_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(blackbox, [str(tmp_path / "x"), "--config", str(CONFIG), "--branch", "nowhere"])

    assert done.exit_code == 1
    assert "nowhere" in done.output
