"""The station's SIP2 client before the simulated library: the real one on a real socket, with little patience."""

from kiosk.circulation.model import ItemId
from kiosk.library.port import Copy, RequestKey
from kiosk.library.remote.asking import StackAsked
from kiosk.library.remote.line import Line
from kiosk.library.sip2.system import Sip2System
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.sip2.simulated import ANNA, station_of

ANSWER_S = 0.15


def client_of(system: SimulatedSystem, manner: str) -> Sip2System:
    """The station's client with the profile for this manner, and too little patience for a screen."""
    return station_of(system, manner, answer_s=ANSWER_S, unsure_unlocks=True)


class ImpatientLine(Line):
    """A line that rests no second: a test does not wait for what a screen may not wait for."""

    def __init__(self, system: Sip2System) -> None:
        self._seconds = 0.0
        super().__init__(system, self._later)

    def _later(self) -> float:
        self._seconds += 10
        return self._seconds


def stack_of(*items: str) -> tuple[Copy, ...]:
    return tuple(Copy(RequestKey(f"key-{item}"), ItemId(item), "UA-1", ()) for item in items)


def asked(client: Sip2System, *items: str) -> dict[str, object]:
    """What came of asking for a stack, by barcode."""
    heard = StackAsked(ImpatientLine(client), ANNA).ask(stack_of(*items))
    return {key.removeprefix("key-"): answer for key, answer in heard.items()}
