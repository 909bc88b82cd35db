"""Configuration records of a FEIG pad: 14 bytes each, in EEPROM and, until the next restart, in RAM.

Only the bytes the driver obeys or asks to change, and the simulated pad keeps, have names here.
Source: FEIG H01113-4e (ID ISC.MR102), H60301-3e and H20800-16e, chapter "Configuration parameters (CFG)";
FEIG H90400 for CFG1.
"""

from dataclasses import dataclass
from typing import Self

RECORD_LENGTH = 14
RECORDS = 8
IN_EEPROM = 0x80
"""In the address of a record: the copy that survives a restart."""
ALL_RECORDS = 0x40
"""In the address of a record: every record at once."""

INTERFACE = 1
TRANSPONDERS = 4
ANTICOLLISION = 5

BAUD_CODES = {5: 4800, 6: 9600, 7: 19200, 8: 38400, 9: 57600, 10: 115200, 11: 115200, 13: 230400}
"""CFG1 byte 2. M02.M8 counts 10 as 115200, classic-pro 11."""

_ADDRESS, _BAUD, _PARITY, _GAP, _RESPONSE_TIME, _MODE = 0, 2, 3, 5, 6, 13
_SLOTS, _ONE_SLOT = 4, 0x10
_ONT, _ONLY_NEW = 11, 0x01


def _with_byte(record: bytes, at: int, value: int) -> bytes:
    return record[:at] + bytes([value]) + record[at + 1 :]


@dataclass(frozen=True, slots=True)
class InterfaceRecord:
    """CFG1: how the pad talks to the host."""

    record: bytes

    @property
    def address(self) -> int:
        return self.record[_ADDRESS]

    @property
    def baud(self) -> int:
        """Undefined codes mean 38400; FEIG H90400, section 4.5."""
        return BAUD_CODES.get(self.record[_BAUD], 38400)

    @property
    def gap(self) -> float:
        """PSST in seconds: the silence the pad wants before a request."""
        return self.record[_GAP] / 1000

    @property
    def response_time(self) -> float:
        """TR-RESPONSE-TIME in seconds: the latest moment the pad answers."""
        return int.from_bytes(self.record[_RESPONSE_TIME : _RESPONSE_TIME + 2], "big") / 10

    @property
    def scans(self) -> bool:
        """The pad is in scan mode: it sends tags by itself and takes no tag commands."""
        return bool(self.record[_MODE] & 0x01)

    @property
    def is_plausible(self) -> bool:
        """A real pad answers status 0x11 to a record that is not."""
        known = self.record[_BAUD] in BAUD_CODES and self.record[_PARITY] in {0, 1, 2}
        return known and self.address != 0xFF and self.record[_GAP] > 0

    def asking_for(self, *, gap_ms: int, response_time: float) -> Self:
        """The same record with another gap, and answers within *response_time* seconds."""
        tenths = max(1, round(response_time * 10)).to_bytes(2, "big")
        record = self.record[:_RESPONSE_TIME] + tenths + self.record[_RESPONSE_TIME + 2 :]
        return type(self)(_with_byte(record, _GAP, gap_ms))


@dataclass(frozen=True, slots=True)
class TransponderRecord:
    """CFG4: how the pad talks to tags."""

    record: bytes

    @property
    def slots(self) -> int:
        """Slots of an inventory round: 1 or 16."""
        return 1 if self.record[_SLOTS] & _ONE_SLOT else 16

    def with_slots(self, slots: int) -> Self:
        """The same record with rounds of 1 or of 16 slots."""
        bits = self.record[_SLOTS]
        return type(self)(_with_byte(self.record, _SLOTS, bits | _ONE_SLOT if slots == 1 else bits & ~_ONE_SLOT))


@dataclass(frozen=True, slots=True)
class AnticollisionRecord:
    """CFG5: which tags the pad reports."""

    record: bytes

    @property
    def only_new(self) -> bool:
        """ONT: a tag is reported once and kept quiet until it leaves; else the field drops before every inventory."""
        return bool(self.record[_ONT] & _ONLY_NEW)

    def reporting_only_new(self) -> Self:
        return type(self)(_with_byte(self.record, _ONT, self.record[_ONT] | _ONLY_NEW))
