"""What one tag on the pad turned out to be, and which pieces make a copy. Pure: bytes were read elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.circulation.model import ItemId, Reason, Refusal
from kiosk.devices import TagUid
from kiosk.tags.model import TagData, TagModel, Usage


@dataclass(frozen=True, slots=True)
class Piece:
    """One tag as read: either the copy it belongs to, or `fault`, the reason it cannot be served."""

    uid: TagUid
    item: ItemId | None = None
    owner: str = ""
    parts: int = 1
    part: int = 1
    fault: Reason | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A copy that lies on the pad, from one tag or several. `seen` of its `parts` lie there: those called `here`."""

    identity: str
    tags: tuple[TagUid, ...]
    item: ItemId | None
    owner: str
    parts: int
    seen: int
    fault: Reason | None
    here: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        return self.seen >= self.parts


_FAULTS = {
    TagModel.BLANK: Refusal.BLANK_TAG,
    TagModel.FOREIGN: Refusal.FOREIGN_TAG,
}


def piece_of(uid: TagUid, tag: TagData | None) -> Piece:
    """Say what a decoded tag means at a station; None = its data could not be decoded."""
    if not uid.startswith("E0"):
        return Piece(uid, fault=Reason(Refusal.PATRON_CARD_ON_PAD))
    if tag is None or tag.crc_ok is False:
        return Piece(uid, fault=Reason(Refusal.DAMAGED_TAG))
    if tag.usage is Usage.PATRON:
        return Piece(uid, fault=Reason(Refusal.PATRON_CARD_ON_PAD))
    if (refusal := _FAULTS.get(tag.model)) is not None:
        return Piece(uid, fault=Reason(refusal))
    if not tag.item_id:
        return Piece(uid, fault=Reason(Refusal.BLANK_TAG))
    if tag.usage is Usage.DISCARDED:
        return Piece(uid, fault=Reason(Refusal.WITHDRAWN))
    return Piece(uid, ItemId(tag.item_id), tag.owner, max(tag.parts, 1), tag.part)


def gather(pieces: Iterable[Piece]) -> tuple[Found, ...]:
    """Put the pieces of each copy together, in the order they were read.

    Part 0 means the one tag stands for the whole set (ISO 28560-3, element "part number").
    """
    groups: dict[str, list[Piece]] = {}
    for piece in pieces:
        identity = f"tag:{piece.uid}" if piece.item is None else f"{piece.owner}:{piece.item}"
        groups.setdefault(identity, []).append(piece)
    return tuple(_found(identity, group) for identity, group in groups.items())


def _found(identity: str, group: list[Piece]) -> Found:
    first = group[0]
    parts = max(piece.parts for piece in group)
    for_all = any(piece.part == 0 for piece in group)
    seen = parts if for_all else len({piece.part for piece in group})
    tags = tuple(sorted(piece.uid for piece in group))
    here = tuple(sorted({piece.part for piece in group})) if parts > 1 else ()
    return Found(identity, tags, first.item, first.owner, parts, seen, first.fault, here)
