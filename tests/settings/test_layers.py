"""How files inherit from each other, and what the core and the station are told."""

import re
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drivers.card_readers.pcsc import PcscSettings
from drivers.printers.escpos import EscposSettings
from drivers.printers.to_file import FileSettings
from drivers.tag_pads.elatec import ElatecSettings
from drivers.tag_pads.feig import FeigSettings
from drivers.tag_pads.threem import ThreeMSettings
from kiosk.settings import load_settings, load_with_origins
from kiosk.settings.devices import ElatecOptions, EscposOptions, FeigOptions, FileOptions, PcscOptions, ThreeMOptions
from kiosk.settings.files import Layer, leaves, merge
from kiosk.settings.sections import TimingSection
from kiosk.station.setup import ReturnsHabit, Setup, Timing

CONFIG = Path(__file__).parents[2] / "config"

keys = st.sampled_from("abc")
tables = st.recursive(
    st.dictionaries(keys, st.integers() | st.lists(st.integers(), max_size=2), max_size=3),
    lambda inner: st.dictionaries(keys, inner | st.integers(), max_size=3),
    max_leaves=8,
)


def found(table, path):
    for step in path:
        table = table[step]
    return table


@given(st.lists(tables, max_size=4))
def test_the_last_layer_that_says_a_key_wins_and_is_named(written):
    merged = merge(tuple(Layer(f"layer {n}", table) for n, table in enumerate(written)))

    for path, value in leaves(merged.table):
        place = int(merged.origins[path].removeprefix("layer "))
        assert found(written[place], path) == value
        assert all(path not in dict(leaves(above)) for above in written[place + 1 :])


@given(st.lists(tables, max_size=4))
def test_laying_tables_over_each_other_leaves_the_tables_alone(written):
    before = repr(written)

    merge(tuple(Layer("", table) for table in written))

    assert repr(written) == before


def test_network_kind_branch_and_station_each_say_their_part():
    _, merged = load_with_origins(CONFIG, "central", "street")
    _, children = load_with_origins(CONFIG, "children-4")

    assert merged.origins["pad", "driver"] == "network.toml"
    assert merged.origins["hours", "monday"] == "branches/central.toml"
    assert merged.origins["station", "returns"] == "branches/central.toml [stations.street]"
    assert children.origins["station", "name_mask"] == "network.toml [kinds.children]"


def test_two_stations_of_a_branch_differ_in_what_they_say_and_in_nothing_else():
    hall, street = (load_settings(CONFIG, "central", name) for name in ("hall", "street"))

    assert (hall.station.lends, street.station.lends) == (True, False)
    assert hall.store.path != street.store.path
    assert hall.lending == street.lending
    assert hall.opening_hours() == street.opening_hours()


def test_overrides_go_on_top_of_everything():
    settings = load_settings(CONFIG, "central", "street", {"station": {"lends": True}, "web": {"port": 9000}})

    assert (settings.station.lends, settings.web.port) == (True, 9000)
    assert settings.station.returns is ReturnsHabit.AT_ONCE


def test_settings_do_not_change_once_they_are_read():
    settings = load_settings(CONFIG, "branch-1")

    with pytest.raises(ValidationError, match="frozen"):
        settings.web.port = 1


def test_opening_hours_join_the_days_off_of_network_and_branch():
    hours = load_settings(CONFIG, "branch-7").opening_hours()

    assert hours.week[0] == (time(10), time(19))
    assert hours.week[5:] == (None, None)
    assert {date(2027, 1, 1), date(2026, 1, 30)} <= hours.closed


def test_the_station_is_told_its_rhythm_and_its_habits():
    setup = load_settings(CONFIG, "central", "street").setup(run="r1")

    assert setup == Setup(
        run="r1",
        languages=("uk", "en", "pl"),
        timing=Timing(returns_idle=5.0),
        returns=ReturnsHabit.AT_ONCE,
        receipt=setup.receipt.NEVER,
        lends=False,
        has_printer=False,
        owners=frozenset({"UA-ZT0001"}),
    )


def test_every_deadline_of_the_station_can_be_set():
    assert [f"{field.name}_s" for field in fields(Timing)] == list(TimingSection.model_fields)
    assert Timing(**{f.name: getattr(TimingSection(), f"{f.name}_s") for f in fields(Timing)}) == Timing()


@pytest.mark.parametrize(
    ("options", "driver"),
    [
        (FeigOptions, FeigSettings),
        (ThreeMOptions, ThreeMSettings),
        (ElatecOptions, ElatecSettings),
        (PcscOptions, PcscSettings),
        (EscposOptions, EscposSettings),
        (FileOptions, FileSettings),
    ],
)
def test_every_option_of_a_driver_can_be_set_and_means_the_same_unless_said(options, driver):
    """The one place where a driver's own settings and the config files could drift apart."""
    told = options().model_dump()

    built = driver(**told)

    assert set(told) == {field.name for field in fields(driver)}
    for field in fields(driver):
        if field.name not in {"port", "directory"}:
            assert getattr(built, field.name) == getattr(driver(*_places(driver)), field.name), field.name


@pytest.mark.parametrize(("said", "driver"), [("3M", "threem"), ("twn4", "elatec"), ("FEIG", "feig")])
def test_a_pad_may_be_called_what_people_call_it(said, driver):
    settings = load_settings(CONFIG, "branch-1", None, {"pad": {"driver": said}})

    assert settings.pad.driver == driver
    assert settings.pad.options["port"] == "/dev/littera-pad"


def _places(driver):
    """Give a driver the one thing it cannot be without: where its device or folder is."""
    return ("/dev/null",) if driver is not PcscSettings else ()


def test_the_comments_of_the_network_file_hold_no_key_that_is_gone():
    text = (CONFIG / "network.toml").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)`", text)

    settings = load_settings(CONFIG, "branch-1")
    known = {path[-1] for path, _ in leaves(settings.model_dump())}

    assert [name for name in named if name not in known | {"pcsc_scan"}] == []
