"""Which chip a card is, by what it says of itself: GetVersion. Its ATR is the same for all of them.

    to the card     90 60 00 00 00, then 90 AF 00 00 00 twice
    from the card   7 bytes of hardware, 7 of software, 7 bytes UID and the lot, 91 AF 91 AF 91 00

Each 7 bytes: vendor, type, subtype, major, minor, storage size, protocol (NXP NT4H2421Gx data sheet, section 10.5.2;
MF3D(H)x3 likewise). Who says so may lie: a card is believed when it proves itself.
"""

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum

from kiosk.ecard.apdu import AnswerCut, exchange
from kiosk.ecard.native import Ins, Status, native

NXP = 0x04
_PART = 7


class CardKind(StrEnum):
    """Chips we tell apart; the value is what a technician reads."""

    NTAG_424 = "NTAG 424 DNA"
    DESFIRE_EV1 = "DESFire EV1"
    DESFIRE_EV2 = "DESFire EV2"
    DESFIRE_EV3 = "DESFire EV3"
    DESFIRE_LIGHT = "DESFire Light"
    OTHER = "a chip we do not know"

    @property
    def proves(self) -> bool:
        """Whether AuthenticateEV2First is in it."""
        return self not in (CardKind.DESFIRE_EV1, CardKind.OTHER)

    @property
    def is_desfire(self) -> bool:
        """Whether applications are made on it, of which ours is one."""
        return self in (CardKind.DESFIRE_EV1, CardKind.DESFIRE_EV2, CardKind.DESFIRE_EV3)


_BY_TYPE_AND_GENERATION = {
    (0x01, 0x0): CardKind.DESFIRE_EV1,
    (0x01, 0x1): CardKind.DESFIRE_EV2,
    (0x01, 0x2): CardKind.DESFIRE_EV2,  # EV2 XL
    (0x01, 0x3): CardKind.DESFIRE_EV3,
    (0x04, 0x3): CardKind.NTAG_424,
    (0x08, 0x3): CardKind.DESFIRE_LIGHT,
}
_FIRST_DESFIRE = 0x00  # major version of the chip before EV1, which knows no AES


@dataclass(frozen=True, slots=True)
class Version:
    """What a card says of itself. *uid* is empty where it keeps it to itself (random UID)."""

    kind: CardKind
    uid: str
    hardware: bytes
    software: bytes
    made: str = ""

    @property
    def storage(self) -> int:
        """Bytes of memory, at least: the code is a power of two, its lowest bit means "and some" (section 10.5.2)."""
        return 1 << (self.hardware[5] >> 1)


def kind_of(hardware: bytes) -> CardKind:
    """Tell the chip by the hardware part of its version; the major version's upper digit is the generation.

    01/01 EV1, 01/12 and 01/22 (XL) EV2, 01/33 EV3, 08/30 Light, 04/30 NTAG 424 DNA.
    """
    if len(hardware) != _PART or hardware[0] != NXP:
        return CardKind.OTHER
    kind, major = hardware[1] & 0x0F, hardware[3]
    if kind == 0x01 and major == _FIRST_DESFIRE:
        return CardKind.OTHER
    return _BY_TYPE_AND_GENERATION.get((kind, major >> 4), CardKind.OTHER)


def get_version() -> Generator[bytes, bytes, Version | None]:
    """Ask a card which chip it is; None for one that does not know the question.

    Raises: AnswerCut - also where it loses the thread in the middle: another card may lie there now.
    """
    parts: list[bytes] = []
    command = native(Ins.GET_VERSION)
    for status in (Status.MORE, Status.MORE, Status.OK):
        response = yield from exchange(command)
        if response.status != 0x9100 | status:
            if parts:
                raise AnswerCut(f"the card broke off saying what it is: status {response.status:04X}")
            return None
        parts.append(response.data)
        command = native(Ins.MORE)
    return parse_version(*parts)


def parse_version(hardware: bytes, software: bytes, production: bytes) -> Version | None:
    """Read the three answers; None when they are no version of any NXP chip."""
    if len(hardware) != _PART or len(software) != _PART or len(production) < 2 * _PART:
        return None
    uid = production[:_PART]
    week, year = production[12], production[13]
    return Version(
        kind=kind_of(hardware),
        uid=uid.hex().upper() if any(uid) else "",
        hardware=hardware,
        software=software,
        made=f"week {week:x} of 20{year:02x}" if week else "",
    )
