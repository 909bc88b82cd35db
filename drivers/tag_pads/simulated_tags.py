"""Tags as a simulated pad feels them, and the field they lie in. Any protocol's simulated pad can use both.

A tag keeps memory, AFI, DSFID, EAS and its locks; what it forgets without power (quiet, selected) the field
holds. Memory here is in tag order: a protocol that turns blocks round does so itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from kiosk.devices import TagUid

NXP = "E004"
"""How the UID of a tag made by NXP begins; ISO/IEC 7816-6 manufacturer 04."""
DANISH_MODEL = 0x3E
"""DSFID of ISO 28560-3 tags."""
IN_LIBRARY = 0x07
ICODE_SLIX_BLOCKS = 28


class TagRefusalError(Exception):
    """The tag says no. `code` is its ISO/IEC 15693-3 error code, `block` the block it is about."""

    def __init__(self, code: int, block: int | None = None) -> None:
        super().__init__(f"tag error 0x{code:02X}")
        self.code = code
        self.block = block


def normal_uid(text: str) -> TagUid:
    """Bring a UID to the one form used everywhere: upper-case hex, most significant byte first.

    Raises: ValueError - not 4, 7, 8 or 10 bytes of hex.
    """
    digits = re.sub(r"[\s:\-]|^0[xX]", "", text.strip()).upper()
    if not re.fullmatch(r"(?:[0-9A-F]{2}){4}|[0-9A-F]{14}|[0-9A-F]{16}|[0-9A-F]{20}", digits):
        raise ValueError(f"{text!r} is no UID: expected 16 hex digits such as E00401003123AA26")
    return TagUid(digits)


@dataclass(slots=True)
class SimulatedTag:
    """One tag: an ISO 15693 label of a book, or, when its UID does not begin with E0, a card somebody laid there."""

    uid: TagUid
    memory: bytearray = field(default_factory=lambda: bytearray(4 * ICODE_SLIX_BLOCKS))
    dsfid: int = DANISH_MODEL
    afi: int = IN_LIBRARY
    eas: bool = False
    block_size: int = 4
    ic_ref: int = 0x01
    afi_locked: bool = False
    eas_locked: bool = False
    dsfid_locked: bool = False
    locked_blocks: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, uid: str, memory: bytes = b"", *, blocks: int | None = None, block_size: int = 4) -> Self:
        """Make a tag holding *memory* from block 0, the rest zero; *blocks* defaults to what holds it, 28
        at least.

        Raises: ValueError - bad UID, or *memory* longer than the tag.
        """
        needed = -(-len(memory) // block_size)
        count = max(needed, ICODE_SLIX_BLOCKS) if blocks is None else blocks
        if needed > count:
            raise ValueError(f"{len(memory)} bytes do not fit {count} blocks of {block_size}")
        return cls(normal_uid(uid), bytearray(memory.ljust(count * block_size, b"\0")), block_size=block_size)

    @property
    def blocks(self) -> int:
        return len(self.memory) // self.block_size

    @property
    def is_iso15693(self) -> bool:
        return self.uid.startswith("E0") and len(self.uid) == 16

    @property
    def is_nxp(self) -> bool:
        return self.uid.startswith(NXP)

    @property
    def air_uid(self) -> bytes:
        """The UID as it travels between tag and antenna: least significant byte first."""
        return bytes.fromhex(self.uid)[::-1]

    def read_block(self, number: int) -> bytes:
        """Raises: TagRefusalError 0x10 - no such block."""
        self._expect_block(number)
        return bytes(self.memory[number * self.block_size : (number + 1) * self.block_size])

    def write_block(self, number: int, block: bytes) -> None:
        """Raises: TagRefusalError 0x10 - no such block; 0x12 - locked; 0x0F - not one block long."""
        self._expect_block(number)
        if number in self.locked_blocks:
            raise TagRefusalError(0x12, number)
        if len(block) != self.block_size:
            raise TagRefusalError(0x0F, number)
        self.memory[number * self.block_size : (number + 1) * self.block_size] = block

    def lock_block(self, number: int) -> None:
        """Raises: TagRefusalError 0x10 - no such block; 0x11 - locked already."""
        self._expect_block(number)
        if number in self.locked_blocks:
            raise TagRefusalError(0x11, number)
        self.locked_blocks.add(number)

    def write_afi(self, afi: int) -> None:
        """Raises: TagRefusalError 0x12 - locked."""
        if self.afi_locked:
            raise TagRefusalError(0x12)
        self.afi = afi

    def lock_afi(self) -> None:
        """Raises: TagRefusalError 0x11 - locked already."""
        if self.afi_locked:
            raise TagRefusalError(0x11)
        self.afi_locked = True

    def write_dsfid(self, dsfid: int) -> None:
        """Raises: TagRefusalError 0x12 - locked."""
        if self.dsfid_locked:
            raise TagRefusalError(0x12)
        self.dsfid = dsfid

    def lock_dsfid(self) -> None:
        """Raises: TagRefusalError 0x11 - locked already."""
        if self.dsfid_locked:
            raise TagRefusalError(0x11)
        self.dsfid_locked = True

    def write_eas(self, *, on: bool) -> None:
        """Raises: TagRefusalError 0x12 - locked."""
        if self.eas_locked:
            raise TagRefusalError(0x12)
        self.eas = on

    def lock_eas(self) -> None:
        """Raises: TagRefusalError 0x11 - locked already."""
        if self.eas_locked:
            raise TagRefusalError(0x11)
        self.eas_locked = True

    def lock(self, what: str) -> None:
        """Lock what a person names: `afi`, `eas`, `dsfid`, `block 3` or `3`. Raises: ValueError - no such thing."""
        number = what.removeprefix("block").strip()
        if number.isdecimal() and int(number) < self.blocks:
            self.locked_blocks.add(int(number))
        elif what in {"afi", "eas", "dsfid"}:
            setattr(self, f"{what}_locked", True)
        else:
            raise ValueError(f"{what!r}: expected afi, eas, dsfid or a block below {self.blocks}")

    def unlock(self) -> None:
        """Take every lock off: what no real tag allows, for the next try."""
        self.afi_locked = self.eas_locked = self.dsfid_locked = False
        self.locked_blocks.clear()

    def _expect_block(self, number: int) -> None:
        if not 0 <= number < self.blocks:
            raise TagRefusalError(0x10, number)


class TagField:
    """The field of a pad's antenna: which tags lie in it, and what they forget when it drops."""

    def __init__(self, tags: Iterable[SimulatedTag] = ()) -> None:
        self._laid: dict[str, SimulatedTag] = {tag.uid: tag for tag in tags}
        self._quiet: set[str] = set()
        self._selected: str | None = None
        self._powered = True

    def lay(self, tag: SimulatedTag) -> None:
        self._laid[tag.uid] = tag
        self._forget(tag.uid)

    def lift(self, uid: str) -> SimulatedTag | None:
        """Take a tag away; return it, or None when it was not there."""
        self._forget(uid)
        return self._laid.pop(uid, None)

    def laid(self) -> tuple[SimulatedTag, ...]:
        """Every tag on the pad, powered or not, in the order they were laid."""
        return tuple(self._laid.values())

    def __contains__(self, uid: str) -> bool:
        return uid in self._laid

    def switch(self, *, on: bool) -> None:
        """Switch the field. Every tag forgets that it was quiet or selected."""
        self._powered = on
        self.forget_all()

    def reset(self) -> None:
        """Drop the field for a moment; it is on afterwards."""
        self.switch(on=True)

    def forget_all(self) -> None:
        """Let every tag forget that it was quiet or selected: a drop that leaves a field that is off switched off."""
        self._quiet.clear()
        self._selected = None

    def powered(self) -> tuple[SimulatedTag, ...]:
        """Tags that have power, quiet or not."""
        return self.laid() if self._powered else ()

    def answering(self) -> Iterator[SimulatedTag]:
        """Tags that answer an inventory: powered and not quiet."""
        return (tag for tag in self.powered() if tag.uid not in self._quiet)

    def find(self, uid: str) -> SimulatedTag | None:
        """The tag that answers to this address; a quiet tag does too."""
        tag = self._laid.get(uid) if self._powered else None
        return tag if tag is not None and tag.is_iso15693 else None

    def selected(self) -> SimulatedTag | None:
        return self.find(self._selected) if self._selected is not None else None

    def keep_quiet(self, uid: str) -> None:
        self._quiet.add(uid)

    def make_ready(self, uid: str) -> None:
        self._forget(uid)

    def select(self, uid: str) -> None:
        self._selected = uid
        self._quiet.discard(uid)

    def _forget(self, uid: str) -> None:
        self._quiet.discard(uid)
        if self._selected == uid:
            self._selected = None
