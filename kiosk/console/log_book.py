"""The last lines the program said of itself, kept for the technician. Scrubbed when they are kept, not when shown."""

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.console.scrub import scrub

KEPT = 4000


@dataclass(frozen=True, slots=True)
class LogLine:
    number: int
    at: datetime
    level: str
    name: str
    says: str


class LogBook(logging.Handler):
    """A handler of the root logger. Safe from any thread."""

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__()
        self._kept: deque[LogLine] = deque(maxlen=kept)
        self._numbers = itertools.count(1)
        self._one_at_a_time = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        says = scrub(self.format(record))
        at = datetime.fromtimestamp(record.created, UTC)
        with self._one_at_a_time:
            self._kept.append(LogLine(next(self._numbers), at, record.levelname.lower(), record.name, says))

    def lines(self, least: str = "debug", search: str = "", after: int = 0) -> tuple[LogLine, ...]:
        """The lines of this level and above that say *search*, oldest first, newer than number *after*."""
        lowest = logging.getLevelNamesMapping().get(least.upper(), 0)
        sought = search.casefold()
        with self._one_at_a_time:
            kept = tuple(self._kept)
        return tuple(
            line
            for line in kept
            if line.number > after
            and logging.getLevelNamesMapping()[line.level.upper()] >= lowest
            and (not sought or sought in f"{line.name} {line.says}".casefold())
        )


class LogKeeping:
    """Puts a book under the root logger for as long as the station runs."""

    def __init__(self, book: LogBook) -> None:
        self._book = book

    def start(self, on_death: Callable[[str], None]) -> None:  # noqa: ARG002 - a book has no thread that could die
        logging.getLogger().addHandler(self._book)

    def stop(self) -> None:
        logging.getLogger().removeHandler(self._book)

    def silent(self) -> tuple[str, ...]:
        return ()
