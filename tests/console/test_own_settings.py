"""Settings chosen at the station: tried, proven, or taken back."""

from pathlib import Path

import pytest

from kiosk.bootstrap.pushed_settings import Origin, PushedSettings
from kiosk.console.own_settings import MOST_STARTS, OwnSettings
from kiosk.settings import SettingsError

CONFIG = Path(__file__).parents[2] / "config"
PORT = {"pad": {"feig": {"port": "/dev/ttyUSB7"}}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "station.db.own-settings.json"


def pushed(own: OwnSettings, folder: Path) -> PushedSettings:
    return PushedSettings(Origin(CONFIG, "central", "hall", own=own), folder / "pushed")


def test_what_was_chosen_holds_from_the_next_start(file, tmp_path):
    OwnSettings(file).try_out(PORT, ("pad",))

    settings = pushed(OwnSettings(file), tmp_path).load()

    assert settings.pad.feig.port == "/dev/ttyUSB7"


def test_proven_settings_stay_and_others_are_laid_over_them(file):
    own = OwnSettings(file)
    own.try_out(PORT, ())
    own.prove()

    again = OwnSettings(file)
    assert again.choice.tried is None
    assert again.wanted({"pad": {"feig": {"parity": "N"}}}) == {
        "pad": {"feig": {"port": "/dev/ttyUSB7", "parity": "N"}}
    }


def test_a_station_that_dies_of_them_goes_back(file):
    own = OwnSettings(file)
    own.prove()
    own.try_out(PORT, ())

    starts = [OwnSettings(file).begin_start() for _ in range(MOST_STARTS + 1)]

    assert starts == [PORT] * MOST_STARTS + [{}]
    assert "died" in OwnSettings(file).choice.why


def test_a_choice_that_makes_no_sense_is_refused_before_anything_changes(file, tmp_path):
    own = OwnSettings(file)

    with pytest.raises(SettingsError):
        pushed(own, tmp_path).check_own({"pad": {"feig": {"parity": "sideways"}}})

    assert not file.exists()


def test_a_choice_that_stopped_making_sense_is_dropped_at_the_start(file, tmp_path):
    own = OwnSettings(file)
    own.try_out({"pad": {"feig": {"parity": "sideways"}}}, ())

    settings = pushed(own, tmp_path).load()

    assert settings.pad.feig.parity == "E"
    assert OwnSettings(file).choice.tried is None


def test_a_damaged_file_is_as_good_as_none(file):
    file.write_bytes(b"{")

    assert OwnSettings(file).begin_start() == {}
