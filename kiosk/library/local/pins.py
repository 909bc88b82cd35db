"""PINs at the station: counted before they are verified. What a PIN is worth says `pin_checks`; none is ever kept."""

from kiosk.circulation.model import PatronId
from kiosk.library.local.desk import BranchRules, PinRules
from kiosk.library.local.pin_checks import counted, judged
from kiosk.library.port import PinLocked, PinRight, PinWrong
from kiosk.store.clock import Moment
from kiosk.store.engine import Store
from kiosk.store.patrons import Pin
from kiosk.store.unit_of_work import UnitOfWork


def check_pin(
    store: Store, rules: BranchRules, moment: Moment, patron: PatronId, pin: str
) -> PinRight | PinWrong | PinLocked:
    """Verify a PIN. Raises: StoreError - and then no try was used up.

    The try is counted durably *before* it is verified: pulling the plug gives no try back. A patron without a PIN
    is told it is wrong, after the same time, whatever is typed.
    """

    def count(work: UnitOfWork) -> Pin | PinLocked | None:
        return _count_try(work, rules.pin, patron)

    tried = store.carry_out(count, moment)
    if isinstance(tried, PinLocked):
        return tried
    verdict = judged(tried, pin, rules.pin, moment.at)
    if not isinstance(verdict, Pin):
        return verdict
    store.carry_out(lambda work: work.patrons.keep_pin(patron, verdict), moment)
    return PinRight()


def _count_try(work: UnitOfWork, rules: PinRules, patron: PatronId) -> Pin | PinLocked | None:
    pin = work.patrons.pin(patron)
    if pin is None:
        return None
    tried = counted(pin, rules, work.moment.at)
    if isinstance(tried, Pin):
        work.patrons.keep_pin(patron, tried)
    return tried
