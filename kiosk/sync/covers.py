"""Fetches the covers somebody would have seen: small pictures, one after the other, behind everything else."""

import logging
from collections.abc import Callable

from kiosk.sync.errors import CentreSilent
from kiosk.sync.line import Line
from kiosk.sync.threads import SyncThread
from kiosk.sync.weather import Weather

log = logging.getLogger(__name__)

PAUSE = 2.0
MOST_BYTES = 40_000
Wanted = Callable[[], tuple[str, ...]]
Keep = Callable[[str, bytes], None]


def is_small_picture(content: bytes) -> bool:
    """Whether this is what the centre promises: a WebP of a few kilobytes, by its first bytes."""
    return len(content) <= MOST_BYTES and content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def fetching(line: Line, wanted: Wanted, keep: Keep, weather: Weather) -> SyncThread:
    """Ask for what *wanted* names and *keep* what comes; one the centre lacks waits until it is wanted again."""
    waiting: list[str] = []

    def attempt() -> bool:
        waiting.extend(name for name in wanted() if name not in waiting)
        if not waiting:
            return False
        name = waiting[0]
        content = line.cover(name)
        waiting.pop(0)
        if content is not None and is_small_picture(content):
            keep(name, content)
        elif content is not None:
            raise CentreSilent(f"what answers sends no picture for the cover {name[:12]}")
        return bool(waiting)

    def idle() -> None:
        weather.wait_out(PAUSE, weather.clearings)

    return SyncThread("sync covers", attempt, idle, weather)
