"""The section about slips: `config/receipts/<name>.toml`, chosen by `station.receipt_template`, is its lowest layer."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, field_validator

from kiosk.receipts import Part, Template
from kiosk.receipts.template import USUAL
from kiosk.settings.files import Layer, read_table
from kiosk.settings.problems import Problem, SettingsError, nearest
from kiosk.settings.sections import Language, Section, Word

STANDARD = "standard"
_LONGEST = 200


class SlipSection(Section):
    """How the slips of a branch are dressed. What is said in a language is left out in the others."""

    parts: tuple[Part, ...] = tuple(part for part in Part if part in USUAL)
    """Which parts a slip has: a list of `place`, `time`, `number`, `authors`, `lent`, `renewed`, `returned`, `refused`,
    `trouble`, `hours`, `phone`, `stamps`, `thanks`, `code`."""
    head: dict[Language, tuple[Word, ...]] = Field(default_factory=dict)
    """Lines under the name at the top, by language."""
    greeting: dict[Language, Word] = Field(default_factory=dict)
    """The last line, by language; the usual thanks where there is none."""
    foot: dict[Language, tuple[Word, ...]] = Field(default_factory=dict)
    """Lines before it, by language."""

    @field_validator("head", "foot")
    @classmethod
    def _short(cls, lines: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for line in (line for some in lines.values() for line in some):
            if len(line) > _LONGEST:
                raise ValueError(f"a line of {len(line)} letters is no line of a slip; {_LONGEST} are the most")
        return lines

    def template(self, hours: Mapping[str, tuple[str, ...]], phone: str, page: str) -> Template:
        """Make what slips are rendered with."""
        return Template(
            head={str(lang): lines for lang, lines in self.head.items()},
            greeting={str(lang): line for lang, line in self.greeting.items()},
            foot={str(lang): lines for lang, lines in self.foot.items()},
            parts=frozenset(self.parts),
            hours=hours,
            phone=phone,
            page=page,
        )


def templates_in(config_dir: Path) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (config_dir / "receipts").glob("*.toml")))


def template_layer(config_dir: Path, name: str, asked_in: str) -> Layer:
    """Read the template *name*; the standard one may be missing. Raises: SettingsError."""
    place, known = f"receipts/{name}.toml", templates_in(config_dir)
    if name in known:
        return Layer(place, {"slip": read_table(config_dir / "receipts" / f"{name}.toml", place)})
    if name == STANDARD:
        return Layer(place, {})
    message = f"there is no {place}; there are: {', '.join(known) or STANDARD}"
    raise SettingsError(asked_in, [Problem(asked_in, "station.receipt_template", message, nearest(name, known))])
