"""How long the air and the wire take: ISO/IEC 15693 at 1-of-4, high data rate, one subcarrier, and a serial
line.

Pure arithmetic, milliseconds everywhere. The simulated pad keeps these times; the benchmark compares the
driver with `floor_ms`, the time no pad and no driver can beat. Firmware, RF errors and retries are not
modelled.

Source: ISO/IEC 15693-2 (symbol lengths) and ISO/IEC 15693-3, sections 8 and 9 (frames, t1, t2,
anticollision).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

BYTE = 0.30208
REQUEST_START = 0.07552
END_OF_FRAME = 0.03776
REPLY_FRAME = 0.30208
T1 = 0.3209
"""From the end of a request to the tag's answer."""
T2 = 0.3092
"""From the tag's answer to the next request."""
EMPTY_SLOT = 0.474
"""A slot nobody answers in, with the mark that ends it, at 100 % modulation."""
FIELD_RESET = 15.0
"""The field is off this long after RF reset; FEIG H60301-3e, section 5.6."""
ST_PROGRAMMING = 5.75
"""A tag stores one AFI or block: ST LRI datasheets; the standard allows up to 20."""
BITS_PER_BYTE_8E1 = 11

_UID_BYTES = 8
_INVENTORY_BYTES = 5
_INVENTORY_REPLY_BYTES = 12
_ADDRESSED_BYTES = 12
_CONFIRMATION_BYTES = 3
_SLOTS = 16
_SLOT_BITS = 4


def wire_ms(length: int, baud: int, bits_per_byte: int = BITS_PER_BYTE_8E1) -> float:
    """Time *length* bytes need on a serial line: 8E1 sends 11 bits for each."""
    return length * bits_per_byte * 1000 / baud


def request_ms(length: int) -> float:
    """Time a request of *length* bytes needs on the air, its 2 CRC bytes counted."""
    return REQUEST_START + length * BYTE + END_OF_FRAME


def reply_ms(length: int) -> float:
    """Time a tag's answer of *length* bytes needs on the air, its 2 CRC bytes counted."""
    return REPLY_FRAME + length * BYTE


def _exchange_ms(request: int, reply: int, wait: float = T1) -> float:
    return request_ms(request) + wait + reply_ms(reply) + T2


def _answered_slot_ms() -> float:
    return T1 + reply_ms(_INVENTORY_REPLY_BYTES) + T2


def read_blocks_ms(blocks: int, block_size: int = 4, *, security: bool = False) -> float:
    """Read *blocks* blocks of one addressed tag in one command."""
    return _exchange_ms(_ADDRESSED_BYTES + 2, 3 + blocks * (block_size + security))


def write_afi_ms(programming: float = ST_PROGRAMMING) -> float:
    """Write the AFI of one addressed tag that needs *programming* to store it."""
    return _exchange_ms(_ADDRESSED_BYTES + 1, _CONFIRMATION_BYTES, programming)


def write_block_ms(block_size: int = 4, programming: float = ST_PROGRAMMING) -> float:
    """Write one block of one addressed tag."""
    return _exchange_ms(_ADDRESSED_BYTES + 1 + block_size, _CONFIRMATION_BYTES, programming)


def system_description_ms() -> float:
    """Ask one addressed tag for its DSFID, AFI and memory size."""
    return _exchange_ms(_ADDRESSED_BYTES, 17)


def stay_quiet_ms() -> float:
    """Tell one tag to stay quiet; it does not answer."""
    return request_ms(_ADDRESSED_BYTES) + T2


def addressed_ms(reply: int = _CONFIRMATION_BYTES) -> float:
    """Ask one addressed tag something short: select, reset to ready, EAS."""
    return _exchange_ms(_ADDRESSED_BYTES, reply)


def unanswered_ms() -> float:
    """Ask a tag that is not there."""
    return request_ms(_ADDRESSED_BYTES + 2) + EMPTY_SLOT


def _bits(uid: str) -> str:
    """Bits of the UID in the order anticollision takes them: least significant first."""
    return f"{int(uid, 16):0{8 * _UID_BYTES}b}"[::-1]


def _slotted_ms(bits: Sequence[str], mask: int) -> float:
    """One round of 16 slots among tags that share their first *mask* bits, and the rounds its collisions ask for."""
    spent = request_ms(_INVENTORY_BYTES + (mask + 7) // 8) - END_OF_FRAME
    slots: dict[str, list[str]] = {}
    for each in bits:
        slots.setdefault(each[mask : mask + _SLOT_BITS], []).append(each)
    spent += (_SLOTS - len(slots)) * EMPTY_SLOT + len(slots) * (END_OF_FRAME + _answered_slot_ms())
    return spent + sum(_slotted_ms(them, mask + _SLOT_BITS) for them in slots.values() if len(them) > 1)


def _halved_ms(bits: Sequence[str], mask: int) -> float:
    """One slot: a collision shows at which bit the tags differ; ask each half again."""
    spent = request_ms(_INVENTORY_BYTES + (mask + 7) // 8)
    if not bits:
        return spent + EMPTY_SLOT - END_OF_FRAME
    spent += _answered_slot_ms()
    if len(bits) == 1:
        return spent
    differs = next(at for at in range(mask, 8 * _UID_BYTES) if len({each[at] for each in bits}) == 2)
    halves = ([each for each in bits if each[differs] == bit] for bit in "01")
    return spent + sum(_halved_ms(half, differs + 1) for half in halves)


def inventory_ms(uids: Sequence[str], *, slots: int = 16) -> float:
    """Find every tag of *uids* by ISO/IEC 15693-3 anticollision, with 16 slots or with one.

    Computed from the UIDs themselves: the same stack takes the same time.
    """
    bits = [_bits(uid) for uid in set(uids)]
    return _slotted_ms(bits, 0) if slots == _SLOTS else _halved_ms(bits, 0)


@dataclass(frozen=True, slots=True)
class Floor:
    """The least time a stack can take, in milliseconds. A pad stores and forwards: air and wire do not overlap."""

    wire: float
    air: float

    @property
    def total(self) -> float:
        return self.wire + self.air


def _inventory_floor_ms(stack: int) -> float:
    """Every tag answers once, in a slot of its own; no slot is empty."""
    rounds = -(-stack // _SLOTS)
    marks = (stack - rounds) * END_OF_FRAME
    return rounds * request_ms(_INVENTORY_BYTES) + marks + stack * _answered_slot_ms()


@dataclass(frozen=True, slots=True)
class Talk:
    """What a protocol needs on the wire, requests and replies: bytes for each answer to an inventory of *page* tags at
    most, and bytes for each tag: found, 32 bytes read, AFI written and read back.
    """

    baud: int
    bits_per_byte: int
    page: int
    per_page: int
    per_tag: int


TALKS: Final[Mapping[str, Talk]] = MappingProxyType(
    {
        # standard frames: 14 + 10 per tag; 17 + 48, 16 + 6, 15 + 19
        "feig": Talk(38400, BITS_PER_BYTE_8E1, 24, 14, 10 + 65 + 22 + 34),
        # with DSFID, new style: 18 + 9 per tag; 17 + 49, 15 + 15, 14 + 16
        "threem": Talk(19200, 10, 255, 18, 9 + 66 + 30 + 30),
        # lines of digits: 7 + 27; 33 + 71, 31 + 7, 29 + 37
        "elatec": Talk(9600, 10, 1, 7, 27 + 104 + 38 + 66),
    }
)
"""By the name of the driver."""


def floor_ms(stack: int, baud: int, *, talk: Talk = TALKS["feig"], programming: float = ST_PROGRAMMING) -> Floor:
    """Least time for a stack: inventory, read 32 bytes of each, write each AFI, read each AFI back.

    No gap between frames, no RF reset, no stay quiet.
    """
    pages = max(1, -(-stack // talk.page))
    length = talk.per_page * pages + talk.per_tag * stack
    each = read_blocks_ms(8) + write_afi_ms(programming) + system_description_ms()
    return Floor(wire_ms(length, baud, talk.bits_per_byte), _inventory_floor_ms(stack) + stack * each)
