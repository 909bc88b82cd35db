"""What the driver orders its PC/SC process to watch. A value, and its way through a command line."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class WatchOrders:
    """The names card readers begin with (none: all), the words that rule one out, how to read a card."""

    names: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    scheme: str = "number"
    settle: float = 1.5

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        fields = json.loads(text)
        return cls(tuple(fields["names"]), tuple(fields["ignore"]), fields["scheme"], fields["settle"])

    def choose(self, listed: Iterable[str]) -> list[str]:
        """Choose the card readers to watch. The number at the end of a name changes with its USB socket."""
        return [
            name
            for name in listed
            if not any(word in name for word in self.ignore) and (not self.names or name.startswith(self.names))
        ]

    def find_missing(self, slots: Iterable[str]) -> tuple[str, ...]:
        """Name the configured card readers that none of *slots* belongs to."""
        slots = tuple(slots)
        return tuple(name for name in self.names if not any(slot.startswith(name) for slot in slots))
