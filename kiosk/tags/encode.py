"""Write what a tag shall say: the other door, for the technician's desk and for tests of whole visits."""

from kiosk.tags import iso28560_2, iso28560_3, rfid501
from kiosk.tags.model import BadTag, TagData, TagModel, Usage, canonical_owner, check_block_size


def encode(  # noqa: PLR0913 - the fields of a tag, and every one after the owner has its usual value
    model: TagModel,
    item_id: str,
    owner: str = "",
    parts: int = 1,
    part: int = 1,
    usage: Usage = Usage.CIRCULATING,
    size: int | None = None,
    *,
    title: str = "",
    media: str = "",
    shelf: str = "",
    version_nibble: iso28560_3.VersionNibble = "high",
    block_size: int = 4,
) -> bytes:
    """Lay out a tag of *model*, filled with 00 or cut where only 00 follows to *size* bytes of user memory.

    Without a size it is as long as it needs to be. `version_nibble` is the place of the version in byte 0 of
    ISO 28560-3; `block_size` what ISO 28560-2 aligns its lockable elements to.
    Raises: BadTag - a value the model has no place for, or all of them together do not fit.
    """
    check_block_size(block_size)
    _check_text("item id", item_id)
    for name, text in (("title", title), ("shelf", shelf)):
        if text:
            _check_text(name, text)
    extras = tuple((name, text) for name, text in (("title", title), ("media", media), ("shelf", shelf)) if text)
    if part > parts:
        raise BadTag(
            f"part {part} of {parts}: a set has no part beyond its last; count parts from 1, 0 for its only tag"
        )
    tag = TagData(model, item_id, canonical_owner(owner), parts, part, usage, extras=extras)
    return _fit(_lay_out(tag, version_nibble, block_size), size)


def _lay_out(tag: TagData, version_nibble: iso28560_3.VersionNibble, block_size: int) -> bytes:
    match tag.model:
        case TagModel.ISO_28560_3:
            return iso28560_3.encode(tag, version_nibble)
        case TagModel.ISO_28560_2:
            return iso28560_2.encode(tag, block_size)
        case TagModel.RFID_501:
            return rfid501.encode(tag)
        case TagModel.BLANK | TagModel.FOREIGN:
            raise BadTag(f"model {tag.model.value!r} cannot be written; choose one of ISO 28560 or 3M 501")


def _check_text(name: str, text: str) -> None:
    if not text or not text.isprintable() or text != text.strip():
        raise BadTag(f"{name} {text!r}: must not be empty, hold control signs or begin or end with a blank")


def _fit(layout: bytes, size: int | None) -> bytes:
    """Bring *layout* to *size* bytes; only 00 may fall off: decoding puts it back."""
    if size is None:
        return layout
    if any(layout[max(size, 0) :]):
        raise BadTag(
            f"needs {len(layout.rstrip(bytes(1)))} bytes, the tag has {size}; "
            "shorten title or shelf, or take a larger tag",
        )
    return layout[:size].ljust(size, b"\0")
