"""What the pad worker does on the pad: sweep it, read tags, set gate bits and read them back. No state machine."""

import time
from collections.abc import Callable, Iterable, Iterator

from kiosk.devices import DeviceLost, DeviceRefused, GateReading, TagContent, TagGone, TagLocked, TagPad, TagUid
from kiosk.library.port import GateFact, GateOrder, GateOutcome
from kiosk.station.events import Event, GateAnswered, StackChanged, TagsRead
from kiosk.station.pieces import Piece, piece_of
from kiosk.station.tag_log import TagLog
from kiosk.tags.afi import Gate, GateProfile, reads_as
from kiosk.tags.detect import decode
from kiosk.tags.model import BadTag, TagData

LINGER = 0.5
"""Seconds a tag may be unseen before it counts as lifted: one weak sweep is not a lifted book."""
TRIES = 3
"""How often a write or a read of one tag is tried (ISO 28560 tags at the edge of the field need it)."""


class Sweep:
    """Polls the pad and tells when the stack is another. One per opened pad, called from its worker only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, log: TagLog | None = None) -> None:
        self._clock = clock
        self.log = log or TagLog()
        self._seen_at: dict[TagUid, float] = {}
        self._told: frozenset[TagUid] | None = None
        self.retries = 0  # reads that had to be done again, since the start

    def __call__(self, pad: TagPad) -> Iterable[Event]:
        now = self._clock()
        for uid in pad.inventory():
            self._seen_at[uid] = now
        self._seen_at = {uid: seen for uid, seen in self._seen_at.items() if now - seen <= LINGER}
        lying = frozenset(self._seen_at)
        if lying != self._told:
            self._told = lying
            yield StackChanged(lying)

    def forget(self, uid: TagUid) -> None:
        """A tag was found gone: tell the stack anew at the next sweep, with it or without."""
        self.log.weak(uid)
        self._seen_at.pop(uid, None)
        self._told = None

    def restart(self) -> None:
        """The pad was opened again: nothing is known."""
        self._seen_at.clear()
        self._told = None


def read_tags(pad: TagPad, tags: tuple[TagUid, ...], sweep: Sweep) -> Iterator[Event]:
    """Read these tags, one event each: a copy is decided on and committed while the pad reads the next one."""
    for uid in tags:
        try:
            yield TagsRead((_read_piece(pad, uid, sweep),))
        except TagGone:
            sweep.forget(uid)
            yield TagsRead((), (uid,))


def _read_piece(pad: TagPad, uid: TagUid, sweep: Sweep) -> Piece:
    """Read one tag as often as it takes to understand it. Raises: TagGone; DeviceLost."""
    tag: TagData | None = None
    failed = 0
    for number, read in enumerate((pad.read, *[pad.read_all] * (TRIES - 1))):
        sweep.retries += number > 0
        try:
            tag = _decoded(read(uid))
        except TagGone:
            raise
        except DeviceRefused:
            failed += 1
            continue
        wrong = tag is None or tag.crc_ok is False
        if not wrong and tag is not None and not tag.cut_short:
            break
        failed += wrong  # a tag with more to say than one read holds is not the worse for it
    piece = piece_of(uid, tag)
    sweep.log.read(piece, min(failed, TRIES - 1))
    return piece


def _decoded(content: TagContent) -> TagData | None:
    try:
        return decode(content.data, content.dsfid)
    except BadTag:
        return None


def set_gates(pad: TagPad, orders: tuple[GateOrder, ...], profile: GateProfile, sweep: Sweep) -> Iterator[Event]:
    """Obey gate orders one after the other; each is answered as soon as its tag was read back."""
    left = list(orders)
    try:
        while left:
            fact = set_gate(pad, left[0], profile, sweep.log)
            if fact.outcome is GateOutcome.GONE:
                sweep.forget(fact.order.tag)
            yield GateAnswered(fact)
            left.pop(0)
    except DeviceLost:
        yield from gates_unset(tuple(left))
        raise


def gates_unset(orders: tuple[GateOrder, ...]) -> Iterator[Event]:
    """There is no pad to obey: for the ledger, the tags are gone."""
    yield from (GateAnswered(GateFact(order, GateOutcome.GONE)) for order in orders)


def set_gate(pad: TagPad, order: GateOrder, profile: GateProfile, log: TagLog | None = None) -> GateFact:
    """Write the gate bit of one tag and read it back. Done means: read back as ordered. Raises: DeviceLost."""
    if not profile.marks:
        return GateFact(order, GateOutcome.DONE)  # a house without gates: nothing is written, nothing owed
    fact, tries = _set_and_read_back(pad, order, profile)
    if log is not None and fact.outcome is not GateOutcome.GONE:
        log.gate(order.tag, order.item, tries - 1, done=fact.outcome is GateOutcome.DONE)
    return fact


def _set_and_read_back(pad: TagPad, order: GateOrder, profile: GateProfile) -> tuple[GateFact, int]:
    """Try up to TRIES times; say what became of it and how many it took."""
    wanted = Gate.ARMED if order.armed else Gate.CLEARED
    outcome = GateOutcome.UNCONFIRMED
    reading = GateReading(afi=None)
    for tries in range(1, TRIES + 1):
        try:
            locked = _write(pad, order, profile)
            reading = pad.read_gate(order.tag, eas=profile.eas)
        except TagGone:
            outcome = GateOutcome.GONE
            continue
        except DeviceRefused:
            outcome = GateOutcome.UNCONFIRMED
            continue
        if reads_as(profile, reading.afi, reading.eas) is wanted:
            return GateFact(order, GateOutcome.DONE, reading.afi), tries
        outcome = GateOutcome.LOCKED if locked else GateOutcome.UNCONFIRMED
    return GateFact(order, outcome, reading.afi), TRIES


def _write(pad: TagPad, order: GateOrder, profile: GateProfile) -> bool:
    """Write what the profile asks for; True when the tag is locked: the read-back then says in which state."""
    wanted = profile.write_for(armed=order.armed)
    try:
        if wanted.afi is not None:
            pad.write_afi(order.tag, wanted.afi)
        if wanted.eas is not None:
            pad.write_eas(order.tag, on=wanted.eas)
    except TagLocked:
        return True
    return False
