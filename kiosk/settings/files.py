"""The config files as tables: read them, lay them over each other, remember which file every value came from.

    network.toml                 holds everywhere; its [kinds.<kind>] tables hold for one kind of branch
    branches/<branch>.toml       holds in the branch; its [stations.<station>] tables hold for one station
    a demo file, or overrides    on top

A later layer wins key by key; tables are merged, lists and plain values replaced. What a value means is not
asked here (`shape`).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.settings.problems import Problem, SettingsError, nearest

KeyPath = tuple[str, ...]
Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Layer:
    """One table and the name of the place it was written in: `branches/central.toml [stations.hall]`."""

    place: str
    table: Table


@dataclass(frozen=True, slots=True)
class Merged:
    """All layers as one table, and the place every value came from."""

    table: dict[str, object] = field(default_factory=dict)
    origins: dict[KeyPath, str] = field(default_factory=dict)

    def place_of(self, path: KeyPath) -> str:
        """Name the place a key was written in; for a key that is missing, where its table was written."""
        for length in range(len(path), 0, -1):
            if (place := self.origins.get(path[:length])) is not None:
                return place
        return next(reversed(self.origins.values()), "the settings")


def merge(layers: tuple[Layer, ...]) -> Merged:
    """Lay *layers* over each other, the last on top."""
    merged = Merged()
    for layer in layers:
        _lay(layer.place, layer.table, merged.table, merged.origins, ())
    return merged


def _lay(place: str, table: Table, under: dict[str, object], origins: dict[KeyPath, str], path: KeyPath) -> None:
    for key, value in table.items():
        here = (*path, key)
        if not isinstance(value, Mapping):
            under[key], origins[here] = value, place
        elif isinstance(room := under.setdefault(key, {}), dict):
            origins[here] = place
            _lay(place, value, room, origins, here)
        # else a layer below wrote a plain value where a table belongs: it stays, for the shape to complain of


def leaves(table: Table, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Go through every plain value of a table with the path that leads to it."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def read_table(file: Path, name: str) -> dict[str, object]:
    """Read a TOML file, called *name* in messages. Raises: SettingsError, with the line that is not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # an editor of Windows puts a mark first
    except FileNotFoundError as err:
        problem = Problem(name, "", f"there is no such file in {file.parent}")
        raise SettingsError(name, [problem]) from err
    except OSError as err:
        raise SettingsError(name, [Problem(name, "", f"cannot be read: {err.strerror}")]) from err
    except UnicodeDecodeError as err:
        raise SettingsError(name, [Problem(name, "", "is not UTF-8 text; save it as UTF-8")]) from err
    except tomllib.TOMLDecodeError as err:
        raise SettingsError(name, [Problem(name, "", f"is not TOML: {err}")]) from err
    except RecursionError as err:
        raise SettingsError(name, [Problem(name, "", "nests brackets deeper than any setting goes")]) from err


def branches_in(config_dir: Path) -> tuple[str, ...]:
    """List the branches that have a file, by their ids."""
    return tuple(sorted(file.stem for file in (config_dir / "branches").glob("*.toml")))


def read_branch(config_dir: Path, branch: str) -> dict[str, object]:
    """Read a branch file. Raises: SettingsError; for an unknown branch it names those there are."""
    name = branch_file(branch)
    known = branches_in(config_dir)
    if branch not in known:
        there_are = f"there are: {', '.join(known)}" if known else f"no branch has one in {config_dir}"
        raise SettingsError(branch, [Problem(name, "", f"no such file; {there_are}", nearest(branch, known))])
    return read_table(config_dir / "branches" / f"{branch}.toml", name)


def branch_file(branch: str) -> str:
    """Name a branch's file the way messages do."""
    return f"branches/{branch}.toml"
