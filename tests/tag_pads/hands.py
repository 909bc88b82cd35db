"""Hands that lay simulated tags and pull simulated plugs, for checks made by nobody."""

from drivers.tag_pads.protocols import AnySimulatedPad
from tests.tag_pads.books import STACK, book


class SimulatedHands:
    """Moves tags on a simulated pad. The same books are laid every time."""

    def __init__(self, pad: AnySimulatedPad) -> None:
        self._pad = pad
        self._books = [book(uid) for uid in STACK]

    def lay(self, count: int) -> bool:
        self._pad.lift_all()
        self._pad.lay(*self._books[:count])
        return True

    def lay_locked(self) -> bool:
        self._pad.lift_all()
        locked = book("E00401000000AAAA")
        locked.lock("afi")
        self._pad.lay(locked)
        return True

    def pull_plug(self) -> bool:
        self._pad.unplug()
        return True

    def put_plug(self) -> bool:
        self._pad.plug()
        return True
