"""What a technician does with tags on the pad: look at one closely, write it and read it back, lock it for ever.

Every function here runs on the thread that owns the pad (`Shell.on_pad`), as one piece of work of a few seconds.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from kiosk.devices import DeviceRefused, TagLocked, TagPad, TagUid, TagWorkshop
from kiosk.tags import iso28560_3
from kiosk.tags.afi import Gate, GateProfile, reads_as
from kiosk.tags.detect import decode
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagData, TagModel, Usage

SETTLE = 1.0
"""Seconds a pad may take to see that one book was taken away and the next one laid."""
TRIES = 3
"""How often a step is tried: tags at the edge of the field need it."""


R = TypeVar("R")


class NotWritten(Exception):
    """A tag is not as it should be. `why` names the words for it; `detail` is the device's own."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Inspected:
    """One tag, as closely as the pad can tell. `data` is None where its bytes make no sense: `trouble` says why."""

    uid: TagUid
    raw: bytes
    block_size: int
    dsfid: int | None
    afi: int | None
    eas: bool | None
    gate: Gate
    data: TagData | None
    trouble: str = ""

    @property
    def is_card(self) -> bool:
        """Whether this is no tag at all but a card somebody laid on the pad."""
        return not self.uid.startswith("E0")

    @property
    def blocks(self) -> tuple[bytes, ...]:
        return tuple(self.raw[at : at + self.block_size] for at in range(0, len(self.raw), self.block_size))

    @property
    def is_blank(self) -> bool:
        return self.data is not None and self.data.model is TagModel.BLANK

    def elements(self) -> Iterator[tuple[str, str]]:
        """Go through what the tag says, by the name of each element."""
        if self.data is None:
            return
        yield "model", self.data.model.value
        if self.data.model not in (TagModel.BLANK, TagModel.FOREIGN):
            yield "item", self.data.item_id
            yield "owner", self.data.owner
            yield "part", f"{self.data.part} / {self.data.parts}"
            yield "usage", self.data.usage.value
        yield from self.data.extras


@dataclass(frozen=True, slots=True)
class Label:
    """What a tag shall say."""

    item: str
    owner: str
    parts: int = 1
    part: int = 1
    usage: Usage = Usage.CIRCULATING


def inspect(pad: TagPad, uid: TagUid, profile: GateProfile) -> Inspected:
    """Read everything of one tag. Raises: TagGone; DeviceRefused; DeviceLost."""
    if not uid.startswith("E0"):
        return Inspected(uid, b"", 4, None, None, None, Gate.UNCLEAR, None)
    size = pad.block_size(uid) if isinstance(pad, TagWorkshop) else 4
    content = _insist(lambda: pad.read_all(uid))
    reading = _insist(lambda: pad.read_gate(uid, eas=True))
    trouble, data = "", None
    try:
        data = decode(content.data, content.dsfid, size)
    except BadTag as bad:
        trouble = str(bad)
    gate = reads_as(profile, reading.afi, reading.eas)
    return Inspected(uid, content.data, size, content.dsfid, reading.afi, reading.eas, gate, data, trouble)


def inspect_all(pad: TagPad, profile: GateProfile, most: int = 6) -> tuple[Inspected, ...]:
    """Read the tags that lie there, at most so many. Those that leave meanwhile are left out. Raises: DeviceLost."""
    found = []
    for uid in sorted(pad.inventory())[:most]:
        try:
            found.append(inspect(pad, uid, profile))
        except DeviceRefused:
            continue
    return tuple(found)


def only_tag(pad: TagPad) -> TagUid:
    """Find the one tag on the pad. Raises: NotWritten - none, or several: nobody can say which was meant."""
    until = time.monotonic() + SETTLE
    tags = sorted(pad.inventory())
    while len(tags) != 1 and time.monotonic() < until:
        tags = sorted(pad.inventory())  # a hand is still changing the books
    if not tags:
        raise NotWritten("none")
    if len(tags) > 1:
        raise NotWritten("several", str(len(tags)))
    if not tags[0].startswith("E0"):
        raise NotWritten("card")
    return tags[0]


def only_tag_of(found: tuple[Inspected, ...]) -> Inspected:
    """Take the one tag of what was inspected. Raises: NotWritten - none, or several, or a card."""
    if len(found) != 1:
        raise NotWritten("several" if found else "none", str(len(found)))
    if found[0].is_card:
        raise NotWritten("card")
    return found[0]


def write_label(pad: TagPad, label: Label, profile: GateProfile, *, overwrite: bool = False) -> Inspected:
    """Write the one tag that lies there, ISO 28560-3, arm its gate bit, and read all of it back.

    Only blocks that differ are written. A tag that already says the same counts as written.
    Raises: NotWritten - the place is kept: the same can be asked again; DeviceLost.
    """
    if not isinstance(pad, TagWorkshop):
        raise NotWritten("pad")
    uid = only_tag(pad)
    try:
        before = inspect(pad, uid, profile)
        if not (overwrite or before.is_blank or _says(before, label)):
            raise NotWritten("taken", "" if before.data is None else before.data.item_id)
        wanted = _bytes_of(label, len(before.raw))
        _write_differing(pad, before, wanted)
        if before.dsfid != iso28560_3.DSFID:
            _insist(lambda: pad.write_dsfid(uid, iso28560_3.DSFID))
        _arm(pad, uid, profile)
        after = inspect(pad, uid, profile)
    except TagLocked as locked:
        raise NotWritten("locked", str(locked)) from locked
    except DeviceRefused as refused:
        raise NotWritten("refused", str(refused)) from refused
    return _verified(after, wanted, profile)


def lock_label(pad: TagPad, uid: TagUid, profile: GateProfile) -> Inspected:
    """Lock what a tag says for ever; its gate bit stays free. Only a sound ISO 28560-3 tag is locked.

    Raises: NotWritten; DeviceLost.
    """
    if not isinstance(pad, TagWorkshop):
        raise NotWritten("pad")
    if only_tag(pad) != uid:
        raise NotWritten("other")
    try:
        tag = inspect(pad, uid, profile)
        if tag.data is None or tag.data.model is not TagModel.ISO_28560_3 or not tag.data.crc_ok:
            raise NotWritten("unsound")
        used = -(-len(tag.raw.rstrip(b"\0")) // tag.block_size)
        least = -(-min(iso28560_3.BASIC_BLOCK, len(tag.raw)) // tag.block_size)
        pad.lock_blocks(uid, 0, max(used, least))
        return inspect(pad, uid, profile)
    except DeviceRefused as refused:
        raise NotWritten("refused", str(refused)) from refused


def set_gate(pad: TagPad, uid: TagUid, profile: GateProfile, *, armed: bool) -> Inspected:
    """Arm or clear one tag and read it back. Raises: NotWritten; DeviceLost."""
    try:
        _set(pad, uid, profile, armed=armed)
        after = inspect(pad, uid, profile)
    except DeviceRefused as refused:
        raise NotWritten("refused", str(refused)) from refused
    if profile.marks and after.gate is not (Gate.ARMED if armed else Gate.CLEARED):
        raise NotWritten("gate")
    return after


def _says(tag: Inspected, label: Label) -> bool:
    said = tag.data
    return said is not None and bool(said.crc_ok) and (said.item_id, said.part) == (label.item, label.part)


def _bytes_of(label: Label, size: int) -> bytes:
    try:
        return encode(TagModel.ISO_28560_3, label.item, label.owner, label.parts, label.part, label.usage, size)
    except BadTag as bad:
        raise NotWritten("unfit", str(bad)) from bad


def _write_differing(pad: TagPad, before: Inspected, wanted: bytes) -> None:
    size = before.block_size
    for at in range(0, len(wanted), size):
        block = wanted[at : at + size]
        if block != before.raw[at : at + size]:
            _insist(partial(pad.write_blocks, before.uid, at // size, block))


def _arm(pad: TagPad, uid: TagUid, profile: GateProfile) -> None:
    _set(pad, uid, profile, armed=True)


def _set(pad: TagPad, uid: TagUid, profile: GateProfile, *, armed: bool) -> None:
    wanted = profile.write_for(armed=armed)
    if (afi := wanted.afi) is not None:
        _insist(lambda: pad.write_afi(uid, afi))
    if (eas := wanted.eas) is not None:
        _insist(lambda: pad.write_eas(uid, on=eas))


def _verified(after: Inspected, wanted: bytes, profile: GateProfile) -> Inspected:
    if after.raw != wanted:
        raise NotWritten("differs")
    if profile.marks and after.gate is not Gate.ARMED:
        raise NotWritten("gate")
    return after


def _insist(do: Callable[[], R]) -> R:
    """Try a step again that was refused; a lock or the third refusal is told."""
    for _ in range(TRIES - 1):
        try:
            return do()
        except TagLocked:
            raise
        except DeviceRefused:
            continue
    return do()
