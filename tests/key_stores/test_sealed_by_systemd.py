"""Keys sealed to this computer by the real systemd-creds."""

import shutil
from pathlib import Path

import pytest

from drivers.key_stores.key_file import KeyStoreError, new_key_file
from drivers.key_stores.sealed_file import read_sealed_keys, seal
from kiosk.ecard.keys import KeyRole

UID = "04958CAA5C5E80"

pytestmark = pytest.mark.skipif(shutil.which("systemd-creds") is None, reason="systemd-creds is not installed")


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A file sealed to this computer; one whose systemd has no secret, and no right to make one, cannot."""
    file = tmp_path / "card-keys.cred"
    try:
        seal(new_key_file().encode(), file, "host")
    except KeyStoreError as err:
        pytest.skip(str(err))
    return file


def test_what_was_sealed_is_unsealed(sealed: Path) -> None:
    keys = read_sealed_keys(str(sealed))

    assert list(keys.masters) == list(KeyRole)


def test_the_sealed_file_shows_nothing(tmp_path: Path, sealed: Path) -> None:
    plain = new_key_file()
    seal(plain.encode(), tmp_path / "other.cred", "host")

    assert b"keys" not in sealed.read_bytes()
    assert plain.encode()[-30:-4] not in (tmp_path / "other.cred").read_bytes()


def test_a_sealed_file_that_was_changed_is_refused(sealed: Path) -> None:
    content = sealed.read_text()
    at = len(content) // 2
    sealed.write_text(content[:at] + ("A" if content[at] != "A" else "B") + content[at + 1 :])

    with pytest.raises(KeyStoreError, match="cannot be unsealed"):
        read_sealed_keys(str(sealed))


def test_a_sealed_file_under_another_name_is_refused(sealed: Path) -> None:
    renamed = sealed.rename(sealed.with_name("other.cred"))

    with pytest.raises(KeyStoreError, match="does not match"):
        read_sealed_keys(str(renamed))
