"""Identifiers that need no one to hand them out. Version 7 sorts by the time it was made."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_A, _RANDOM_B = 12, 62


def uuid7(milliseconds: int, random_bits: int) -> UUID:
    """Build a version 7 UUID from Unix time and 74 random bits. Source: RFC 9562, section 5.7.

    48 bits time | 4 bits version | 12 random | 2 bits variant | 62 random
    """
    high, low = random_bits >> _RANDOM_B, random_bits & ((1 << _RANDOM_B) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def new_id(at: datetime) -> str:
    """Make a version 7 UUID for something that happens at *at*."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return str(uuid7(milliseconds, secrets.randbits(_RANDOM_A + _RANDOM_B)))


def new_epoch() -> str:
    """Make the name of one run of this program: 64 random bits, never used again (journal numbers count in it)."""
    return secrets.token_hex(8)
