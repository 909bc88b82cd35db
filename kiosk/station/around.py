"""What is around every screen and changes no visit: language, look, help, the catalogue, a call for a person. Pure."""

from dataclasses import replace

from kiosk.station import events as on
from kiosk.station.answers import Next
from kiosk.station.effects import CallStaff
from kiosk.station.states import Done, Notice, Starting, State, Welcome
from kiosk.station.view import Change, Touch

_OF_LOOKS = (Touch.LOOK, Touch.LANGUAGE, Touch.HELP, Touch.FIND, Touch.HERE)
_CHANGES = frozenset(change.value for change in Change)


def touched(state: State, touch: Touch, value: str, now: float) -> Next:
    """Do what a touch means on any screen. Whoever still chooses how to read a screen has it a while longer."""
    if isinstance(state.phase, Starting):
        return state, ()
    match touch:
        case Touch.LANGUAGE if value in state.setup.languages:
            state = replace(state, language=value)
        case Touch.LOOK if value in _CHANGES:
            state = replace(state, look=state.look.changed(Change(value), state.setup.look))
        case Touch.HELP:
            state = replace(state, helping=not state.helping, finding=False)
        case Touch.FIND | Touch.FIND_CLOSE:
            state = replace(state, finding=touch is Touch.FIND, helping=False)
        case Touch.CALL if not state.called:
            return replace(_stayed(state, now), called=True), (CallStaff(state.visit),)
    return _stayed(state, now) if touch in _OF_LOOKS else state, ()


def _stayed(state: State, now: float) -> State:
    match state.phase:
        case Welcome():
            return replace(state, phase=Welcome(since=now))
        case Done(ends_at=ends_at) as done:
            return replace(state, phase=replace(done, ends_at=max(ends_at, now + state.setup.timing.done)))
        case Notice(ends_at=ends_at) as notice:
            return replace(state, phase=replace(notice, ends_at=max(ends_at, now + state.setup.timing.notice)))
        case _:
            return state


def made_way(state: State, event: on.Event) -> State:
    """Close help and catalogue before a card, a barcode or books: what they lead to must be seen."""
    physical = isinstance(event, on.CardPresented | on.CardUnreadable | on.BarcodeScanned) or (
        isinstance(event, on.StackChanged) and bool(event.tags - state.pad.lying)
    )
    return replace(state, helping=False, finding=False) if physical and (state.helping or state.finding) else state
