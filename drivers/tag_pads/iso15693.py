"""What ISO/IEC 15693-3 says on the air: command codes, and what a tag tells of itself. For pads that pass requests on.

Source: ISO/IEC 15693-3, sections 7 to 10; NXP SL2S2002 (ICODE SLIX), section 9.4 for the custom commands.
"""

from dataclasses import dataclass
from enum import IntEnum

from drivers.tag_pads.tag_facts import TagSize
from kiosk.devices import DeviceRefused

_UID = 8
_DSFID, _AFI, _SIZE = 0x01, 0x02, 0x04
_USUAL_SIZE = TagSize(4, 64)


class Air(IntEnum):
    """The command codes of the standard, and NXP's own from A0 on."""

    INVENTORY = 0x01
    STAY_QUIET = 0x02
    READ_SINGLE = 0x20
    WRITE_SINGLE = 0x21
    LOCK_BLOCK = 0x22
    READ_MULTIPLE = 0x23
    SELECT = 0x25
    RESET_TO_READY = 0x26
    WRITE_AFI = 0x27
    LOCK_AFI = 0x28
    WRITE_DSFID = 0x29
    LOCK_DSFID = 0x2A
    SYSTEM_INFORMATION = 0x2B
    BLOCK_SECURITY = 0x2C
    FIRST_CUSTOM = 0xA0
    SET_EAS = 0xA2
    RESET_EAS = 0xA3
    LOCK_EAS = 0xA4
    EAS_ALARM = 0xA5


@dataclass(frozen=True, slots=True)
class SystemInformation:
    """What a tag tells of itself; None where it keeps that to itself. A size it does not tell is read until it ends."""

    dsfid: int | None
    afi: int | None
    size: TagSize


def parse_system_information(told: bytes) -> SystemInformation:
    """Read the answer to 2B without its flags: a mask of what follows, UID, then DSFID, AFI, blocks and size less one.

    Raises: DeviceRefused - it is shorter than its mask says.
    """
    mask = told[0] if told else 0
    fields = iter(told[1 + _UID :])
    try:
        dsfid = next(fields) if mask & _DSFID else None
        afi = next(fields) if mask & _AFI else None
        blocks, size = (next(fields), next(fields)) if mask & _SIZE else (None, None)
    except StopIteration as err:
        raise DeviceRefused(f"the tag described itself in too few bytes: {told.hex(' ')}") from err
    known = _USUAL_SIZE if blocks is None or size is None else TagSize((size & 0x1F) + 1, blocks + 1)
    return SystemInformation(dsfid, afi, known)
