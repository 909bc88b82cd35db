"""What every library does in its own way: where copies stand in a record, what branches are called."""

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.catalogue.folding import fold
from kiosk.central.catalogue.record import TitleRecord


class MappingError(Exception):
    """The mapping file cannot be used; the message says where it is wrong and what would be right."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HoldingsFields(_Part):
    """Where a format describes copies: tags, and subfields in the order they are asked."""

    fields: tuple[str, ...] = ()
    barcode: tuple[str, ...] = ("p",)
    branch: tuple[str, ...] = ("b",)
    shelf: tuple[str, ...] = ("c",)
    type: tuple[str, ...] = ("y",)


class Flags(_Part):
    """What makes a title one of local history, or of contemporary Ukrainian literature."""

    local_history: tuple[str, ...] = ()
    contemporary_from: int = 1991
    contemporary_subjects: tuple[str, ...] = ()
    contemporary_udc: tuple[str, ...] = ()


class Defaults(_Part):
    branch: str = "central"
    type: str = "book"
    category: str = "adult"


class Columns(_Part):
    """A CSV file: which column is which field, how days are written, what values are called here."""

    columns: dict[str, str] = Field(default_factory=dict)
    dates: str = "%d.%m.%Y"


class Mapping(_Part):
    holdings: dict[str, HoldingsFields] = Field(
        default_factory=lambda: {"marc21": HoldingsFields(), "unimarc": HoldingsFields()}
    )
    branches: dict[str, str] = Field(default_factory=dict)
    types: dict[str, str] = Field(default_factory=dict)
    categories: dict[str, str] = Field(default_factory=dict)
    flags: Flags = Flags()
    defaults: Defaults = Defaults()
    patrons: Columns = Columns()
    copies: Columns = Columns()

    def is_local_history(self, title: TitleRecord) -> bool:
        said = fold(" ".join((title.name, *title.subjects)))
        return any(fold(word) in said for word in self.flags.local_history)

    def is_contemporary_ukrainian(self, title: TitleRecord) -> bool:
        if title.language != "uk" or (title.year or 0) < self.flags.contemporary_from:
            return False
        said = fold(" ".join(title.subjects))
        by_subject = any(fold(word) in said for word in self.flags.contemporary_subjects)
        return by_subject or any(number.startswith(self.flags.contemporary_udc) for number in title.udc)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file, checked whole. Raises: MappingError."""
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Mapping.model_validate_json(json.dumps(table, default=str))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        lines = "".join(f"\n  {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise MappingError(f"{path.name}:{lines}") from error
