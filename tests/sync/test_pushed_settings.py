"""The folder beside the ledger: pushed settings lie over the files, and a station always starts."""

from pathlib import Path

import pytest

from kiosk.bootstrap.pushed_settings import Document, Origin, PushedSettings
from kiosk.settings import Settings

CONFIG = Path(__file__).parents[2] / "config"
QUICKER = Document("network", 3, "[timing]\nidle_s = 77.0\n")
OURS = Document("station:central.hall", 1, "[timing]\nidle_s = 55.0\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "station.db.settings"


def pushed_to(folder: Path) -> PushedSettings:
    return PushedSettings(Origin(CONFIG, "central", "hall"), folder)


def try_out(folder: Path, *documents: Document) -> Settings:
    pushed = pushed_to(folder)
    before = pushed.load()
    assert pushed.consider(documents, before)
    pushed.accept(documents, ("pad",))
    return pushed_to(folder).load()


def test_a_station_nobody_pushed_anything_to_is_as_its_files_have_it(folder: Path) -> None:
    assert pushed_to(folder).load().timing.idle_s == 30.0
    assert not folder.exists()


def test_a_pushed_document_lies_over_the_files_from_the_next_start_on(folder: Path) -> None:
    settings = try_out(folder, QUICKER)

    assert settings.timing.idle_s == 77.0
    assert settings.timing.answer_s == 10.0


def test_what_is_meant_for_the_station_lies_over_what_is_meant_for_all(folder: Path) -> None:
    assert try_out(folder, OURS, QUICKER).timing.idle_s == 55.0


def test_settings_that_were_taken_back_are_not_there_at_the_next_start(folder: Path) -> None:
    try_out(folder, QUICKER)
    pushed_to(folder).fail("no pad")

    again = pushed_to(folder)

    assert again.load().timing.idle_s == 30.0
    assert not again.consider((QUICKER,), again.load())
    assert again.trial.trouble == "no pad"


def test_settings_the_station_died_of_twice_are_not_there_at_the_third_start(folder: Path) -> None:
    try_out(folder, QUICKER)
    pushed_to(folder).load()

    assert pushed_to(folder).load().timing.idle_s == 30.0


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("[timing]\nidle_seconds = 3\n", "there is no such key"),
        ("[timing]\nidle_s = 'long'\n", "idle_s"),
        ("not toml", "TOML"),
        ("[store]\npath = '/tmp/elsewhere.db'\n", "[store] cannot be pushed"),
        ("[web]\nport = 9000\n", "[web] cannot be pushed"),
    ],
)
def test_a_document_that_is_wrong_is_told_and_never_tried(folder: Path, toml: str, why: str) -> None:
    pushed = pushed_to(folder)
    before = pushed.load()

    taken = pushed.consider((Document("network", 9, toml),), before)

    assert not taken
    assert why in pushed.trial.trouble
    assert pushed_to(folder).load() == before


def test_files_damaged_on_the_disk_do_not_keep_a_station_from_starting(folder: Path) -> None:
    try_out(folder, QUICKER)
    for file in folder.iterdir():
        file.write_bytes(b"\x00" * 20)

    assert pushed_to(folder).load().timing.idle_s == 30.0


def test_a_pushed_file_that_is_gone_does_not_keep_a_station_from_starting(folder: Path) -> None:
    try_out(folder, QUICKER)
    (folder / "network-3.json").unlink()

    assert pushed_to(folder).load().timing.idle_s == 30.0
