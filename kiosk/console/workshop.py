"""The technician at work: the station taken into service and back, each device used by the thread that owns it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.console import tags
from kiosk.console.tags import Inspected, Label
from kiosk.devices import DeviceRefused, Slip, TagGone, TagPad, TagUid
from kiosk.station.card_ear import HeardCard
from kiosk.station.events import ServiceCalled, ServiceOver
from kiosk.station.shell import Shell
from kiosk.station.view import ServiceView
from kiosk.tags.afi import GateProfile

ASKED = 24
"""How often a tag is asked at each place of the pad for the map: enough to tell 90 % from 100 %."""
TAG_WORK = 8.0
"""Seconds a piece of work on tags may wait and take; the watchdog ends a program whose device is silent for 10."""
_LOOK_EVERY = 0.05
R = TypeVar("R")


class NotInService(Exception):
    """The station serves patrons: take it into service first."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What the ledger knows of a copy."""

    item: str
    title: str
    parts: int
    on_loan: bool = False


class Workshop:
    """Used by the threads of the web server. *owner* is the ISIL tags are written with."""

    def __init__(self, shell: Shell, profile: GateProfile, owner: str, find: Callable[[str], KnownItem | None]) -> None:
        self._shell = shell
        self.profile = profile
        self.owner = owner
        self.find = find

    # --- service ---------------------------------------------------------------------------------------

    @property
    def in_service(self) -> bool:
        return isinstance(self._shell.board.latest()[1], ServiceView)

    def call(self, wait: float = 0.0) -> bool:
        """Take the station into service once nobody's visit runs; say whether it is, after *wait* seconds at most."""
        self._shell.tell(ServiceCalled())
        until = time.monotonic() + wait
        while not self.in_service and time.monotonic() < until:
            time.sleep(_LOOK_EVERY)
        return self.in_service

    def release(self) -> None:
        """Give the station back to its patrons."""
        self._shell.tell(ServiceOver())

    # --- tags ------------------------------------------------------------------------------------------

    def inspect(self) -> tuple[Inspected, ...]:
        """Read everything that lies on the pad. Raises: NotInService; DeviceError."""
        return self._on_pad(lambda pad: tags.inspect_all(pad, self.profile))

    def write(self, label: Label, *, overwrite: bool = False) -> Inspected:
        """Write the one tag that lies there. Raises: NotInService; NotWritten; DeviceError."""
        return self._on_pad(lambda pad: tags.write_label(pad, label, self.profile, overwrite=overwrite))

    def lock(self, uid: TagUid) -> Inspected:
        """Lock a tag for ever. Raises: NotInService; NotWritten; DeviceError."""
        return self._on_pad(lambda pad: tags.lock_label(pad, uid, self.profile))

    def set_gate(self, uid: TagUid, *, armed: bool) -> Inspected:
        """Arm or clear a tag. Raises: NotInService; NotWritten; DeviceError."""
        return self._on_pad(lambda pad: tags.set_gate(pad, uid, self.profile, armed=armed))

    def measure(self) -> tuple[int, int]:
        """Ask the one tag on the pad over and over: answered, asked. Raises: NotInService; NotWritten; DeviceError."""
        return self._on_pad(_measured)

    # --- the others ------------------------------------------------------------------------------------

    @property
    def last_card(self) -> HeardCard | None:
        """Say what was tapped last; never whose it is."""
        return self._shell.cards.last

    def print(self, slip: Slip) -> None:
        """Print a slip and wait for it. Raises: NotInService; DeviceError."""
        self._demand_service()
        self._shell.on_printer(lambda printer: printer.print(slip))

    def _on_pad(self, do: Callable[[TagPad], R]) -> R:
        self._demand_service()
        return self._shell.on_pad(do, TAG_WORK)

    def _demand_service(self) -> None:
        """Working is a sign of life, too."""
        if not self.in_service:
            raise NotInService
        self._shell.tell(ServiceCalled())


def _measured(pad: TagPad) -> tuple[int, int]:
    uid = tags.only_tag(pad)
    answered = 0
    for _ in range(ASKED):
        try:
            pad.read_gate(uid)
        except TagGone:
            continue
        except DeviceRefused:
            continue
        answered += 1
    return answered, ASKED
