"""Every config file that ships is a test case."""

import tomllib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.circulation.calendar import is_open
from kiosk.circulation.model import CategoryId, ItemTypeId
from kiosk.settings import branches_in, key_reference, load_settings, stations_of
from kiosk.settings.shape import Settings
from kiosk.settings.wording import key_paths

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
BRANCHES = branches_in(CONFIG)
STATIONS = [(branch, station) for branch in BRANCHES for station in stations_of(CONFIG, branch) or (None,)]
CHILD, ADULT = CategoryId("child"), CategoryId("adult")
BOOK, DISC, SCORE, GAME = (ItemTypeId(name) for name in ("book", "disc", "score", "game"))


@pytest.mark.parametrize(("branch", "station"), STATIONS)
def test_every_station_of_every_branch_loads(branch, station):
    settings = load_settings(CONFIG, branch, station)

    assert settings.branch.id == branch
    assert bool(settings.station.name) == (station is not None)


@pytest.mark.parametrize(("branch", "station"), STATIONS)
def test_every_station_can_be_shown_without_devices(branch, station):
    demo = load_settings(CONFIG, branch, station, CONFIG / "demo.toml")

    assert (demo.pad.driver, demo.card_reader.driver, demo.printer.driver) == ("feig", "pcsc", "escpos")
    assert demo.printer.options["code_page"] == "cp1251"
    assert demo.store.ballast_mb == 0


def test_the_network_has_fifteen_branches_of_which_six_are_for_children_and_one_for_music():
    kinds = Counter(load_settings(CONFIG, b, s).branch.kind.value for b, s in dict(STATIONS).items())

    assert kinds == {"central": 1, "adult": 7, "children": 6, "music": 1}


def test_no_two_branches_share_a_name_or_an_address():
    branches = [load_settings(CONFIG, b, s).branch for b, s in dict(STATIONS).items()]

    for told in ("name", "short", "address", "phone"):
        assert len({getattr(branch, told) for branch in branches}) == len(BRANCHES), told


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_branch_is_closed_one_day_a_month_for_cleaning_and_on_holidays(branch):
    hours = load_settings(CONFIG, branch, dict(STATIONS)[branch]).opening_hours()

    for year, month in ((y, m) for y in (2026, 2027) for m in range(1, 13)):
        first = date(year, month, 1)
        days = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == month]
        cleaning = [day for day in days if day in hours.closed and hours.week[day.weekday()] is not None]
        assert cleaning, f"{first:%B %Y}"
    assert not is_open(date(2027, 1, 1), hours)


def test_children_borrow_more_for_longer_at_their_own_branches_and_games_nowhere_else():
    at_central = load_settings(CONFIG, "central", "hall").lending_policy().categories
    at_children = load_settings(CONFIG, "children-1").lending_policy().categories

    assert at_children[CHILD].max_loans > at_central[CHILD].max_loans
    assert at_children[CHILD].rules[BOOK].days > at_central[CHILD].rules[BOOK].days
    assert GAME in at_children[CHILD].rules
    assert GAME not in at_central[CHILD].rules


def test_the_music_branch_lends_scores_and_discs_for_longer():
    elsewhere = load_settings(CONFIG, "branch-1").lending_policy().categories[ADULT].rules
    music = load_settings(CONFIG, "music").lending_policy().categories[ADULT].rules

    assert music[SCORE].days > elsewhere[SCORE].days
    assert music[DISC].days > elsewhere[DISC].days
    assert music[BOOK] == elsewhere[BOOK]


@pytest.mark.parametrize("branch", BRANCHES)
def test_children_pay_nothing_for_being_late_anywhere(branch):
    rules = load_settings(CONFIG, branch, dict(STATIONS)[branch]).lending_policy().categories[CHILD].rules

    assert {rule.fee_per_day_late for rule in rules.values()} == {Decimal(0)}


SETTINGS_FILES = [CONFIG / "network.toml", CONFIG / "demo.toml", *sorted((CONFIG / "branches").glob("*.toml"))]


@pytest.mark.parametrize("file", SETTINGS_FILES, ids=lambda file: file.stem)
def test_every_file_begins_by_saying_what_it_is(file):
    first = file.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith("# ")
    assert first.endswith(".")


def test_the_network_file_says_every_key_a_technician_may_change():
    """What may be left out of the file and still be set is said in the manual; the rest stands in the file."""
    with (CONFIG / "network.toml").open("rb") as lines:
        written = tomllib.load(lines)
    optional = {"log", "branch", "slip"}  # slips are dressed in files of their own

    missing = [
        ".".join(path)
        for path in key_paths(Settings)
        if len(path) == 2 and path[0] not in optional and path[1] not in written.get(path[0], {})
    ]

    assert missing == ["station.name", "printer.file", "barcode.cards", "barcode.copies"]


def test_the_manual_explains_every_key_as_the_program_does():
    manual = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert key_reference() in manual, "write `kiosk config reference` into docs/configuration.md anew"
