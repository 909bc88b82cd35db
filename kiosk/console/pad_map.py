"""How well the pad hears a tag at each of nine places: measured by hand, kept with its date, to be compared later."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.sync.whole_files import write_whole

PLACES = 9
"""Three rows of three, the row farthest from the patron first."""
KEPT = 12


@dataclass(frozen=True, slots=True)
class PadMap:
    """One measurement: for each place how many of the askings were answered; None where nobody measured yet."""

    begun: datetime
    heard: tuple[tuple[int, int] | None, ...] = (None,) * PLACES

    @property
    def done(self) -> bool:
        return all(place is not None for place in self.heard)

    def percents(self) -> tuple[int | None, ...]:
        return tuple(None if place is None else round(100 * place[0] / place[1]) for place in self.heard)

    def weakest(self) -> int | None:
        """Say the worst share of answers, in percent; None before anything was measured."""
        return min((one for one in self.percents() if one is not None), default=None)

    def with_place(self, place: int, answered: int, asked: int) -> "PadMap":
        heard = list(self.heard)
        heard[place] = (answered, asked)
        return PadMap(self.begun, tuple(heard))


class PadMaps:
    """The maps of one station, newest first, in a file beside the ledger."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> tuple[PadMap, ...]:
        """Read them; a file that cannot be read is as good as none: it is measured anew."""
        try:
            kept = json.loads(self._path.read_bytes())
            return tuple(
                PadMap(
                    datetime.fromisoformat(one["begun"]),
                    tuple(None if place is None else (int(place[0]), int(place[1])) for place in one["heard"]),
                )
                for one in kept
            )
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return ()

    def begin(self, now: datetime) -> None:
        """Begin a new measurement. Raises: OSError."""
        self._keep((PadMap(now), *self.all()))

    def note(self, place: int, answered: int, asked: int, now: datetime) -> None:
        """Note one place of the newest measurement. Raises: OSError."""
        newest, *older = self.all() or (PadMap(now),)
        self._keep((newest.with_place(place, answered, asked), *older))

    def _keep(self, maps: tuple[PadMap, ...]) -> None:
        table = [{"begun": one.begun.isoformat(), "heard": one.heard} for one in maps[:KEPT]]
        write_whole(self._path, json.dumps(table).encode())
