"""A library system the library has already: its profile, and what the branch says otherwise."""

import dataclasses
from pathlib import Path

import pytest

from kiosk.library.sip2.profile import ErrorDetection, Profile, ProfileError, load_profile, profile_names
from kiosk.settings import SettingsError, load_settings
from kiosk.settings.library import Sip2Overrides, Sip2Section

CONFIG = Path(__file__).parents[2] / "config"


def test_there_is_a_profile_for_each_of_the_usual_systems() -> None:
    assert {"alma", "evergreen", "folio", "koha", "polaris", "sierra", "symphony"} <= set(profile_names())


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_can_be_used(name: str) -> None:
    profile = load_profile(name)

    assert profile.title != name
    assert "я".encode(profile.encoding)


def test_the_settings_can_put_every_plain_key_of_a_profile_right() -> None:
    written_by_hand = {"title", "notes", "phrases"}

    assert set(Sip2Overrides.model_fields) == {field.name for field in dataclasses.fields(Profile)} - written_by_hand


def test_a_branch_says_what_its_server_does_otherwise() -> None:
    override = {"profile": "koha", "host": "sip.example", "overrides": {"encoding": "cp1251", "error_detection": "off"}}
    settings = load_settings(CONFIG, "central", "hall", {"library": {"kind": "sip2", "sip2": override}})

    manner = settings.library.sip2.manner()

    assert (manner.title, manner.encoding, manner.error_detection) == ("Koha", "cp1251", ErrorDetection.OFF)
    assert manner.noise == load_profile("koha").noise


def test_an_address_is_needed() -> None:
    with pytest.raises(SettingsError, match=r"library.sip2.host: .*write its name or address"):
        load_settings(CONFIG, "central", "hall", {"library": {"kind": "sip2"}})


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("profile", "kohha", "did you mean `koha`"), ("port", 0, "port"), ("overrides", {"encoding": "utf-9"}, "utf-9")],
)
def test_a_slip_of_the_pen_is_explained(key: str, value: object, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings(CONFIG, "central", "hall", {"library": {"sip2": {key: value}}})


def test_a_profile_that_says_nonsense_is_refused() -> None:
    with pytest.raises(ProfileError, match="no profile has a key colour"):
        load_profile("koha", {"colour": "green"})
    with pytest.raises(ProfileError, match="there is no profile aleph"):
        load_profile("aleph")
    assert Sip2Section().manner().title == "SIP2 by the book"
