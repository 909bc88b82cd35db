"""The published tag dumps of `tests/golden/tags.json`, as values."""

import json
from pathlib import Path
from typing import Any

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden" / "tags.json").read_text("utf-8"))
TAGS: list[dict[str, Any]] = GOLDEN["tags"]


def octets_of(name: str) -> bytes:
    """Find a dump by its name."""
    return bytes.fromhex(next(tag["hex"] for tag in TAGS if tag["name"] == name))
