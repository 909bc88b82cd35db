"""PINs: verified slowly on purpose, counted before they are verified, locked after too many. No PIN is ever kept."""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.circulation.model import PatronId
from kiosk.library.local.desk import BranchRules, PinRules
from kiosk.library.port import PinLocked, PinRight, PinWrong
from kiosk.store.clock import Moment
from kiosk.store.engine import Store
from kiosk.store.patrons import Pin
from kiosk.store.unit_of_work import UnitOfWork

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# verified for a patron who has no PIN, so that the answer takes as long
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ziJND3oU83euq1I42ps4Wg$cW4id2JDvsGHrL2MytkdsArYTLN2568R+4wexP8SubA"
_UNCOUNTED = Pin(_NOBODY)


def pin_verifier(pin: str, pepper: bytes = b"") -> str:
    """Make what is kept instead of a PIN: argon2id over the PIN keyed with *pepper*."""
    return _HASHER.hash(_peppered(pin, pepper))


def check_pin(
    store: Store, rules: BranchRules, moment: Moment, patron: PatronId, pin: str
) -> PinRight | PinWrong | PinLocked:
    """Verify a PIN. Raises: StoreError - and then no try was used up.

    The try is counted durably *before* it is verified: pulling the plug gives no try back. A patron without a PIN
    is told it is wrong, after the same time, whatever is typed.
    """

    def count(work: UnitOfWork) -> Pin | PinLocked | None:
        return _count_try(work, rules.pin, patron)

    counted = store.carry_out(count, moment)
    if isinstance(counted, PinLocked):
        return counted
    known = counted or _UNCOUNTED
    if not _is_right(known.verifier, pin, rules.pin.pepper) or counted is None:
        return _wrong(known, rules.pin, moment.at)
    renewed = pin_verifier(pin, rules.pin.pepper) if _HASHER.check_needs_rehash(known.verifier) else known.verifier
    store.carry_out(lambda work: work.patrons.keep_pin(patron, Pin(renewed)), moment)
    return PinRight()


def _count_try(work: UnitOfWork, rules: PinRules, patron: PatronId) -> Pin | PinLocked | None:
    """Count one try as failed, for now. The last one allowed locks."""
    at = work.moment.at
    pin = work.patrons.pin(patron)
    if pin is None:
        return None
    if pin.locked_until is not None:
        if at < pin.locked_until:
            return PinLocked(_minutes_left(pin.locked_until, at))
        pin = replace(pin, failures=0, locked_until=None)
    failures = pin.failures + 1
    locked_until = at + timedelta(minutes=rules.lock_minutes) if failures >= rules.tries else None
    counted = replace(pin, failures=failures, locked_until=locked_until)
    work.patrons.keep_pin(patron, counted)
    return counted


def _wrong(counted: Pin, rules: PinRules, at: datetime) -> PinWrong | PinLocked:
    if counted.locked_until is not None:
        return PinLocked(_minutes_left(counted.locked_until, at))
    return PinWrong(max(0, rules.tries - counted.failures))


def _minutes_left(until: datetime, at: datetime) -> int:
    return max(1, ceil((until - at) / timedelta(minutes=1)))


def _is_right(verifier: str, pin: str, pepper: bytes) -> bool:
    try:
        return _HASHER.verify(verifier, _peppered(pin, pepper))
    except (VerificationError, InvalidHashError):
        return False


def _peppered(pin: str, pepper: bytes) -> str:
    return hmac.new(pepper, pin.encode(), sha256).hexdigest()
