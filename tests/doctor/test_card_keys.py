"""What the doctor says of the keys of cards."""

from pathlib import Path

import pytest

from drivers.key_stores.key_file import new_key_file, part_of
from kiosk.bootstrap.card_keys import card_keys_of, examine_card_keys
from kiosk.doctor.finding import Level
from kiosk.ecard.keys import KeyRole, KeysUnavailable, NoKeys
from kiosk.settings import Settings, load_settings

CONFIG = Path(__file__).parents[2] / "config"


def settings(store: str = "none", file: Path | None = None, scheme: str = "proven") -> Settings:
    keys = {"store": store, "sealed": {"name": str(file or "card-keys")}}
    return load_settings(CONFIG, "central", "hall", {"card_keys": keys, "card_reader": {"pcsc": {"scheme": scheme}}})


def key_file(folder: Path, *roles: KeyRole) -> Path:
    file = folder / "keys.toml"
    file.write_text(part_of(new_key_file(), roles))
    file.chmod(0o600)
    return file


@pytest.mark.parametrize(
    ("roles", "scheme", "level", "says"),
    [
        ((KeyRole.READ,), "proven", Level.GOOD, "sealed: read"),
        ((KeyRole.SUN_META, KeyRole.SUN_FILE), "proven", Level.GOOD, "sealed: sun-meta, sun-file"),
        ((KeyRole.READ,), "number", Level.WORRYING, "no card is asked"),
        (tuple(KeyRole), "proven", Level.WORRYING, "can rewrite every card"),
        ((KeyRole.PRIVACY,), "proven", Level.FAILED, "no card can be checked"),
    ],
)
def test_the_keys_of_a_station_are_examined(
    tmp_path: Path, roles: tuple[KeyRole, ...], scheme: str, level: Level, says: str
) -> None:
    finding = examine_card_keys(settings("sealed", key_file(tmp_path, *roles), scheme))

    assert finding.level is level
    assert says in finding.seen
    assert finding.remedy or level is Level.GOOD


def test_no_store_is_well_where_nobody_is_asked_and_a_fault_where_cards_are() -> None:
    assert examine_card_keys(settings(scheme="number")).level is Level.GOOD
    assert examine_card_keys(settings()).level is Level.FAILED


def test_a_store_that_does_not_open_is_a_fault_and_does_not_stop_the_station(tmp_path: Path) -> None:
    nowhere = settings("sealed", tmp_path / "nowhere.toml")

    assert examine_card_keys(nowhere).level is Level.FAILED
    with pytest.raises(KeysUnavailable, match="cannot be read"):
        card_keys_of(nowhere).begin(KeyRole.READ, "04958CAA5C5E80", bytes(16))
    assert isinstance(card_keys_of(settings()), NoKeys)
