"""How our data lie on a card that proves itself: one layout for NTAG 424 DNA, one for DESFire.

    NTAG 424 DNA   its one application; number file = proprietary file 3 (128 bytes), SUN = NDEF file 2
    DESFire        an application of ours, made when the card is issued; number file = file 1

The number file holds what `number_file` lays out. It travels hidden, and only the read key opens it.
"""

from collections.abc import Generator
from dataclasses import dataclass

from kiosk.ecard.apdu import ALL, OK, Command, exchange
from kiosk.ecard.keys import AID, KeyRole
from kiosk.ecard.native import CardRefused, Ins, native
from kiosk.ecard.versions import CardKind

NUMBER_SIZE = 48
"""Bytes read of the number file: more than its content ever has, less than one frame of any card holds."""
NTAG_APPLICATION = bytes.fromhex("D2760000850101")
"""The NDEF application (NFC Forum Type 4 Tag, section 5.1.3), the only one of an NTAG 424 DNA."""
NDEF_FILE = bytes.fromhex("E104")
FREE, NEVER = 0xE, 0xF
"""Access rights that are no key: anybody, nobody."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are on one kind of card. *file* is the native number of the number file."""

    file: int
    select: Command
    selected: int
    sun: bool


_NTAG = Layout(file=3, select=Command(0x00, 0xA4, 0x04, 0x0C, NTAG_APPLICATION), selected=OK, sun=True)
_DESFIRE = Layout(file=1, select=native(Ins.SELECT_APPLICATION, AID[::-1]), selected=0x9100, sun=False)

SELECT_PICC = native(Ins.SELECT_APPLICATION, bytes(3))
SELECT_NDEF = Command(0x00, 0xA4, 0x00, 0x0C, NDEF_FILE)


def layout_of(kind: CardKind) -> Layout | None:
    """Say how our data lie on this chip; None for one that we put none on."""
    if kind is CardKind.NTAG_424:
        return _NTAG
    return _DESFIRE if kind in (CardKind.DESFIRE_EV2, CardKind.DESFIRE_EV3) else None


def select(layout: Layout) -> Generator[bytes, bytes, None]:
    """Select our application; a running session ends. Raises: AnswerCut; CardRefused - it is not there."""
    selected = yield from exchange(layout.select)
    if selected.status != layout.selected:
        raise CardRefused("selecting the application", selected.status)


def read_ndef(offset: int, length: int = ALL) -> Command:
    return Command(0x00, 0xB0, offset >> 8, offset & 0xFF, le=length)


def access(read: int, write: int, both: int, change: int) -> bytes:
    """Lay out access rights: which key may do what (data sheet, section 8.2.3.3), least significant byte first."""
    return (read << 12 | write << 8 | both << 4 | change).to_bytes(2, "little")


NUMBER_ACCESS = access(KeyRole.READ.number, KeyRole.MASTER.number, KeyRole.MASTER.number, KeyRole.MASTER.number)
