"""What happens on the goodbye: how the receipt is taken along, in one touch, and what came of it. Pure.

Nothing here keeps the next patron waiting: a card tapped now ends the goodbye, whatever the printer is doing.
"""

from dataclasses import replace

from kiosk.station.answers import Next
from kiosk.station.arrivals import begin_returning
from kiosk.station.effects import MailReceipt, SealReceipt
from kiosk.station.endings import receipt_of, welcome, works
from kiosk.station.states import Done, State
from kiosk.station.view import ReceiptState, ReceiptWay, Touch

CHOOSING = frozenset({ReceiptState.OFFERED, ReceiptState.FAILED, ReceiptState.NOT_MAILED})
"""While nothing was taken along yet; what failed once may be asked for again, or another way chosen."""
_WAYS = {Touch.PRINT: ReceiptWay.PAPER, Touch.MAIL: ReceiptWay.EMAIL, Touch.SHOW_QR: ReceiptWay.QR}


def ways_now(state: State, phase: Done) -> tuple[ReceiptWay, ...]:
    """The ways that work at this moment, as the settings order them; none once the receipt was taken along."""
    if phase.receipt not in CHOOSING:
        return ()
    return tuple(way for way in state.setup.receipts if works(state, way, phase.mail_to))


def touched(state: State, phase: Done, touch: Touch, now: float) -> Next:
    way = _WAYS.get(touch)
    if way is not None:
        return _take_along(state, phase, way, now)
    match touch:
        case Touch.NO_RECEIPT if phase.receipt in CHOOSING:
            return replace(state, phase=replace(phase, receipt=ReceiptState.DECLINED)), ()
        case Touch.DONE:
            return welcome(state, now), ()
        case Touch.RETURN if state.returns:
            return begin_returning(state, (), now)
        case _:
            return state, ()


def _take_along(state: State, phase: Done, way: ReceiptWay, now: float) -> Next:
    again = way is ReceiptWay.PAPER and phase.receipt is ReceiptState.FAILED and way in state.setup.receipts
    if phase.receipt not in CHOOSING or not (again or way in ways_now(state, phase)):
        return state, ()
    receipt = receipt_of(state, phase, phase.books)
    ends_at = now + state.setup.timing.done
    match way:
        case ReceiptWay.PAPER:
            return replace(state, phase=replace(phase, receipt=ReceiptState.PRINTING, ends_at=ends_at)), (receipt,)
        case ReceiptWay.EMAIL:
            assert phase.mail_to is not None, "a mail was offered to nobody"
            state = replace(state, phase=replace(phase, receipt=ReceiptState.MAILING, ends_at=ends_at))
            return state, (MailReceipt(receipt, phase.mail_to),)
        case ReceiptWay.QR:
            return state, (SealReceipt(receipt),)


def receipt_over(state: State, result: ReceiptState, now: float) -> Next:
    """It was printed or mailed, or could not be: either way the goodbye stays long enough to be read."""
    phase = state.phase
    if not isinstance(phase, Done) or phase.receipt not in (ReceiptState.PRINTING, ReceiptState.MAILING):
        return state, ()
    ends_at = max(phase.ends_at, now + state.setup.timing.done / 2)
    return replace(state, phase=replace(phase, receipt=result, ends_at=ends_at)), ()


def sealed(state: State, code: str, now: float) -> Next:
    """Show the code, long enough to take a telephone out."""
    phase = state.phase
    if not isinstance(phase, Done) or phase.receipt not in CHOOSING:
        return state, ()
    if not code:
        return replace(state, phase=replace(phase, receipt=ReceiptState.FAILED)), ()
    shown = replace(phase, receipt=ReceiptState.SHOWN, code=code, ends_at=now + state.setup.timing.qr)
    return replace(state, phase=shown), ()
