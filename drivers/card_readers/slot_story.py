"""What is told of one slot: sightings in, a calm story out. Pure; time is an input.

A hand that lays a card down lifts it once or twice more. The same verified card, back within the *settle*
time, is the same tap: nothing is told. So a lift is told only when the card stayed away that long - or at
once, when another card came. The story strictly alternates: a card (read or failed), then CardTaken.
"""

from dataclasses import dataclass, field

from kiosk.devices import CardChange, CardFailed, CardFault, CardIdentity, CardInserted, CardTaken


@dataclass(slots=True)
class SlotStory:
    """The story of one slot; *settle* in seconds."""

    slot: str
    settle: float = 1.5
    _told: CardIdentity | CardFault | None = field(default=None, init=False)
    _left_at: float | None = field(default=None, init=False)

    def came(self, found: CardIdentity | CardFault, *, lay_there: bool = False) -> list[CardChange]:
        """A card came (for whatever was on the slot has left it), or lay there already, and this was found."""
        if self._told is None:
            return self._tell(found, lay_there=lay_there)
        wobbles = isinstance(self._told, CardIdentity)
        if wobbles and found == CardFault.TORN:
            return []  # the same hand, still at it: the next sighting, or the settle time, will tell
        if wobbles and found == self._told:
            self._left_at = None
            return []
        return [CardTaken(self.slot), *self._tell(found, lay_there=lay_there)]

    def left(self, now: float) -> list[CardChange]:
        """The slot is empty, or gone."""
        if self._told is None:
            return []
        if isinstance(self._told, CardFault):
            return self._end()
        if self._left_at is None:
            self._left_at = now
        return self.pass_time(now)

    def pass_time(self, now: float) -> list[CardChange]:
        """Tell the lift that has lasted long enough."""
        return self._end() if (wait := self.wait(now)) is not None and wait <= 0 else []

    def wait(self, now: float) -> float | None:
        """Say after how many seconds pass_time() has something to tell; None when it never will."""
        return None if self._left_at is None else self._left_at + self.settle - now

    def _tell(self, found: CardIdentity | CardFault, *, lay_there: bool) -> list[CardChange]:
        self._told, self._left_at = found, None
        if isinstance(found, CardFault):
            return [CardFailed(self.slot, found)]
        return [CardInserted(self.slot, found, lay_there)]

    def _end(self) -> list[CardChange]:
        self._told = self._left_at = None
        return [CardTaken(self.slot)]
