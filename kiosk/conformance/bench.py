"""What a check stands on: an open device, somebody's hands, and what must be put back on tags.

Nothing here knows a driver. `Unmet` says what the device did against its contract; `Impossible` that a check cannot be
made here and now.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from kiosk.devices import DeviceError, DeviceFacts, DeviceRefused, GateReading, TagPad, TagUid

LEFT_WITHIN: Final = 0.4
"""Seconds the contract gives a tag that was lifted."""
PATIENCE: Final = 2.0
"""Seconds a check waits for what the contract promises sooner: a busy computer is excused, a pad that never notices
is not."""
TRIES: Final = 5
"""How often a tag is put back to what it was, before somebody is told."""


class Unmet(Exception):
    """The device did something else than its contract says; the message says what."""


class Impossible(Exception):
    """The check cannot be made: nobody to move tags, or a device or tag that has no such thing."""


class PlugHands(Protocol):
    """Whoever moves plugs: a technician, or a test. Each returns False when that cannot be done."""

    def pull_plug(self) -> bool: ...

    def put_plug(self) -> bool: ...


class Hands(PlugHands, Protocol):
    """Whoever moves tags, too."""

    def lay(self, count: int) -> bool:
        """See to it that exactly *count* tags of books lie on the pad, and nothing else."""
        ...

    def lay_locked(self) -> bool:
        """See to it that exactly one tag lies there, one whose AFI is locked."""
        ...


class Device(Protocol):
    """What every device of `kiosk.devices` has."""

    def facts(self) -> DeviceFacts: ...

    def close(self) -> None: ...


D = TypeVar("D", bound=Device)
H = TypeVar("H", bound=PlugHands)


@dataclass(slots=True)
class DeviceBench(Generic[D, H]):
    """An open device of any kind. *touch* asks it something it can only answer when it is there."""

    open_device: Callable[[], D]
    hands: H
    touch: Callable[[D], object]
    clock: Callable[[], float] = field(default=time.monotonic, kw_only=True)
    _device: D | None = field(default=None, init=False)

    @property
    def device(self) -> D:
        """The device, opened when it is not. Raises: DeviceError."""
        if self._device is None:
            self._device = self.open_device()
        return self._device

    def close(self) -> None:
        if self._device is not None:
            self._device.close()
        self._device = None

    def moved(self) -> None:
        """Say that a check moved something itself: nobody knows what lies where now."""

    def restore(self) -> tuple[str, ...]:
        """Put back what checks changed; say in words where that did not come about."""
        return ()


def _look(pad: TagPad) -> object:
    return pad.inventory()


@dataclass(slots=True)
class Bench(DeviceBench[TagPad, Hands]):
    """An open pad and what is known to lie on it. *stack* is how many tags make a stack for whoever lays them."""

    touch: Callable[[TagPad], object] = _look
    stack: int = field(default=3, kw_only=True)
    _lying: int | None = field(default=None, init=False)
    _gates: dict[TagUid, GateReading] = field(default_factory=dict, init=False)

    @property
    def pad(self) -> TagPad:
        return self.device

    def have(self, count: int) -> frozenset[TagUid]:
        """See to it that so many tags lie there, and that the pad tells them. Raises: Impossible; Unmet."""
        if self._lying != count:
            self._lying = None
            if not self.hands.lay(count):
                raise Impossible("nobody laid the tags")
            self._lying = count
        return self.settles_at(count)

    def one(self) -> TagUid:
        """Have exactly one tag lie there; return it. Raises: Impossible; Unmet."""
        (uid,) = self.have(1)
        return uid

    def settles_at(self, count: int) -> frozenset[TagUid]:
        """Ask until *count* tags are told. Raises: Unmet."""
        until = self.clock() + PATIENCE
        while len(seen := self.pad.inventory()) != count and self.clock() < until:
            pass
        if len(seen) != count:
            raise Unmet(f"{_tags(len(seen))} told for {PATIENCE:g} s, while {_tags(count)} lay there")
        return seen

    def moved(self) -> None:
        """Say that a check moved tags itself: nobody knows what lies there now."""
        self._lying = None

    # what is put back

    def remember_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        """Read the gate bits of a tag before they are changed, so that they can be put back."""
        reading = self.pad.read_gate(uid, eas=eas)
        known = self._gates.get(uid)
        self._gates[uid] = known if known is not None and (known.eas is not None or not eas) else reading
        return reading

    def restore(self) -> tuple[str, ...]:
        """Put the gate bits of every tag back to what they were; say in words where that did not come about."""
        missing = tuple(words for uid, was in self._gates.items() if (words := self._put_back(uid, was)))
        self._gates.clear()
        return missing

    def _put_back(self, uid: TagUid, was: GateReading) -> str:
        now: GateReading | None = None
        for _ in range(TRIES):
            with suppress(DeviceError):
                now = self.pad.read_gate(uid, eas=was.eas is not None)
                if now == was:
                    return ""
                self._write_back(uid, now, was)
        held = "nobody knows what" if now is None else _gate(now)
        return f"tag {uid} was {_gate(was)} and holds {held} now: lay it on the pad and write it back with `kiosk tag`"

    def _write_back(self, uid: TagUid, now: GateReading, was: GateReading) -> None:
        if was.afi is not None and now.afi != was.afi:
            self.pad.write_afi(uid, was.afi)
        if was.eas is not None and now.eas != was.eas:
            self.pad.write_eas(uid, on=was.eas)


def must(done: bool, says: str) -> None:
    """Raises: Unmet - saying *says* - unless what was to be is so."""
    if not done:
        raise Unmet(says)


def must_refuse(kind: type[DeviceRefused], attempt: str, act: Callable[[], object]) -> None:
    """Raises: Unmet, unless *act* raises just this refusal; *attempt* names it: "reading it"."""
    try:
        act()
    except kind as refusal:
        must(bool(str(refusal)), f"{attempt} was refused without a word")
        return
    except DeviceRefused as other:
        raise Unmet(f"{attempt} was refused as {type(other).__name__} ({other}), not as {kind.__name__}") from other
    raise Unmet(f"{attempt} was not refused")


def _tags(count: int) -> str:
    return {0: "no tag", 1: "one tag"}.get(count, f"{count} tags")


def _gate(reading: GateReading) -> str:
    afi = "no AFI" if reading.afi is None else f"AFI {reading.afi:02X}"
    return afi if reading.eas is None else f"{afi} and EAS {'on' if reading.eas else 'off'}"
