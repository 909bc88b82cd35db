"""The entries of the demo's files, and the words for one that is wrong. What an entry means: `demo_network`."""

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
K = TypeVar("K")
Row = Mapping[str, Any]


class DemoError(Exception):
    """A demo file cannot be used; the message says which entry of which file and what is wrong with it."""


def known(there_are: Mapping[K, T], key: K, what: str) -> T:
    """Look *key* up. Raises: DemoError, which calls it *what*."""
    if (found := there_are.get(key)) is None:
        raise DemoError(f"{what} {key} is not listed")
    return found


def each_entry(stories: Row, name: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    """Make a value of every entry of one list of patrons.toml, in order."""
    rows = stories.get(name, [])
    return tuple(made(make, row, f"patrons.toml, {name} entry {n}") for n, row in enumerate(rows, 1))


def made(make: Callable[[Row], T], row: Row, place: str) -> T:
    """Make a value of an entry; say which entry it was when it cannot be made."""
    try:
        return make(row)
    except KeyError as err:
        raise DemoError(f"{place}: {err.args[0]} is missing") from err
    except (ValueError, TypeError, InvalidOperation, DemoError) as err:
        raise DemoError(f"{place}: {err}") from err


def csv_entries(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a table line by line, with line numbers. Raises: DemoError for a line that is too short or long."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines, strict=True)
            for row in table:
                if None in row or None in row.values():
                    raise DemoError(f"{file.name}, line {table.line_num}: wrong number of columns")
                yield table.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise DemoError(f"{file.name}: {err}") from err


def toml_entries(file: Path) -> dict[str, Any]:
    """Read a TOML file. Raises: DemoError, with the line that is not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise DemoError(f"{file.name}: {err}") from err
