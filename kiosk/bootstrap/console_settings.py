"""The settings of a station as fields of a form, and a form's answers as settings again."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from kiosk.bootstrap.pushed_settings import UNTOUCHABLE, PushedSettings
from kiosk.settings import Settings, SettingsError
from kiosk.settings.wording import table_in
from web_ui.console.settings_pages import Field, Form, NotApplied

Choose = Callable[[Mapping[str, Any]], None]
_HIDDEN = frozenset({"pepper_file", "key_file"})


def form_of(
    settings: Settings, pushed: PushedSettings | None, choose: Choose | None, trouble: Callable[[], str]
) -> Form:
    """Make the form. Without *choose* it only shows."""

    def apply(change: Mapping[str, str]) -> None:
        known = {one.path: one for one in fields_of(settings, pushed)}
        assert choose is not None, "a form that cannot be applied is not sent"
        try:
            choose(_table({path: _value(known[path], said) for path, said in change.items()}))
        except SettingsError as wrong:
            raise NotApplied(str(wrong)) from wrong
        except (OSError, ValueError) as wrong:
            raise NotApplied(str(wrong)) from wrong

    return Form(lambda: fields_of(settings, pushed), None if choose is None else apply, trouble)


def fields_of(settings: Settings, pushed: PushedSettings | None) -> Sequence[Field]:
    """Every key with its words, its value and where that was written."""
    place = (lambda _: "") if pushed is None else pushed.place_of
    return tuple(_fields(settings, (), place))


def _fields(table: BaseModel, path: tuple[str, ...], place: Callable[[tuple[str, ...]], str]) -> Iterator[Field]:
    for name, field in type(table).model_fields.items():
        here, value = (*path, name), getattr(table, name)
        if isinstance(value, BaseModel):
            yield from _fields(value, here, place)
        elif table_in(field.annotation)[0] is not None and isinstance(value, dict):
            for key, inner in value.items():
                yield from _fields(inner, (*here, str(key)), place)
        else:
            kind, choices = _kind(field.annotation)
            shown = table.model_dump(mode="json")[name]
            open_here = here[0] not in UNTOUCHABLE and name not in _HIDDEN
            yield Field(".".join(here), field.description or "", _text(shown), kind * open_here, place(here), choices)


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    """How a key is asked for, and what may be chosen."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return "choice", tuple(map(str, get_args(annotation)))
    if isinstance(annotation, type):
        if issubclass(annotation, bool):
            return "switch", ("true", "false")
        if issubclass(annotation, StrEnum):
            return "choice", tuple(annotation)
        if issubclass(annotation, int | float):
            return "number", ()
        if issubclass(annotation, str):
            return "text", ()
    return "", ()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        value
        if isinstance(value, str)
        else ""
        if isinstance(value, NoneType)
        else json.dumps(value, ensure_ascii=False)
    )


def _value(field: Field, said: str) -> object:
    """Read an answer as its key wants it. Raises: ValueError."""
    if field.kind == "switch":
        return said == "true"
    if field.kind != "number":
        return said
    try:
        return int(said) if said.lstrip("-").isdigit() else float(said.replace(",", "."))
    except ValueError:
        raise ValueError(f"{field.path}: {said!r} is no number") from None


def _table(flat: Mapping[str, object]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for path, value in flat.items():
        *above, name = path.split(".")
        inner = table
        for one in above:
            inner = inner.setdefault(one, {})
        inner[name] = value
    return table
