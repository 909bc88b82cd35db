"""From files to settings: lay the layers over each other, check the whole, say all that is wrong at once."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from kiosk.circulation.model import BranchId
from kiosk.settings.files import (
    Layer,
    Merged,
    Table,
    branch_file,
    branches_in,
    merge,
    read_branch,
    read_table,
)
from kiosk.settings.problems import Problem, SettingsError, nearest
from kiosk.settings.sections import BranchKind
from kiosk.settings.shape import Settings
from kiosk.settings.slips import STANDARD, template_layer
from kiosk.settings.wording import describe

NETWORK_FILE = "network.toml"


def load_settings(
    config_dir: Path,
    branch: str,
    station: str | None = None,
    overrides: Table | Path | None = None,
) -> Settings:
    """Load the settings of one station. Raises: SettingsError with every problem there is.

    *station* may be left out where the branch has one station or none. *overrides* go on top of everything:
    a table, or the path of a TOML file such as `demo.toml`.
    """
    return load_with_origins(config_dir, branch, station, overrides)[0]


def load_with_origins(
    config_dir: Path,
    branch: str,
    station: str | None = None,
    overrides: Table | Path | None = None,
) -> tuple[Settings, Merged]:
    """Load like `load_settings`, and say where every value was written."""
    network = read_table(config_dir / NETWORK_FILE, NETWORK_FILE)
    branch_table = read_branch(config_dir, branch)
    name = _station_name(branch, branch_table, station)
    layers = (*_layers(network, branch, branch_table, name), *_override_layers(overrides))
    merged = merge((_template(config_dir, merge(layers)), *layers))
    problems = [*_kind_problems(network)]
    settings = _validated(merged, problems)
    if settings is not None:
        problems += _contradictions(settings, merged, branch)
    if problems or settings is None:
        raise SettingsError(f"branch {branch}" + (f", station {name}" if name else ""), problems)
    return settings, merged


def names_of_branches(config_dir: Path) -> dict[BranchId, str]:
    """Say the short name of every branch that has a file, for slips and screens. Raises: SettingsError."""
    tables = {branch: read_branch(config_dir, branch).get("branch") for branch in branches_in(config_dir)}
    return {
        BranchId(branch): str(about["short"])
        for branch, about in tables.items()
        if isinstance(about, Mapping) and "short" in about
    }


def addresses_of_branches(config_dir: Path) -> dict[BranchId, str]:
    """Say the street and number of every branch that has a file, for the catalogue. Raises: SettingsError."""
    tables = {branch: read_branch(config_dir, branch).get("branch") for branch in branches_in(config_dir)}
    return {
        BranchId(branch): str(about["address"])
        for branch, about in tables.items()
        if isinstance(about, Mapping) and "address" in about
    }


def stations_of(config_dir: Path, branch: str) -> tuple[str, ...]:
    """List the stations a branch's file names. Raises: SettingsError."""
    return tuple(_tables(read_branch(config_dir, branch), "stations"))


def _tables(table: Table, key: str) -> dict[str, Table]:
    """Read a table of tables; what is not a table is left to the shape to complain of."""
    found = table.get(key)
    if not isinstance(found, Mapping):
        return {}
    return {name: inner for name, inner in found.items() if isinstance(inner, Mapping)}


def _station_name(branch: str, table: Table, station: str | None) -> str | None:
    known = _tables(table, "stations")
    if station is None and len(known) <= 1:
        return next(iter(known), None)
    if station in known:
        return station
    there_are = ", ".join(known) or "none"
    message = f"say which station; there are: {there_are}"
    if station is not None:
        message = f"has no station {station}; there are: {there_are}"
    near = None if station is None else nearest(station, known)
    raise SettingsError(f"branch {branch}", [Problem(branch_file(branch), "stations", message, near)])


def _layers(network: Table, branch: str, branch_table: Table, station: str | None) -> tuple[Layer, ...]:
    """Put the layers in order: network, kind of branch, branch, station. Only the chosen ones take part."""
    place = branch_file(branch)
    about = branch_table.get("branch")
    kind = about.get("kind") if isinstance(about, Mapping) else None
    of_kind = _tables(network, "kinds").get(str(kind), {})
    layers = [
        Layer(NETWORK_FILE, _without(network, "kinds")),
        Layer(f"{NETWORK_FILE} [kinds.{kind}]", of_kind),
        Layer(place, _without(branch_table, "stations")),
    ]
    if station is not None:
        own = _tables(branch_table, "stations")[station]
        layers.append(Layer(f"{place} [stations.{station}]", _named(own, station)))
    return tuple(layers)


def _template(config_dir: Path, merged: Merged) -> Layer:
    """Find how slips are dressed. Any layer may choose the template, and change single keys of it."""
    station = merged.table.get("station")
    name = station.get("receipt_template", STANDARD) if isinstance(station, Mapping) else STANDARD
    place = merged.place_of(("station", "receipt_template"))
    return template_layer(config_dir, name if isinstance(name, str) else STANDARD, place)


def _named(own: Table, station: str) -> Table:
    """Tell a station its own name, beside what it is told already."""
    habits = own.get("station", {})
    return {**own, "station": {"name": station, **habits} if isinstance(habits, Mapping) else habits}


def _without(table: Table, key: str) -> Table:
    """Leave out a table of layers, which is no setting; anything else under its name is reported."""
    return {k: v for k, v in table.items() if k != key or not isinstance(v, Mapping)}


def _override_layers(overrides: Table | Path | None) -> tuple[Layer, ...]:
    if overrides is None:
        return ()
    if isinstance(overrides, Path):
        return (Layer(overrides.name, read_table(overrides, overrides.name)),)
    return (Layer("overrides", overrides),)


def _validated(merged: Merged, problems: list[Problem]) -> Settings | None:
    """Check the whole against the shape; what objects is added to *problems*.

    By way of JSON: strict JSON takes "10:00" for a time and a list for a tuple, but no text for a number.
    """
    try:
        return Settings.model_validate_json(json.dumps(merged.table, default=str))
    except ValidationError as err:
        problems += [describe(error, merged, Settings) for error in err.errors()]
        return None


def _kind_problems(network: Table) -> Iterator[Problem]:
    known = [kind.value for kind in BranchKind]
    for kind in _tables(network, "kinds"):
        if kind not in known:
            message = f"there is no such kind of branch; there are: {', '.join(known)}"
            yield Problem(NETWORK_FILE, f"kinds.{kind}", message, nearest(kind, known))


def _contradictions(settings: Settings, merged: Merged, branch: str) -> Iterator[Problem]:
    """Find what each key alone is right about and two keys together are not."""
    if settings.branch.id != branch:
        message = f'is "{settings.branch.id}" in a file called {branch}.toml; make them the same'
        yield Problem(merged.place_of(("branch", "id")), "branch.id", message)
    if not any(settings.hours.week()):
        yield Problem(branch_file(branch), "hours", "the branch is never open; write its opening hours")
    if not (settings.station.lends or settings.station.takes_returns):
        message = "the station neither lends nor takes returns; turn one of them on"
        yield Problem(merged.place_of(("station", "lends")), "station.lends", message)
    if settings.library.kind == "sip2" and not settings.library.sip2.host:
        message = "the library's own system is to be asked, and nobody says where it is: write its name or address"
        yield Problem(merged.place_of(("library", "kind")), "library.sip2.host", message)
    yield from _rules_for_unknown_types(settings, merged)


def _rules_for_unknown_types(settings: Settings, merged: Merged) -> Iterator[Problem]:
    known = settings.lending.item_types
    for category, section in settings.lending.categories.items():
        for item_type in section.rules:
            if item_type not in known:
                path = ("lending", "categories", category, "rules", item_type)
                message = "is no item type of `lending.item_types`"
                yield Problem(merged.place_of(path), ".".join(path), message, nearest(item_type, known))
