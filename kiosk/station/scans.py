"""What a scanned barcode begins: a visit by a printed card, a copy without a readable tag, a word why not. Pure."""

from dataclasses import replace

from kiosk.barcodes import Scanned, ScannedCard, ScannedCopy, StrangeBarcode
from kiosk.circulation.model import ItemId, Refusal
from kiosk.devices import PRINTED, CardIdentity
from kiosk.station import stack, untagged
from kiosk.station.answers import Next
from kiosk.station.arrivals import shown
from kiosk.station.endings import welcome
from kiosk.station.states import (
    AskingPin,
    CardOn,
    Done,
    Identifying,
    Notice,
    Returning,
    Session,
    StackFirst,
    State,
    Welcome,
)


def scanned(state: State, what: Scanned, now: float) -> Next:
    """Take in what was scanned. While neither lending nor returning works, or nobody is served, nothing comes of it."""
    match what:
        case ScannedCard(number):
            return shown(state, CardOn("", CardIdentity(PRINTED, "", number), now), now)
        case ScannedCopy(item):
            return _copy(state, item, now) if state.lends or state.returns else (state, ())
        case StrangeBarcode(isbn):
            return _strange(state, Refusal.BARCODE_ISBN if isbn else Refusal.BARCODE_STRANGE, now), ()


def _copy(state: State, item: ItemId, now: float) -> Next:
    phase = state.phase
    match phase:
        case Welcome() | Done() | Notice():
            state = welcome(state, now)
            state = replace(state, visit=state.visit + 1)
            return _met(state, StackFirst(active_at=now), item, now)
        case Session() | StackFirst():
            return _met(state, replace(phase, active_at=now, asked_at=None), item, now)
        case Returning():
            return _met(state, replace(phase, active_at=now), item, now)
        case Identifying() | AskingPin():
            return replace(state, scanned=(*state.scanned, item)), ()
        case _:
            return state, ()


def _met(state: State, phase: Session | StackFirst | Returning, item: ItemId, now: float) -> Next:
    state = replace(state, phase=phase, scanned=(*state.scanned, item))
    return stack.refresh(state, phase, now)


def _strange(state: State, refusal: Refusal, now: float) -> State:
    phase = state.phase
    match phase:
        case Session() | StackFirst() | Returning():
            state, books = untagged.strange(state, phase.books, refusal, now)
            return replace(state, phase=replace(phase, active_at=now, books=books))
        case Welcome() | Notice():
            return replace(state, phase=Notice(now + state.setup.timing.notice, hint=refusal.value))
        case _:
            return state
