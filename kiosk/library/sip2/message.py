"""A message as a value: what it is, its fixed part by name, its fields in order with all repeats.

Nothing here knows bytes (`codec.py`) or a line (`framing.py`). A message printed or logged shows no secret and nobody's
data: `repr` gives lengths for every field that is not plainly harmless.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.library.sip2.fields import PLAIN
from kiosk.library.sip2.layouts import LAYOUTS, Kind


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message of either side. `fixed` holds every fixed part by name; `fields` the (letters, value) in order."""

    kind: Kind
    fixed: Mapping[str, str]
    fields: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, part: str) -> str:
        """Say what the fixed part of this name holds. Raises: KeyError, a message of this kind has no such part."""
        return self.fixed[part]

    def first(self, code: str) -> str | None:
        """Say what the field holds, the first of its name; None when it is not there."""
        return next((value for name, value in self.fields if name == code), None)

    def text(self, code: str) -> str:
        """Say what the field holds without blanks around it, "" when it is not there."""
        return (self.first(code) or "").strip()

    def every(self, code: str) -> tuple[str, ...]:
        """Say what all fields of this name hold, in order."""
        return tuple(value for name, value in self.fields if name == code)

    def __repr__(self) -> str:
        """Show the message as a log may keep it."""
        shown = (f"{name}={value!r}" if name in PLAIN else f"{name}({len(value)})" for name, value in self.fields)
        return f"<SIP2 {self.kind} {self.kind.name} {' '.join((*map(repr, self.fixed.values()), *shown))}>"


def message(
    kind: Kind, fixed: Mapping[str, str] | None = None, fields: Iterable[tuple[str, str | None]] = ()
) -> Message:
    """Make a message to be sent: every fixed part given and of its length, fields of None left out.

    Fields are put in the order of the layout, unknown ones last. Raises: ValueError, a part is missing, unknown or of
    another length.
    """
    layout, given = LAYOUTS[kind], dict(fixed or {})
    parts = {}
    for name, length in layout.fixed:
        value = given.pop(name, None)
        if value is None or len(value) != length:
            raise ValueError(f"{kind.name}: the fixed part {name} needs {length} characters, not {value!r}")
        parts[name] = value
    if given:
        raise ValueError(f"{kind.name}: there is no fixed part {', '.join(given)}")
    place = {code: number for number, code in enumerate(layout.fields)}
    kept = [(str(code), value) for code, value in fields if value is not None]
    kept.sort(key=lambda pair: place.get(pair[0], len(place)))
    return Message(kind, MappingProxyType(parts), tuple(kept))
