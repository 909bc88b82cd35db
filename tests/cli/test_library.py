"""`kiosk library check`, as typed, against a simulated library system."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tests.sip2_simulator.terminal import running

CONFIG = Path(__file__).parents[2] / "config"


def check(*words: str, typed: str | None = None):
    command = ["library", "check", "--config", str(CONFIG), "--branch", "central", "--station", "hall", *words]
    return CliRunner().invoke(main, command, input=typed)


@pytest.fixture
def password(tmp_path: Path) -> str:
    (tmp_path / "sip2").write_text("secret\n")
    return str(tmp_path / "sip2")


def test_a_system_is_examined_and_its_settings_are_proposed(password: str) -> None:
    with running("koha") as system:
        server = ("--host", "127.0.0.1", "--port", str(system.port), "--user", "kiosk", "--password-file", password)
        done = check(*server, "--card", "P0001", "--pin", "--item", "LIB000001", "--lend", typed="1234\n")

    assert "ok    loan: It lent the copy." in done.output
    assert 'look  profile: It behaves like Koha.\n      -> profile = "koha"' in done.output
    assert f'port = {system.port}\nprofile = "koha"\n' in done.output
    assert "secret" not in done.output.replace(password, "")
    assert "1234" not in done.output
    assert "FAIL" not in done.output or done.exit_code == 1


def test_what_fails_ends_with_1(password: str) -> None:
    with running("koha") as system:
        system.fault("login-refused")
        done = check("--host", "127.0.0.1", "--port", str(system.port), "--user", "kiosk", "--password-file", password)

    assert done.exit_code == 1
    assert "FAIL  login: It refuses the station's login." in done.output
    assert "Settings that fit" not in done.output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "the settings name no library system: give --host and --port"),
        (("--host", "x", "--lend"), "--lend needs --card and --item"),
        (("--host", "x", "--password-file", "/nowhere"), "put the password of the station's login there"),
    ],
)
def test_what_is_missing_is_said(words: tuple[str, ...], complaint: str) -> None:
    done = check(*words)

    assert done.exit_code != 0
    assert complaint in done.output
