"""What about a station wants somebody's eye: a pure look at its last word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.central.fleet import StationState
from kiosk.wire.messages import Heartbeat

SILENT_AFTER = timedelta(minutes=5)
LONG_QUEUE = 50
OLD_EVENT_S = 600.0
LARGE_CHECKOUT = 20
CLOCK_OFF_S = 120.0
LITTLE_DISK_MB = 500
_PAPER = {"out", "low", "cover-open", "jammed", "fault", "hot"}


class Alarm(StrEnum):
    """Every alarm has words in the office; a test says so."""

    SILENT = "silent"
    NEVER_HEARD = "never-heard"
    QUEUE = "queue"
    PAPER = "paper"
    DEVICE = "device"
    FAILED_CHECKOUTS = "failed-checkouts"
    LARGE_CHECKOUT = "large-checkout"
    HOLD_RETURNED = "hold-returned"
    CALLED = "called"
    CLOCK = "clock"
    SETTINGS = "settings"
    DISK = "disk"
    DEBTS = "debts"


GRAVE = frozenset({Alarm.SILENT, Alarm.NEVER_HEARD, Alarm.DEVICE, Alarm.DISK})
"""Those a technician goes for; the others can wait for a librarian."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm and the fact its words need."""

    alarm: Alarm
    fact: str = ""

    @property
    def grave(self) -> bool:
        return self.alarm in GRAVE


def alarms_of(state: StationState, now: datetime) -> tuple[Raised, ...]:
    """Look at a station's last word; one that was shut out raises none."""
    if state.revoked_at is not None:
        return ()
    if state.heard_at is None or state.heartbeat is None:
        return (Raised(Alarm.NEVER_HEARD),)
    if now - state.heard_at > SILENT_AFTER:
        return (Raised(Alarm.SILENT, str(int((now - state.heard_at).total_seconds() // 60))),)
    return tuple(_of_heartbeat(state.heartbeat))


def _of_heartbeat(said: Heartbeat) -> list[Raised]:
    found = [Raised(Alarm.DEVICE, one.kind) for one in said.devices if not one.ok]
    facts = {
        Alarm.QUEUE: (said.queue > LONG_QUEUE or said.oldest_unsent_s > OLD_EVENT_S, said.queue),
        Alarm.PAPER: (said.paper in _PAPER, said.paper),
        Alarm.FAILED_CHECKOUTS: (said.failed_checkouts > 0, said.failed_checkouts),
        Alarm.LARGE_CHECKOUT: (said.largest_checkout >= LARGE_CHECKOUT, said.largest_checkout),
        Alarm.HOLD_RETURNED: (said.holds_returned > 0, said.holds_returned),
        Alarm.CALLED: (said.calls > 0, said.calls),
        Alarm.CLOCK: (abs(said.clock_offset) > CLOCK_OFF_S or not said.clock_trusted, int(said.clock_offset)),
        Alarm.SETTINGS: (bool(said.settings_trouble), said.settings_trouble),
        Alarm.DISK: (0 < said.disk_free_mb < LITTLE_DISK_MB, said.disk_free_mb),
        Alarm.DEBTS: (said.debts > 0, said.debts),
    }
    return found + [Raised(alarm, str(fact)) for alarm, (rung, fact) in facts.items() if rung]
