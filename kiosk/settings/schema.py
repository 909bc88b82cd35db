"""The shape of the config files for others: JSON Schema for an editor, a table of every key for the manual."""

from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from kiosk.settings.sections import BranchKind
from kiosk.settings.shape import Settings
from kiosk.settings.wording import table_in

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def branch_schema() -> dict[str, Any]:
    """Describe a branch file: any section, and the same again per station. Nothing is required: it inherits."""
    return _layered("A branch of the network: branches/<branch>.toml", "stations", {"type": "string"})


def network_schema() -> dict[str, Any]:
    """Describe network.toml: any section, and the same again per kind of branch."""
    kinds = {"enum": [kind.value for kind in BranchKind]}
    return _layered("What holds in the whole network: network.toml", "kinds", kinds)


def _layered(title: str, layers: str, names: dict[str, Any]) -> dict[str, Any]:
    whole = _nothing_required(Settings.model_json_schema(mode="validation"))
    definitions = whole.pop("$defs")
    layer = {"type": "object", "properties": whole["properties"], "additionalProperties": False}
    below = {"type": "object", "propertyNames": names, "additionalProperties": {"$ref": "#/$defs/Layer"}}
    return {
        "$schema": DIALECT,
        "title": title,
        **layer,
        "properties": {**whole["properties"], layers: below},
        "$defs": {**definitions, "Layer": layer},
    }


def _nothing_required(schema: Any) -> Any:
    """Drop every `required`: a file may leave to others whatever they say already."""
    if isinstance(schema, dict):
        return {key: _nothing_required(part) for key, part in schema.items() if not _is_duty(key, part)}
    if isinstance(schema, list):
        return [_nothing_required(part) for part in schema]
    return schema


def _is_duty(key: str, part: object) -> bool:
    return key == "required" and isinstance(part, list)


def key_reference() -> str:
    """Write the Markdown table of every key: what it sets and what it is when no file says anything."""
    lines: list[str] = []
    for name, field in Settings.model_fields.items():
        table, _ = table_in(field.annotation)
        assert table is not None, f"{name} is a section"
        lines += [f"### `[{name}]`", "", f"{field.description}", "", *_table(table, name), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(table: type[BaseModel], path: str) -> list[str]:
    return ["| key | sets | unless said |", "|---|---|---|", *_lines(table, path)]


def _lines(table: type[BaseModel], path: str) -> list[str]:
    lines: list[str] = []
    for name, field in table.model_fields.items():
        inner, by_name = table_in(field.annotation)
        if inner is None:
            lines.append(f"| `{path}.{name}` | {field.description} | {_unless_said(field)} |")
        else:
            lines += _lines(inner, f"{path}.{name}.<name>" if by_name else f"{path}.{name}")
    return lines


def _unless_said(field: FieldInfo) -> str:
    if field.is_required():
        return "must be said"
    value = TypeAdapter(Any).dump_python(field.get_default(call_default_factory=True), mode="json")
    if value in (None, ""):
        return "-"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
