"""Taps counted: proven, claimed, refused; by the card reader and by the library."""

from kiosk.circulation.model import Reason, Refusal
from kiosk.devices import CardFault, CardIdentity
from kiosk.library.port import Unwelcome
from kiosk.station.card_ear import CardCounts, CardEar
from kiosk.station.events import CardPresented, CardUnreadable, Event, PatronAnswered


def test_every_tap_is_passed_on_and_counted_once() -> None:
    heard: list[Event] = []
    ear = CardEar(heard.append)
    told = (
        CardPresented("slot", CardIdentity("proven", "04AA", proven=True)),
        CardPresented("slot", CardIdentity("uid", "04BB")),
        CardUnreadable("slot", CardFault.NOT_PROVEN),
        CardUnreadable("slot", CardFault.TORN),
    )
    answers = (
        PatronAnswered(1, Unwelcome((Reason(Refusal.CARD_NOT_PROVEN),))),
        PatronAnswered(2, Unwelcome((Reason(Refusal.CARD_LOST),))),
    )

    for event in told:
        ear(event)
    for event in answers:
        ear.pass_answer(event)

    assert heard == [*told, *answers]
    assert ear.counts == CardCounts(proven=1, claimed=1, refused=2)
    assert (ear.errors, ear.last.number, ear.last.fault) == (2, 4, "torn")
