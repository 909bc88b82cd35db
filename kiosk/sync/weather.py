"""How the line has been: shared by the threads of the sync, so that one that gets through wakes those that wait."""

import threading
import time
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Report:
    """How it stands with the centre. Texts are for technicians; "" where all is well."""

    online: bool = False
    refused: str = ""  # the centre does not accept this station any more
    upload: str = ""  # why the journal does not go up
    download: str = ""  # why changes do not come down
    settings: str = ""  # why pushed settings are not in force
    answered_at: float | None = None  # by the monotonic clock


class Weather:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._bell = threading.Condition()
        self._report = Report()
        self._clearings = 0
        self._over = False
        self._doubted = True

    def now(self) -> Report:
        with self._bell:
            return self._report

    def note(self, **changes: str) -> None:
        """Say what troubles a part of the sync, or with "" that nothing does any more."""
        with self._bell:
            self._report = replace(self._report, **changes)  # type: ignore[arg-type]

    def answered(self) -> None:
        """Say that the centre answered; whoever waits out a back-off may try at once if it was gone."""
        with self._bell:
            cleared = not self._report.online
            self._report = replace(self._report, online=True, answered_at=time.monotonic())
            if cleared:
                self._clear()

    def silent(self) -> None:
        with self._bell:
            self._report = replace(self._report, online=False)

    def doubt(self) -> None:
        """Say that the centre may have forgotten what it said it has."""
        with self._bell:
            self._doubted = True
            self._clear()

    def take_doubt(self) -> bool:
        """Say whether somebody doubts, once per doubt; after a start somebody does: who knows what happened before."""
        with self._bell:
            doubted, self._doubted = self._doubted, False
            return doubted

    def clear_up(self) -> None:
        """Let everybody who waits out a back-off try at once."""
        with self._bell:
            self._clear()

    def end(self) -> None:
        with self._bell:
            self._over = True
            self._clear()

    @property
    def over(self) -> bool:
        with self._bell:
            return self._over

    def wait_out(self, seconds: float, seen: int) -> None:
        """Wait so long, or until the weather has cleared up since *seen*."""
        with self._bell:
            self._bell.wait_for(lambda: self._over or self._clearings != seen, seconds)

    @property
    def clearings(self) -> int:
        with self._bell:
            return self._clearings

    def _clear(self) -> None:
        self._clearings += 1
        self._bell.notify_all()
