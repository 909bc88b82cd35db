"""What is remembered of taps: the last one for the technician, and counts. Nothing of whose card it was."""

from dataclasses import dataclass, replace

from kiosk.circulation.model import Refusal
from kiosk.devices import CardFault
from kiosk.library.port import Unwelcome
from kiosk.station.events import CardPresented, CardUnreadable, Event, PatronAnswered
from kiosk.station.workers import Tell


@dataclass(frozen=True, slots=True)
class HeardCard:
    """That a card was tapped, and nothing of whose it is. `fault` is empty when it was read."""

    number: int  # of the tap, from 1
    slot: str
    scheme: str = ""
    has_number: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CardCounts:
    """Taps since the start: cards that proved themselves, that only claimed who they are, that failed to prove it."""

    proven: int = 0
    claimed: int = 0
    refused: int = 0


class CardEar:
    """Passes on what the card reader and the library say of cards, and remembers the last tap and the counts."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.last: HeardCard | None = None
        self.errors = 0
        self.counts = CardCounts()

    def __call__(self, event: Event) -> None:
        number = 1 if self.last is None else self.last.number + 1
        if isinstance(event, CardPresented):
            self.last = HeardCard(number, event.slot, event.card.scheme, event.card.number is not None)
            self._count(event)
        elif isinstance(event, CardUnreadable):
            self.errors += 1
            self.last = HeardCard(number, event.slot, fault=event.fault.value)
            if event.fault is CardFault.NOT_PROVEN:
                self._refuse()
        self._tell(event)

    def pass_answer(self, event: Event) -> None:
        """Hear what the library answers: it may know a card that proved itself before, and refuse its copy."""
        answer = event.answer if isinstance(event, PatronAnswered) else None
        if isinstance(answer, Unwelcome) and any(one.refusal is Refusal.CARD_NOT_PROVEN for one in answer.reasons):
            self._refuse()
        self._tell(event)

    def _count(self, event: CardPresented) -> None:
        if event.card.proven:
            self.counts = replace(self.counts, proven=self.counts.proven + 1)
        else:
            self.counts = replace(self.counts, claimed=self.counts.claimed + 1)

    def _refuse(self) -> None:
        self.counts = replace(self.counts, refused=self.counts.refused + 1)
