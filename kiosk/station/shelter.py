"""A siren, a power cut: what is in hand is finished, and nothing new begins. Pure."""

from dataclasses import replace

from kiosk.devices import HouseSignals
from kiosk.station.answers import Next
from kiosk.station.effects import Effect
from kiosk.station.endings import leave_stack, welcome, wind_up
from kiosk.station.states import (
    AskingPin,
    Done,
    Identifying,
    Notice,
    Returning,
    Session,
    Sheltering,
    StackFirst,
    State,
    Welcome,
)


def heard(state: State, signals: HouseSignals, now: float) -> Next:
    """Take in what the house says. An all-clear leads back to work; what lies on the pad then is looked at anew."""
    state = replace(state, signals=signals)
    if isinstance(state.phase, Sheltering) and not signals.air_raid:
        return welcome(state, now), ()
    return state, ()


def take_shelter(state: State, now: float) -> Next:
    """A siren sounds: a visit ends as soon as nothing is under way, its goodbye is short, and nobody begins another.

    The language stays: whoever stood there reads where to go in it.
    """
    if not state.signals.air_raid:
        return state, ()
    effects: tuple[Effect, ...] = ()
    language, look = state.language, state.look
    if isinstance(state.phase, Session | Returning) and state.phase.finishing is None:
        state, effects = wind_up(replace(state, next_card=None), now)
    match state.phase:
        case Done(ends_at=ends_at) as done:
            soon = min(ends_at, now + state.setup.timing.notice)
            return replace(state, phase=replace(done, ends_at=soon)), effects
        case StackFirst():
            state = leave_stack(state, None)
        case Welcome() | Identifying() | AskingPin() | Notice():
            pass
        case _:
            return state, effects
    state = replace(welcome(state, now), phase=Sheltering(since=now), next_card=None)
    return replace(state, language=language, look=look), effects
