"""What a simulated FEIG pad is and remembers: its model, and its configuration in EEPROM and RAM.

The profiles follow FEIG H01113-4e (ID ISC.MR102) and H20800-16e (classic-pro); nothing here talks or knows
tags.
"""

from dataclasses import dataclass, field

from drivers.tag_pads.feig_config import (
    ANTICOLLISION,
    INTERFACE,
    RECORD_LENGTH,
    RECORDS,
    TRANSPONDERS,
    AnticollisionRecord,
    InterfaceRecord,
    TransponderRecord,
)
from drivers.tag_pads.feig_status import Status


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells one model from another."""

    name: str
    version: bytes
    rx_buffer: int
    tx_buffer: int
    config: dict[int, bytes]
    most_read: int | None = None
    has_custom: bool = True

    def record(self, number: int) -> bytes:
        return self.config.get(number, bytes(RECORD_LENGTH))


_BOOKS = bytes.fromhex("0000000009000000000000000000")
PROFILES = {
    "mr102": Profile(
        name="FEIG ID ISC.MR102",
        version=bytes.fromhex("0303 00 01 4D 0008"),
        rx_buffer=280,
        tx_buffer=280,
        config={
            INTERFACE: bytes.fromhex("000008010005001E000000000000"),
            3: bytes.fromhex("0008000000000600000000000000"),
            TRANSPONDERS: _BOOKS,
            ANTICOLLISION: bytes.fromhex("3100000000000000000000040000"),
        },
    ),
    "cpr": Profile(
        name="FEIG ID CPR40",
        version=bytes.fromhex("0303 00 44 53 0D30"),
        rx_buffer=255,
        tx_buffer=255,
        config={
            INTERFACE: bytes.fromhex("000008010005000A000000000000"),
            3: bytes.fromhex("0038000000000600000000000000"),
            TRANSPONDERS: _BOOKS,
            ANTICOLLISION: bytes.fromhex("0000000000000000000000050000"),
        },
        most_read=128,
        has_custom=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: status, body, and milliseconds it spent on the air or in EEPROM."""

    status: int = Status.OK
    body: bytes = b""
    spent: float = 0.0


@dataclass(slots=True)
class PadMemory:
    """The configuration of one pad: `records` is its RAM, `eeprom` what it wakes up with."""

    profile: Profile
    eeprom: dict[int, bytes] = field(default_factory=dict)
    records: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.eeprom = {number: self.profile.record(number) for number in range(RECORDS)}
        self.wake()

    def wake(self) -> None:
        """Start from EEPROM, as after power was lost."""
        self.records = dict(self.eeprom)

    def keep(self, wanted: dict[int, bytes], *, eeprom: bool) -> None:
        """Change RAM, or both copies: then the line's own settings wait for a restart."""
        if eeprom:
            self.eeprom |= wanted
        self.records |= {number: record for number, record in wanted.items() if not (eeprom and number == INTERFACE)}

    @property
    def interface(self) -> InterfaceRecord:
        return InterfaceRecord(self.records[INTERFACE])

    @property
    def slots(self) -> int:
        return TransponderRecord(self.records[TRANSPONDERS]).slots

    @property
    def reports_only_new(self) -> bool:
        return AnticollisionRecord(self.records[ANTICOLLISION]).only_new
