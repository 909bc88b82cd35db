"""`kiosk release` from the maker's keys to a station's link, with a `systemctl` that starts what the link names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.releases.counter import Counter
from tests.releases.trees import UP, Computer, files_of

ROOT = Path(__file__).parents[2]
MADE = {
    "pyproject.toml": '[project]\nname = "littera-kiosk"\nversion = "7.0.0"\n',
    "requirements.txt": "# none\n",
    "config/deploy/requirements-build.txt": "# none\n",
    "config/deploy/setup.sh": "mkdir -p .venv/bin && cp program .venv/bin/kiosk && chmod 755 .venv/bin/kiosk\n",
}


def run(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, words in (files_of("7.0.0") | MADE).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    somebody = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*somebody, "commit", "-q", "-m", "seven")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    folder = tmp_path / "computer"
    folder.mkdir()
    one = Computer(folder)
    one.has("0.0.1", files_of("0.0.1", UP))
    systemctl = tmp_path / "bin/systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\n[ "$1" = stop ] || exec {one.home}/.venv/bin/kiosk run {one.said} {one.ledger}\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{systemctl.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHON", sys.executable)
    return one


def test_from_the_maker_s_key_to_a_station_at_work(project: Path, computer: Computer, tmp_path: Path) -> None:
    key, package = tmp_path / "release", tmp_path / "new.littera"
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    network = config / "network.toml"
    network.write_text(network.read_text().replace("/var/lib/littera/station.db", str(computer.ledger)))
    trust = ("--key", f"{key}.pub")

    run("release", "key", str(key))
    assert "7.0.0" in run(
        "release", "make", str(package), "--key", str(key), "--notes", "Нове", "--project", str(project)
    )
    assert "signed and whole\nНове" in run("release", "check", str(package), *trust)
    place = ("--config", str(config), "--branch", "central", "--station", "hall", "--home", str(computer.home))
    assert run("release", "install", str(package), *trust, *place) == "7.0.0 is at work\n"

    assert computer.at_work == "7.0.0"
    outcome = Counter(computer.folder / "update", Path(f"{key}.pub"), "0").outcome()
    assert outcome is not None
    assert (outcome.version, outcome.done) == ("7.0.0", True)
    assert key.stat().st_mode & 0o077 == 0


def test_a_key_that_stations_trust_is_never_written_over(tmp_path: Path) -> None:
    run("release", "key", str(tmp_path / "release"))
    again = CliRunner().invoke(main, ["release", "key", str(tmp_path / "release")])

    assert again.exit_code == 1
    assert "choose another name" in again.output


def test_what_is_no_package_is_said_in_one_line(tmp_path: Path) -> None:
    run("release", "key", str(tmp_path / "release"))
    (tmp_path / "a.littera").write_bytes(b"PK nothing")
    said = CliRunner().invoke(
        main, ["release", "check", str(tmp_path / "a.littera"), "--key", str(tmp_path / "release.pub")]
    )

    assert said.exit_code == 1
    assert "is no package of a version" in said.output
