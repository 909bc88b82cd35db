"""The secret PINs are keyed with: read once, or said to be missing in words a technician can act on."""

from pathlib import Path

import pytest

from kiosk.bootstrap.library import read_pepper
from kiosk.bootstrap.secret_files import SecretMissing
from kiosk.settings import Settings, load_settings

CONFIG = Path(__file__).parents[2] / "config"


def settings_with(file: str) -> Settings:
    return load_settings(CONFIG, "central", "hall", {"pin": {"pepper_file": file}})


def test_no_file_is_no_secret() -> None:
    assert read_pepper(settings_with("")) == b""


def test_the_secret_is_what_stands_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "pepper").write_bytes(b"  s3cret\n")

    assert read_pepper(settings_with(str(tmp_path / "pepper"))) == b"s3cret"


def test_a_file_that_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match=r"cannot read pin\.pepper_file .*: put the network's secret there"):
        read_pepper(settings_with(str(tmp_path / "nothing")))


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "pepper").write_bytes(b"\n")

    with pytest.raises(SecretMissing, match="is empty"):
        read_pepper(settings_with(str(tmp_path / "pepper")))


def test_a_secret_may_be_a_credential_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pepper").write_bytes(b"s3cret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert read_pepper(settings_with("$CREDENTIALS_DIRECTORY/pepper")) == b"s3cret"


def test_a_secret_may_lie_where_systemd_puts_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "pepper").write_bytes(b"s3cret\n")

    assert read_pepper(settings_with("$CREDENTIALS_DIRECTORY/pepper")) == b"s3cret"
