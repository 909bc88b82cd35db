"""Keys as they are kept: what is told of a file that cannot be used, and that no word of a key is."""

import logging
from pathlib import Path

import pytest

from drivers.key_stores.guarded import AGAIN_AFTER, GuardedKeys
from drivers.key_stores.key_file import KeyStoreError, new_key_file, parse_key_file, part_of
from drivers.key_stores.sealed_file import read_sealed_keys
from kiosk.ecard.keys import CardKeys, KeyRole, KeysUnavailable
from tests.ecard.talking import master_keys

KEY = "00112233445566778899aabbccddeeff"
UID = "04958CAA5C5E80"


def test_a_new_network_has_five_different_keys() -> None:
    keys = parse_key_file(new_key_file().encode(), "here")

    assert list(keys.masters) == list(KeyRole)
    assert len({keys.card_key(role, UID) for role in KeyRole}) == len(KeyRole)


def test_a_station_is_given_the_keys_it_needs_only() -> None:
    whole = new_key_file("ZHYTOMYR")

    station = parse_key_file(part_of(whole, (KeyRole.READ,)).encode(), "here")

    assert list(station.masters) == [KeyRole.READ]
    assert station.card_key(KeyRole.READ, UID) == parse_key_file(whole.encode(), "here").card_key(KeyRole.READ, UID)
    with pytest.raises(KeysUnavailable, match="no master key"):
        station.card_key(KeyRole.MASTER, UID)


def test_another_system_s_cards_have_other_keys() -> None:
    one, other = (
        parse_key_file(f'system = "{name}"\n[keys]\nread = "{KEY}"'.encode(), "") for name in ("NET-1", "NET-2")
    )

    assert one.card_key(KeyRole.READ, UID) != other.card_key(KeyRole.READ, UID)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("read = ", "is not TOML"),
        ("\xff", "is not TOML"),
        (f'read = "{KEY}"', "has no table"),
        ("[keys]", "has no table"),
        (f'[keys]\nraed = "{KEY}"', "there is no key 'raed'; there are: master, read"),
        ('[keys]\nread = "12345678901234567890xx"', "32 hexadecimal digits"),
        (f'[keys]\nread = "{KEY[2:]}"', "32 hexadecimal digits"),
        ("[keys]\nread = 5", "32 hexadecimal digits"),
        (f'system = "X"\n[keys]\nread = "{KEY}"', "system's name is 5 to 20 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_no_key(content: str, says: str) -> None:
    with pytest.raises(KeyStoreError, match=says) as told:
        parse_key_file(content.encode("latin-1"), "card-keys")

    assert str(told.value).startswith("card-keys")
    assert "1234567890" not in str(told.value)
    assert KEY[4:12] not in str(told.value)


def test_a_file_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(new_key_file())
    file.chmod(0o640)

    with pytest.raises(KeyStoreError, match="may be read by others: chmod 600"):
        read_sealed_keys(str(file))

    file.chmod(0o600)
    assert KeyRole.READ in read_sealed_keys(str(file)).masters


def test_the_credential_of_a_unit_is_found(tmp_path: Path) -> None:
    (tmp_path / "card-keys").write_text(new_key_file())

    assert KeyRole.READ in read_sealed_keys("card-keys", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).masters
    with pytest.raises(KeyStoreError, match="credential other cannot be read"):
        read_sealed_keys("other", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    with pytest.raises(KeyStoreError, match="there is no credential card-keys"):
        read_sealed_keys("card-keys", {"PATH": ""})


def test_a_store_that_is_shut_is_tried_again_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    now, opens = 0.0, [KeyStoreError("the token is not plugged in"), master_keys()]

    def open_store() -> CardKeys:
        found = opens.pop(0)
        if isinstance(found, KeyStoreError):
            raise found
        return found

    keys = GuardedKeys(open_store, lambda: now)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(KeysUnavailable, match="not plugged in"):
                keys.begin(KeyRole.READ, UID, bytes(16))
    now += AGAIN_AFTER

    assert len(keys.begin(KeyRole.READ, UID, bytes(16)).command) == 32
    assert len(caplog.records) == 1
    assert keys.trouble == ""


def test_keys_are_not_told_by_accident() -> None:
    keys = parse_key_file(f'[keys]\nread = "{KEY}"'.encode(), "here")

    assert KEY not in repr(keys)
    assert str(bytes.fromhex(KEY))[2:-1] not in repr(keys)
