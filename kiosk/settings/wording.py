"""Pydantic's complaints in the words of a technician: what is wrong, what was expected, what was meant.

Knows the shape only through its models; reads no file.
"""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from kiosk.settings.files import KeyPath, Merged
from kiosk.settings.problems import Problem, nearest
from kiosk.settings.sections import FORMS

EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "decimal_type": "an amount like 1.50",
    "decimal_parsing": "an amount like 1.50",
    "date_type": "a day like 2026-12-25",
    "date_parsing": "a day like 2026-12-25",
    "date_from_datetime_parsing": "a day like 2026-12-25",
    "time_type": 'a time like "10:00"',
    "time_parsing": 'a time like "10:00"',
    "tuple_type": "a list in square brackets",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
}
BOUNDS = {
    "greater_than": ("gt", "more than {:g}"),
    "greater_than_equal": ("ge", "at least {:g}"),
    "less_than": ("lt", "less than {:g}"),
    "less_than_equal": ("le", "at most {:g}"),
}
DEVICES = {"pad": "RFID pad", "card_reader": "card reader", "printer": "receipt printer"}


def describe(error: ErrorDetails, merged: Merged, shape: type[BaseModel]) -> Problem:
    """Turn one complaint into a Problem that names the file and the key."""
    path = tuple(str(step) for step in error["loc"])
    message, suggestion = _words(error, path, shape)
    return Problem(merged.place_of(path), ".".join(path), message, suggestion)


def _words(error: ErrorDetails, path: KeyPath, shape: type[BaseModel]) -> tuple[str, str | None]:
    """Say what is wrong, and what was meant where that can be guessed."""
    match error["type"]:
        case "extra_forbidden":
            return "there is no such key", nearest_key(path, shape)
        case "missing":
            return _missing(path), None
        case "value_error":
            return str(error["ctx"]["error"]), None
        case _:
            found = _as_written(error["input"])
            expected, meant = _expected(error)
            return f"expected {expected}, found {found}", meant


def _expected(error: ErrorDetails) -> tuple[str, str | None]:
    """Say what kind of value would have been right, and the right word where there are only a few."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"literal_error", "enum"}:
        allowed = str(context["expected"]).replace("'", "")
        return allowed, nearest(str(error["input"]), allowed.replace(" or ", ", ").split(", "))
    if kind in BOUNDS:
        bound, words = BOUNDS[kind]
        return words.format(context[bound]), None
    if kind == "string_pattern_mismatch":
        return FORMS[context["pattern"]], None
    return EXPECTED.get(kind, f"something else ({error['msg'].lower()})"), None


def _missing(path: KeyPath) -> str:
    device = DEVICES.get(path[0])
    if device is not None and path[1:] in {(), ("driver",)}:
        return f'the station has no {device}; name its driver: [{path[0]}] driver = "..."'
    return "is missing; write it here, or in a file this one inherits from"


def _as_written(value: object) -> str:
    """Show a value as it stands in the file, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest_key(path: KeyPath, shape: type[BaseModel]) -> str | None:
    """Find what a misspelt key was meant to be: one beside it, else the same word in another section."""
    beside = nearest(path[-1], fields_at(path[:-1], shape))
    if beside is not None:
        return beside
    elsewhere: dict[str, str] = {}
    for known in key_paths(shape):
        elsewhere.setdefault(known[-1], ".".join(known))
    word = nearest(path[-1], elsewhere)
    return None if word is None else elsewhere[word]


def fields_at(path: KeyPath, shape: type[BaseModel]) -> tuple[str, ...]:
    """List the keys that may stand in the table at *path*."""
    table: type[BaseModel] | None = shape
    steps = iter(path)
    for step in steps:
        field = None if table is None else table.model_fields.get(step)
        if field is None:
            return ()
        table, by_name = table_in(field.annotation)
        if by_name:
            next(steps, None)  # the name of a category or an item type: anything may stand here
    return () if table is None else tuple(table.model_fields)


def key_paths(shape: type[BaseModel], under: KeyPath = ()) -> Iterator[KeyPath]:
    """Go through every key of the shape; `<name>` stands for a name one chooses oneself."""
    for name, field in shape.model_fields.items():
        yield (*under, name)
        table, by_name = table_in(field.annotation)
        if table is not None:
            yield from key_paths(table, (*under, name, "<name>") if by_name else (*under, name))


def table_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Find the model behind an annotation, and whether it is one of many that are called by name."""
    origin = get_origin(annotation)
    if origin is dict:
        return table_in(get_args(annotation)[1])[0], True
    if origin in {Annotated, Union, UnionType}:
        return next((found for arg in get_args(annotation) if (found := table_in(arg))[0]), (None, False))
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return (annotation, False) if is_model else (None, False)
