"""What a typed PIN is worth, for whoever keeps the tries: verified slowly on purpose, locked after too many.

No storage here. Whoever checks a PIN keeps what `counted` says *before* asking `judged`, so that pulling the plug
gives no try back.
"""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.library.local.desk import PinRules
from kiosk.library.port import PinLocked, PinWrong
from kiosk.store.patrons import Pin

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# verified for a patron who has no PIN, so that the answer takes as long
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ziJND3oU83euq1I42ps4Wg$cW4id2JDvsGHrL2MytkdsArYTLN2568R+4wexP8SubA"
_UNCOUNTED = Pin(_NOBODY)


def pin_verifier(pin: str, pepper: bytes = b"") -> str:
    """Make what is kept instead of a PIN: argon2id over the PIN keyed with *pepper*."""
    return _HASHER.hash(_peppered(pin, pepper))


def counted(pin: Pin, rules: PinRules, at: datetime) -> Pin | PinLocked:
    """Count one try as failed, for now. The last one allowed locks."""
    if pin.locked_until is not None:
        if at < pin.locked_until:
            return PinLocked(_minutes_left(pin.locked_until, at))
        pin = replace(pin, failures=0, locked_until=None)
    failures = pin.failures + 1
    locked_until = at + timedelta(minutes=rules.lock_minutes) if failures >= rules.tries else None
    return replace(pin, failures=failures, locked_until=locked_until)


def judged(tried: Pin | None, typed: str, rules: PinRules, at: datetime) -> Pin | PinWrong | PinLocked:
    """Verify *typed* against what was counted: the PIN to keep from now on when it is right.

    None stands for somebody who has no PIN, or for nobody: wrong after the same time, whatever is typed.
    """
    known = tried or _UNCOUNTED
    if not _is_right(known.verifier, typed, rules.pepper) or tried is None:
        return _wrong(known, rules, at)
    renewed = pin_verifier(typed, rules.pepper) if _HASHER.check_needs_rehash(known.verifier) else known.verifier
    return Pin(renewed)


def _wrong(tried: Pin, rules: PinRules, at: datetime) -> PinWrong | PinLocked:
    if tried.locked_until is not None:
        return PinLocked(_minutes_left(tried.locked_until, at))
    return PinWrong(max(0, rules.tries - tried.failures))


def _minutes_left(until: datetime, at: datetime) -> int:
    return max(1, ceil((until - at) / timedelta(minutes=1)))


def _is_right(verifier: str, pin: str, pepper: bytes) -> bool:
    try:
        return _HASHER.verify(verifier, _peppered(pin, pepper))
    except (VerificationError, InvalidHashError):
        return False


def _peppered(pin: str, pepper: bytes) -> str:
    return hmac.new(pepper, pin.encode(), sha256).hexdigest()
