"""What one request and its reply are inside the simulated library, and what every answer is made with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.sip2_simulator.holdings import Volume
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import Manner


class HangUp(Exception):
    """The system closes the connection instead of answering. What it has done by then stays done."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was heard: message id, fixed part by name, fields by id (the first of each counts)."""

    id: str
    fixed: dict[str, str]
    fields: dict[str, str] = field(repr=False)

    def get(self, code: str) -> str:
        """Return a field, "" when it is not there."""
        return self.fields.get(code, "")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply before a manner has turned it into bytes: id, fixed part, fields in this system's order."""

    id: str
    fixed: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Talk:
    """What an answer is made with: the library, the manner of this login, and what has been agreed on the line."""

    library: SimulatedLibrary
    manner: Manner
    version: str = "2.00"

    def now(self) -> str:
        return self.stamp(self.library.now())

    def stamp(self, moment: datetime) -> str:
        """Write a moment in the 18 characters of the standard, with this system's zone."""
        return f"{moment:%Y%m%d}{self.manner.wire.date_zone}{moment:%H%M%S}"

    def due(self, moment: datetime) -> str:
        """Write a due date as this system does: the standard lets it be any text."""
        return moment.strftime(self.manner.lending.due)

    @property
    def institution(self) -> str:
        return self.manner.status.institution


def filled(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Keep the fields that say something."""
    return tuple((code, value) for code, value in pairs if value)


def yes(told: bool) -> str:
    """Write a truth as the protocol does."""
    return "Y" if told else "N"


def title_of(talk: Talk, volume: Volume | None) -> str:
    """Write a copy's title as this system does, "" for no copy."""
    return talk.manner.items.title.format(title=volume.title) if volume else ""


def heard(talk: Talk, value: str) -> str:
    """Give a value as this system has it after hearing it: one that never decodes keeps the bytes."""
    return value.encode("utf-8").decode("latin-1") if talk.manner.wire.hears_bytes else value
