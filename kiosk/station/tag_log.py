"""What the pad's worker learns of each tag on the way, kept until a visit is over and somebody writes it down.

Written by the pad's thread, taken by the library's. Holds tags of copies only: what is no tag of ours, and every
card laid on the pad, leaves no trace here.
"""

import threading

from kiosk.circulation.model import ItemId, Refusal
from kiosk.devices import TagUid
from kiosk.library.port import TagReading
from kiosk.station.pieces import Piece
from kiosk.tags.health import TagCounts

MOST = 500
"""Tags held at once; the pad of a station that nobody visits for a night may see many books come back."""


class TagLog:
    """Adds up what happens to tags. *owners* are the owner codes of our own; none means every code."""

    def __init__(self, owners: frozenset[str] = frozenset()) -> None:
        self._owners = owners
        self._lock = threading.Lock()
        self._held: dict[TagUid, TagReading] = {}

    def read(self, piece: Piece, retries: int) -> None:
        """A tag was read, after *retries* further tries."""
        dead = piece.fault is not None and piece.fault.refusal is Refusal.DAMAGED_TAG
        ours = piece.item is not None and (not piece.owner or not self._owners or piece.owner in self._owners)
        if dead or ours:
            self._add(TagReading(piece.uid, piece.item, TagCounts(reads=1, retries=retries, unread=int(dead))))

    def weak(self, tag: TagUid) -> None:
        """A tag that lay there left the field in the middle. Counted only of one that has been read before."""
        self._add_known(tag, TagCounts(weak=1))

    def gate(self, tag: TagUid, item: ItemId, retries: int, *, done: bool) -> None:
        """Its gate bit was set after *retries* further tries, or was not."""
        self._add(TagReading(tag, item, TagCounts(gate_retries=retries, gate_failed=int(not done))))

    def take(self) -> tuple[TagReading, ...]:
        """Hand over everything; from now on it is somebody else's to keep."""
        with self._lock:
            held, self._held = self._held, {}
        return tuple(held.values())

    def _add_known(self, tag: TagUid, counts: TagCounts) -> None:
        with self._lock:
            known = self._held.get(tag)
            if known is not None:
                self._held[tag] = TagReading(tag, known.item, known.counts + counts)

    def _add(self, reading: TagReading) -> None:
        with self._lock:
            before = self._held.get(reading.tag)
            if before is None and len(self._held) >= MOST:
                return
            counts = reading.counts if before is None else before.counts + reading.counts
            item = reading.item or (None if before is None else before.item)
            self._held[reading.tag] = TagReading(reading.tag, item, counts)
