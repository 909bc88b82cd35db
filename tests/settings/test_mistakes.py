"""What a technician reads who has made a mistake: everything that is wrong, where, and what was meant."""

import shutil
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import Problem, SettingsError, load_settings
from kiosk.settings.shape import Settings
from kiosk.settings.wording import key_paths

SHIPPED = Path(__file__).parents[2] / "config"
BRANCH = "branch-5"
FILE = f"branches/{BRANCH}.toml"


@pytest.fixture
def config(tmp_path):
    """The shipped files, to spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


def add(config, text, file=FILE):
    with (config / file).open("a", encoding="utf-8") as end:
        end.write(f"\n{text}\n")


def change(config, old, new, file="network.toml"):
    path = config / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(config, branch=BRANCH, station=None, overrides=None):
    with pytest.raises(SettingsError) as caught:
        load_settings(config, branch, station, overrides)
    return caught.value.problems


@pytest.mark.parametrize(
    ("written", "key", "message", "meant"),
    [
        (
            "[lending.categories.adult]\nmax_loan = 3",
            "lending.categories.adult.max_loan",
            "there is no such key",
            "max_loans",
        ),
        ("[timming]\nidle_s = 5.0", "timming", "there is no such key", "timing"),
        ("[web]\nmax_fees = 3", "web.max_fees", "there is no such key", "lending.categories.<name>.max_fees"),
        ("[web]\nxyzzy = 3", "web.xyzzy", "there is no such key", None),
        ("[web]\nport = '80'", "web.port", 'expected a whole number, found "80"', None),
        ("[web]\nport = 80.5", "web.port", "expected a whole number, found 80.5", None),
        ("[web]\nport = true", "web.port", "expected a whole number, found true", None),
        ("[web]\nport = 70000", "web.port", "expected at most 65535, found 70000", None),
        ("web = 3", "web", "expected a table, found 3", None),
        ("[timing]\nidle_s = 0", "timing.idle_s", "expected more than 0, found 0", None),
        ("[timing]\nidle_s = nan", "timing.idle_s", "found NaN", None),
        ("[station]\nlends = 'yes'", "station.lends", 'expected true or false, found "yes"', None),
        (
            "[station]\nreturns = 'at_once'",
            "station.returns",
            'expected ask or at-once, found "at_once"',
            "at-once",
        ),
        ("[pad]\ndriver = 'feigg'", "pad.driver", 'expected feig, threem or elatec, found "feigg"', "feig"),
        ("[pad.feig]\nbaud = 9601", "pad.feig.baud", "found 9601", "9600"),
        ("[gate]\nprofile = 'iso2856'", "gate.profile", "iso28560", "iso28560"),
        ("[card_reader.pcsc]\nscheme = 'nummer'", "card_reader.pcsc.scheme", "uid or number", "number"),
        ("[network]\nisil = 'zhytomyr'", "network.isil", "expected an owner code like UA-ZT0001", None),
        ("[network]\ntime_zone = 'Europe/Kiiv'", "network.time_zone", "not a time zone", None),
        ("[network]\nlanguages = ['uk', 'de']", "network.languages.1", 'expected uk, en or pl, found "de"', None),
        ("[network]\nclosed_days = [3]", "network.closed_days.0", "expected a day like 2026-12-25, found 3", None),
    ],
)
def test_a_mistake_in_a_branch_file_is_named_with_what_was_meant(config, written, key, message, meant):
    kept = (config / FILE).read_text(encoding="utf-8")
    (config / FILE).write_text(f"{written}\n\n{kept}", encoding="utf-8")

    (problem,) = problems(config)

    assert (problem.file, problem.key, problem.suggestion) == (FILE, key, meant)
    assert message in problem.message


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ('["19:00", "10:00"]', "opens at 19:00 and closes at 10:00: write the earlier time first"),
        ('["10:00", "10:00"]', "write the earlier time first"),
        ('["10", "19"]', 'expected two times like ["10:00", "19:00"]'),
        ('["10:00"]', "expected two times"),
        ('["10:00", "25:00"]', "expected two times"),
        ('"shut"', "expected two times"),
        ("7", "expected two times"),
    ],
)
def test_opening_hours_nobody_can_keep_are_refused(config, span, message):
    change(config, 'monday = ["10:00", "19:00"]', f"monday = {span}")

    (problem,) = problems(config)

    assert (problem.file, problem.key) == ("network.toml", "hours.monday")
    assert message in problem.message


def test_every_mistake_in_every_file_is_told_at_once(config):
    add(config, "[web]\nprot = 1\n\n[log]\nlevel = 'loud'")
    change(config, "length = 4", "length = 'four'")

    with pytest.raises(SettingsError) as caught:
        load_settings(config, BRANCH)

    assert [(p.file, p.key) for p in caught.value.problems] == [
        ("network.toml", "pin.length"),
        (FILE, "web.prot"),
        (FILE, "log.level"),
    ]
    assert str(caught.value) == (
        "branch branch-5: 3 problems in the settings\n"
        '  network.toml: pin.length: expected a whole number, found "four"\n'
        f"  {FILE}: web.prot: there is no such key; did you mean `port`?\n"
        f'  {FILE}: log.level: expected debug, info, warning or error, found "loud"'
    )


@pytest.mark.parametrize(
    ("section", "device"),
    [("pad", "RFID pad"), ("card_reader", "card reader"), ("printer", "receipt printer")],
)
def test_a_station_without_a_device_is_told_which(config, section, device):
    change(config, f"[{section}]\n", f"[{section}_of_old]\n")
    path = config / "network.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"[{section}.", f"[{section}_of_old."), encoding="utf-8")

    told = problems(config)

    assert [f"the station has no {device}" in p.message for p in told if p.key == section] == [True]


def test_a_device_section_without_a_driver_counts_as_no_device(config):
    change(config, 'driver = "feig"', "")

    (problem,) = problems(config)

    assert (problem.file, problem.key) == ("network.toml", "pad.driver")
    assert "the station has no RFID pad" in problem.message


def test_a_rule_for_an_item_type_nobody_declared_is_found(config):
    add(config, "[lending.categories.adult.rules]\nbok = { days = 1, max_loans = 1 }")

    assert problems(config) == (
        Problem(
            FILE,
            "lending.categories.adult.rules.bok",
            "is no item type of `lending.item_types`",
            "book",
        ),
    )


def test_a_branch_file_under_another_branchs_name_is_found(config):
    shutil.copy(config / FILE, config / "branches" / "branch-8.toml")

    (problem,) = problems(config, "branch-8")

    assert (problem.file, problem.key) == ("branches/branch-8.toml", "branch.id")
    assert '"branch-5" in a file called branch-8.toml' in problem.message


def test_a_branch_that_is_never_open_is_found(config):
    week = "\n".join(f'{day} = "closed"' for day in ("monday", "tuesday", "wednesday", "thursday", "friday"))
    change(config, "[hours]", f"[hours]\n{week}\nsunday_ = 1", file=FILE)
    change(config, "sunday_ = 1\n", "", file=FILE)
    change(config, 'saturday = ["10:00", "17:00"]', 'saturday = "closed"', file=FILE)

    (problem,) = problems(config)

    assert problem.message == "the branch is never open; write its opening hours"


def test_a_station_that_does_nothing_is_found(config):
    add(config, "[station]\nlends = false\ntakes_returns = false")

    (problem,) = problems(config)

    assert (problem.file, problem.key) == (FILE, "station.lends")


def test_a_kind_of_branch_nobody_has_is_found(config):
    change(config, "[kinds.music.lending", "[kinds.musik.lending")

    (problem,) = problems(config)

    assert (problem.file, problem.key, problem.suggestion) == ("network.toml", "kinds.musik", "music")


def test_a_branch_nobody_has_is_told_with_the_nearest(config):
    (problem,) = problems(config, "brnch-5")

    assert problem.suggestion == BRANCH
    assert "there are: branch-1, branch-2" in problem.message


@pytest.mark.parametrize(("station", "meant"), [(None, None), ("hal", "hall")])
def test_a_branch_with_several_stations_asks_which(config, station, meant):
    (problem,) = problems(config, "central", station)

    assert (problem.key, problem.suggestion) == ("stations", meant)
    assert "there are: hall, street" in problem.message


def test_a_mistake_in_a_stations_own_table_is_told_to_that_station_alone(config):
    add(config, "[stations.street.pin]\nlenght = 4", file="branches/central.toml")

    load_settings(config, "central", "hall")
    (problem,) = problems(config, "central", "street")

    assert problem == Problem("branches/central.toml [stations.street]", "pin.lenght", "there is no such key", "length")


@pytest.mark.parametrize("file", ["network.toml", FILE])
def test_a_file_that_is_not_toml_is_told_with_its_line(config, file):
    add(config, "port = = 3", file=file)
    line = (config / file).read_text(encoding="utf-8").count("\n")

    (problem,) = problems(config)

    assert problem.file == file
    assert f"line {line}" in problem.message


def test_a_file_saved_by_an_editor_of_windows_is_read(config):
    plain = load_settings(config, BRANCH)
    for file in ("network.toml", FILE):
        (config / file).write_bytes(b"\xef\xbb\xbf" + (config / file).read_bytes().replace(b"\n", b"\r\n"))

    assert load_settings(config, BRANCH) == plain


def test_brackets_without_end_are_told_by_file(config):
    (config / FILE).write_text("name = " + "[" * 5000, encoding="utf-8")

    assert problems(config) == (Problem(FILE, "", "nests brackets deeper than any setting goes"),)


def test_a_file_in_an_old_code_page_is_told_to_be_utf_8(config):
    (config / FILE).write_bytes("name = 'Філія'".encode("cp1251"))

    assert problems(config) == (Problem(FILE, "", "is not UTF-8 text; save it as UTF-8"),)


def test_a_folder_without_settings_is_told(tmp_path):
    (problem,) = problems(tmp_path)

    assert problem == Problem("network.toml", "", f"there is no such file in {tmp_path}")


def test_a_missing_file_on_top_is_told(config):
    (problem,) = problems(config, overrides=config / "demmo.toml")

    assert problem.file == "demmo.toml"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.times(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "driver", "book"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def everything_made_of(table):
    """Load the settings with *table* on top and make all there is to make of them; else say what is wrong."""
    try:
        settings = load_settings(SHIPPED, BRANCH, None, table)
    except SettingsError as err:
        return err.problems
    settings.lending_policy()
    settings.opening_hours()
    settings.setup(run="r")
    return ()


@given(st.sampled_from(list(key_paths(Settings))), anything)
def test_whatever_stands_at_a_key_it_is_taken_or_told_and_never_a_crash(path, value):
    table = reduce(lambda inner, key: {"adult" if key == "<name>" else key: inner}, reversed(path), value)

    told = everything_made_of(table)

    at_the_key = [problem for problem in told if problem.key.startswith(".".join(path))]
    assert all(problem.message for problem in told)
    assert all(problem.file == "overrides" for problem in at_the_key)  # it may disagree with what stands elsewhere
    assert all(problem.key.startswith(path[0]) for problem in told)


@pytest.mark.parametrize("file", ["network.toml", FILE])
@pytest.mark.parametrize("key", ["branch", "kinds", "stations", "hours", "lending"])
@pytest.mark.parametrize("value", ["3", "[]", '"music"', '["a"]'])
def test_a_value_where_a_table_belongs_is_told(config, file, key, value):
    (config / file).write_text(f"{key} = {value}\n", encoding="utf-8")

    assert any(problem.key.split(".")[0] == key for problem in problems(config))


def test_a_problem_without_a_key_names_the_file():
    assert str(Problem("a.toml", "", "is not TOML")) == "a.toml: is not TOML"
